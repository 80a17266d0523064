"""Sends a case's requests through the sidecar and writes down what came of them."""
import asyncio
import json
import time

RESPONSE_NOISE = {"date", "server", "x-envoy-upstream-service-time", "content-length", "transfer-encoding",
                  "connection", "x-backend"}
REQUEST_NOISE = {"x-request-id", "x-envoy-decorator-operation", "x-envoy-expected-rq-timeout-ms",
                 "x-envoy-internal", "x-golden-id", "x-echo", "traceparent", "tracestate", "content-length",
                 "transfer-encoding", "connection", "host"}
LONG_BODY = 4096
PATIENCE = 30  # seconds for one answer
NOTICEABLE = 150  # ms: who answers later does so on purpose


class Connection:
    """One connection of a client to the sidecar, opened anew whenever the last answer closed it."""

    def __init__(self, port, source):
        self.port, self.source, self.reader, self.writer = port, source, None, None

    def close(self):
        if self.writer:
            self.writer.close()
        self.writer = None

    async def exchange(self, method, authority, path, headers, body):
        """(status, headers, body, truncated); status None when the connection ended without one."""
        if self.writer is None:
            local = (self.source, 0) if self.source else None
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=local)
        lines = [f"{method} {path} HTTP/1.1"] + ([f"host: {authority}"] if authority is not None else [])
        lines += [f"{k}: {v}" for k, v in headers]
        if body:
            lines.append(f"content-length: {len(body)}")
        self.writer.write("\r\n".join(lines + ["", body]).encode("latin-1"))
        try:
            return await asyncio.wait_for(self.answer(method), PATIENCE)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.close()
            return None, [], "", False

    async def answer(self, method):
        line = await self.reader.readline()
        if not line:
            raise ConnectionError
        status = int(line.split()[1])
        headers = []
        while (line := await self.reader.readline()) not in (b"\r\n", b""):
            k, v = line.decode("latin-1").rstrip("\r\n").split(":", 1)
            headers.append([k.strip().lower(), v.strip()])
        h = dict(map(tuple, headers))
        body, truncated = b"", False
        try:
            if method != "HEAD" and status not in (204, 304):
                if h.get("transfer-encoding") == "chunked":
                    while size := int((await self.reader.readline()).split(b";")[0] or b"x", 16):
                        body += await self.reader.readexactly(size)
                        await self.reader.readline()
                    await self.reader.readline()
                else:
                    body = await self.reader.readexactly(int(h.get("content-length", 0)))
        except (ConnectionError, asyncio.IncompleteReadError, ValueError):
            truncated = True
        # Envoy sends the body of a direct response with status 204 all the same.
        if truncated or status in (204, 304) or h.get("connection", "").lower() == "close":
            self.close()
        return status, headers, body.decode("latin-1"), truncated


class Answer:
    def __init__(self, key, took, status, headers, body, truncated):
        self.key, self.took, self.status, self.truncated = key, took, status, truncated
        self.backend = dict(map(tuple, headers)).get("x-backend")
        self.headers = sorted(([k, v] for k, v in headers if k not in RESPONSE_NOISE), key=lambda h: h[0])
        self.body = None if self.backend else body


def port_of(request):
    authority = request.get("authority") or ""
    return request.get("connectPort") or int(authority.partition(":")[2] or 80)


async def play(case):
    """The answers to each of the case's requests, in order."""
    answers, kept = [], {}
    for index, request in enumerate(case["requests"]):
        await asyncio.sleep(request.get("waitMs", 0) / 1000)
        count = max(1, request.get("repeat", 0), request.get("concurrent", 0))
        if request.get("concurrent"):
            stagger = request.get("staggerMs", 0) / 1000
            answers.append(await asyncio.gather(
                *(later(n * stagger, one(case, index, n, request, {})) for n in range(count))))
            continue
        answers.append([])
        for n in range(count):
            answers[-1].append(await one(case, index, n, request, kept))
            await asyncio.sleep(request.get("everyMs", 0) / 1000)
    for connection in kept.values():
        connection.close()
    return answers


async def later(seconds, what):
    await asyncio.sleep(seconds)
    return await what


