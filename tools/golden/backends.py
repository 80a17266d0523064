#!/usr/bin/env python3
"""The backends: every instance of the topology on its own loopback address and ports, in one process.

Each answers JSON of what it received, obeys the request header `x-echo` and records every attempt it got.
`x-echo` is JSON: {"steps": [STEP...], "by": {"users-1": [STEP...]}}; the n-th attempt with the same `x-golden-id`
obeys the n-th step (the last one repeats); `by` overrides `steps` for an instance and counts that instance's
attempts. STEP: {"status": 200, "headers": {..}, "delayMs": 0, "body": "text", "bodyDelayMs": 0, "action": A}, with A
  reset      the TCP connection is reset before a response (HTTP/2: RST_STREAM INTERNAL_ERROR)
  close      the TCP connection is closed before a response
  reset-mid  headers and half of the body are sent, then the connection is reset
  refuse     HTTP/2 only: RST_STREAM REFUSED_STREAM
Control, HTTP on 127.0.0.1:7999: GET /attempts (all so far, JSON list in order of arrival), GET /reset (forget them).
"""
import asyncio
import json
import socket
import struct
import sys
import time
from pathlib import Path

TOPOLOGY = json.loads(Path(sys.argv[1]).read_text())

ATTEMPTS = []  # in order of arrival
COUNTS = {}  # (id, instance or None) -> attempts so far


def record(instance, port, method, target, headers, body):
    now = time.monotonic()
    h = {k: v for k, v in headers}
    key = h.get("x-golden-id", "")
    entry = {
        "id": key, "instance": instance, "port": port, "method": method, "path": target,
        "headers": [[k, v] for k, v in headers], "body": body.decode("latin-1"), "at": now,
    }
    ATTEMPTS.append(entry)
    n = COUNTS[(key, None)] = COUNTS.get((key, None), 0) + 1
    m = COUNTS[(key, instance)] = COUNTS.get((key, instance), 0) + 1
    try:
        script = json.loads(h.get("x-echo", "{}"))
    except ValueError:
        script = {}
    if instance in script.get("by", {}):
        steps, i = script["by"][instance], m
    else:
        steps, i = script.get("steps", []), n
    step = steps[min(i, len(steps)) - 1] if steps else {}
    text = json.dumps({"instance": instance, "port": port, "method": method, "path": target,
                       "headers": [[k, v] for k, v in headers], "body": body[:4096].decode("latin-1")})
    return step, (step.get("body", text)).encode("latin-1", "replace")


def hard_reset(writer):
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def read_request(reader):
    line = await reader.readline()
    if not line:
        return None
    method, target, _ = line.decode("latin-1").rstrip("\r\n").split(" ", 2)
    headers = []
    while True:
        line = await reader.readline()
        if line in (b"\r\n", b"\n", b""):
            break
        k, v = line.decode("latin-1").rstrip("\r\n").split(":", 1)
        headers.append((k.strip().lower(), v.strip()))
    h = dict(headers)
    body = b""
    if h.get("transfer-encoding", "").lower() == "chunked":
        while True:
            size = int((await reader.readline()).split(b";")[0], 16)
            body += await reader.readexactly(size)
            await reader.readline()
            if size == 0:
                break
    elif "content-length" in h:
        body = await reader.readexactly(int(h["content-length"]))
    return method, target, headers, body


