"""What istiod sends over xDS: one ADS stream, asked as a client of a chosen dialect asks."""
import socket
import struct
import time

import h2.config
import h2.connection
import h2.events

TYPES = {"listener": "envoy.config.listener.v3.Listener", "route": "envoy.config.route.v3.RouteConfiguration",
         "cluster": "envoy.config.cluster.v3.Cluster", "endpoint": "envoy.config.endpoint.v3.ClusterLoadAssignment"}
PATH = "/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources"
VARINT, BYTES = 0, 2


# The little of protobuf that discovery needs.

def varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out + bytes([number]))


def field(number, value):
    """One field with a text, bytes or a message in it."""
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | BYTES) + varint(len(data)) + data


def fields(message):
    """(number, value) of each field; values are bytes or numbers."""
    at = 0

    def number():
        nonlocal at
        shift = value = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value
    while at < len(message):
        key = number()
        if key & 7 == VARINT:
            yield key >> 3, number()
        elif key & 7 == BYTES:
            size = number()
            yield key >> 3, message[at:at + size]
            at += size
        else:
            size = {1: 8, 5: 4}[key & 7]
            yield key >> 3, message[at:at + size]
            at += size


def struct_value(value):
    """google.protobuf.Value of a text or a dict of such."""
    if isinstance(value, dict):
        return field(5, struct_of(value))
    return field(3, value)


def struct_of(entries):
    return b"".join(field(1, field(1, k) + field(2, struct_value(v))) for k, v in entries.items())


def name_of(resource):
    return next(value for number, value in fields(resource) if number == 1).decode()


class Stream:
    """Asks istiod as a node; `node` in the form of Envoy's bootstrap."""

    def __init__(self, port, node):
        self.node = field(1, node["id"]) + field(2, node["cluster"]) + field(3, struct_of(node["metadata"]))
        self.sock = socket.create_connection(("127.0.0.1", port), 10)
        self.conn = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
        self.conn.initiate_connection()
        self.conn.increment_flow_control_window(1 << 30)
        self.stream = self.conn.get_next_available_stream_id()
        self.conn.send_headers(self.stream, [
            (":method", "POST"), (":scheme", "http"), (":path", PATH), (":authority", "istiod"),
            ("content-type", "application/grpc"), ("te", "trailers")])
        self.conn.increment_flow_control_window(1 << 30, self.stream)
        self.data = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def ask(self, kind, names=(), patience=3.0):
        """The resources of one type as bytes, by name: those of the first answer, or as many as it takes to have all
        names, within so many seconds."""
        url = "type.googleapis.com/" + TYPES[kind]
        message = field(2, self.node) + b"".join(field(3, name) for name in names) + field(4, url)
        frame = b"\0" + struct.pack(">I", len(message)) + message
        while frame:
            size = min(len(frame), self.conn.local_flow_control_window(self.stream), 16_000)
            self.conn.send_data(self.stream, frame[:size])
            frame = frame[size:]
            self.sock.sendall(self.conn.data_to_send())
        found = {}
        end = time.monotonic() + patience
        while time.monotonic() < end and (not found or not set(names) <= set(found)):
            answer = self.receive(end)
            if answer is not None and any(n == 4 and v.decode() == url for n, v in fields(answer)):
                for number, value in fields(answer):
                    if number == 2:  # a resource in an Any
                        body = next(v for n, v in fields(value) if n == 2)
                        found[name_of(body)] = body
        return found

    def receive(self, end):
        """The next message; None when there is none in time."""
        while len(self.data) < 5 or len(self.data) < 5 + struct.unpack(">I", self.data[1:5])[0]:
            self.sock.settimeout(max(0.01, end - time.monotonic()))
            try:
                chunk = self.sock.recv(1 << 16)
            except TimeoutError:
                return None
            if not chunk:
                raise ConnectionError("istiod closed the stream")
            for event in self.conn.receive_data(chunk):
                if isinstance(event, h2.events.DataReceived):
                    self.data += event.data
                    self.conn.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, (h2.events.TrailersReceived, h2.events.StreamEnded)):
                    raise ConnectionError(f"istiod ended the stream: {event}")
            self.sock.sendall(self.conn.data_to_send())
        size = struct.unpack(">I", self.data[1:5])[0]
        message, self.data = self.data[5:5 + size], self.data[5 + size:]
        return message