async def one(case, index, n, request, kept):
    where = port_of(request), request.get("source")
    connection = kept.setdefault(where, Connection(*where))
    key = f"{case['name']}#{index}.{n}"
    headers = request.get("headers", []) + [["x-golden-id", key]]
    if request.get("echo"):
        headers.append(["x-echo", json.dumps(request["echo"], separators=(",", ":"))])
    body = "x" * request["bodyBytes"] if request.get("bodyBytes") else request.get("body", "")
    began = time.monotonic()
    got = await connection.exchange(request["method"], request.get("authority"), request["path"], headers, body)
    took = round((time.monotonic() - began) * 1000)
    if len(case["requests"]) == 0 or request.get("concurrent"):
        connection.close()
    return Answer(key, took, *got)


def attempt(received):
    headers = [[k, v] for k, v in received["headers"]
               if k not in REQUEST_NOISE and not k.startswith(("x-forwarded-", "x-b3-"))]
    body = received["body"]
    return {"instance": received["instance"], "port": received["port"], "method": received["method"],
            "path": received["path"], "authority": dict(received["headers"]).get("host", ""),
            "headers": sorted(headers, key=lambda h: h[0]),
            "body": body if len(body) <= LONG_BODY else f"{len(body)} bytes"}


def expectation(case, request, answers, received, log):
    """What one pass saw of one request, in the form of the recordings."""
    mirrors = set(case.get("mirrors", []))
    masked = case.get("mask") == "instance"
    seen = []
    for answer in answers:
        attempts = [attempt(each) for each in received.get(answer.key, [])]
        if masked:
            for each in attempts:
                each["instance"] = mask(each["instance"])
            answer.backend = answer.backend and mask(answer.backend)
        flags, *info = log.get(answer.key, ["?", "?", "?", "?"])
        info = {k: None if v == "-" else v for k, v in zip(("details", "cluster", "route"), info)}
        seen.append((answer, [a for a in attempts if a["instance"] not in mirrors],
                     [a for a in attempts if a["instance"] in mirrors], flags, info))
    if request.get("repeat") or request.get("concurrent"):
        return several(request, seen)
    answer, attempts, mirrored, flags, info = seen[0]
    expect = {"status": "closed" if answer.status is None else answer.status}
    if answer.truncated:
        expect["truncated"] = True
    expect |= {"responseHeaders": answer.headers, "body": answer.body, "backend": answer.backend,
               "attempts": attempts}
    if mirrored:
        expect["mirrored"] = mirrored
    return expect | {"flags": flags, "info": info, "elapsedMs": [answer.took]}


def mask(instance):
    return instance.rpartition("-")[0] + "-*"


def several(request, seen):
    outcomes, instances, samples, sequence, mirrored = {}, {}, {}, [], 0
    for answer, attempts, copies, flags, info in seen:
        path = ">".join(a["instance"] for a in attempts) or "local"
        key = f"{answer.status} {flags} {path}"
        outcomes[key] = outcomes.get(key, 0) + 1
        sequence.append(key)
        mirrored += len(copies)
        for each in attempts:
            instances[each["instance"]] = instances.get(each["instance"], 0) + 1
        if flags != "-" and key not in samples:
            samples[key] = {"status": answer.status, "responseHeaders": answer.headers, "body": answer.body,
                            "info": info}
    expect = {"n": len(seen), "outcomes": dict(sorted(outcomes.items())), "samples": samples,
              "attemptsByInstance": dict(sorted(instances.items()))}
    if mirrored:
        expect["mirrored"] = mirrored
    if request.get("sequence"):
        expect["sequence"] = sequence
    return expect


def merged(request, first, second):
    """Both passes as one, or None if they do not agree."""
    if request.get("random"):
        def add(a, b):
            return {k: a.get(k, 0) + b.get(k, 0) for k in sorted(a | b)}
        both = {"n": first["n"] + second["n"], "outcomes": add(first["outcomes"], second["outcomes"]),
                "samples": second["samples"] | first["samples"],
                "attemptsByInstance": add(first["attemptsByInstance"], second["attemptsByInstance"])}
        if "mirrored" in first or "mirrored" in second:
            both["mirrored"] = first.get("mirrored", 0) + second.get("mirrored", 0)
        return both
    a, b = dict(first), dict(second)
    took = a.pop("elapsedMs", []) + b.pop("elapsedMs", [])
    if a != b:
        return None
    if not took:
        return a
    if min(took) >= NOTICEABLE:
        # Generous: back-offs are chance, and the machine that records has other things to do as well.
        request["elapsed"] = [max(0, int(min(took) * 0.5) - 60), int(max(took) * 1.2) + 250]
    return a | {"elapsedMs": took}