def http1(instance, port):
    async def serve(reader, writer):
        try:
            while True:
                req = await read_request(reader)
                if req is None:
                    break
                method, target, headers, body = req
                step, out = record(instance, port, method, target, headers, body)
                if step.get("delayMs"):
                    await asyncio.sleep(step["delayMs"] / 1000)
                action = step.get("action")
                if action == "reset":
                    hard_reset(writer)
                    return
                if action == "close":
                    break
                status = step.get("status", 200)
                if status in (204, 304):
                    out = b""
                head = [f"HTTP/1.1 {status} X", "content-type: application/json", f"x-backend: {instance}"]
                head += [f"{k}: {v}" for k, vs in step.get("headers", {}).items() for v in (vs if isinstance(vs, list) else [vs])]
                if status != 204:
                    head.append(f"content-length: {len(out)}")
                writer.write(("\r\n".join(head) + "\r\n\r\n").encode("latin-1"))
                if method == "HEAD":
                    out = b""
                if action == "reset-mid":
                    writer.write(out[: len(out) // 2])
                    await writer.drain()
                    await asyncio.sleep(0.05)
                    hard_reset(writer)
                    return
                if step.get("bodyDelayMs"):
                    await writer.drain()
                    await asyncio.sleep(step["bodyDelayMs"] / 1000)
                writer.write(out)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, ValueError):
            pass
        finally:
            try:
                writer.close()
            except Exception:  # noqa: BLE001
                pass
    return serve


def http2(instance, port):
    import h2.config
    import h2.connection
    import h2.errors
    import h2.events

    async def serve(reader, writer):
        conn = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="latin-1", validate_inbound_headers=False))
        conn.initiate_connection()
        writer.write(conn.data_to_send())
        streams = {}
        tasks = set()

        def flush():
            data = conn.data_to_send()
            if data:
                writer.write(data)

        async def answer(sid):
            headers, body = streams.pop(sid)
            plain = [(k, v) for k, v in headers if not k.startswith(":")]
            pseudo = {k: v for k, v in headers if k.startswith(":")}
            step, out = record(instance, port, pseudo[":method"], pseudo[":path"],
                               [("host", pseudo.get(":authority", ""))] + plain, body)
            if step.get("delayMs"):
                await asyncio.sleep(step["delayMs"] / 1000)
            action = step.get("action")
            try:
                if action == "refuse":
                    conn.reset_stream(sid, h2.errors.ErrorCodes.REFUSED_STREAM)
                elif action == "reset":
                    conn.reset_stream(sid, h2.errors.ErrorCodes.INTERNAL_ERROR)
                elif action == "close":
                    flush()
                    writer.close()
                    return
                else:
                    trailers = step.get("trailers")
                    only = step.get("trailersOnly")  # gRPC: status in the response headers, no body
                    hs = [(":status", str(step.get("status", 200))),
                          ("content-type", "application/grpc" if dict(plain).get("content-type", "").startswith("application/grpc") else "application/json"),
                          ("x-backend", instance)]
                    hs += [(k, v) for k, v in step.get("headers", {}).items()]
                    conn.send_headers(sid, hs, end_stream=bool(only))
                    if not only:
                        conn.send_data(sid, out[:8000], end_stream=not trailers)
                        if trailers:
                            conn.send_headers(sid, list(trailers.items()), end_stream=True)
            except Exception:  # noqa: BLE001  (the peer reset the stream meanwhile)
                pass
            flush()

        try:
            while True:
                data = await reader.read(65536)
                if not data:
                    break
                for ev in conn.receive_data(data):
                    if isinstance(ev, h2.events.RequestReceived):
                        streams[ev.stream_id] = (ev.headers, b"")
                    elif isinstance(ev, h2.events.DataReceived):
                        hs, b = streams[ev.stream_id]
                        streams[ev.stream_id] = (hs, b + ev.data)
                        conn.acknowledge_received_data(ev.flow_controlled_length, ev.stream_id)
                    elif isinstance(ev, h2.events.StreamEnded):
                        t = asyncio.ensure_future(answer(ev.stream_id))
                        tasks.add(t)
                        t.add_done_callback(tasks.discard)
                flush()
        except Exception:  # noqa: BLE001
            pass
        finally:
            writer.close()
    return serve


async def control(reader, writer):
    try:
        while True:
            req = await read_request(reader)
            if req is None:
                break
            if req[1] == "/reset":
                ATTEMPTS.clear()
                COUNTS.clear()
            out = json.dumps(ATTEMPTS).encode()
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(out) + out)
            await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def main():
    for s in TOPOLOGY["services"]:
        for i in s["instances"]:
            if i["name"] in TOPOLOGY["closed"]:
                continue
            for name, port in TOPOLOGY["backendPorts"].items():
                serve = (http2 if s["h2"] else http1)(i["name"], name)
                await asyncio.start_server(serve, i["address"], port, backlog=512)
    await asyncio.start_server(control, *TOPOLOGY["control"])
    print("backends ready", flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
