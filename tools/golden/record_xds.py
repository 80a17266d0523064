"""Records what a real istiod sends for cases; run by ../record-golden.

Usage: record_xds.py SERVICES CASES OUT APART|TOGETHER. CASES has a case a line. OUT (gzip) gets a line for each case:
what istiod sends a sidecar ("sidecar": routes of the ports, clusters, endpoints) and a proxyless gRPC client ("grpc":
listeners, routes, clusters, endpoints), each as {name: bytes as Latin-1 text}, cut down to the hosts that the case calls.
TOGETHER: the cases have hosts of their own, and one istiod serves several; APART: each gets one of its own.
"""
import gzip
import json
import re
import sys
import tempfile
from pathlib import Path

import ads
import peers
import player
from record import start

VIRTUAL_HOSTS, DOMAINS = 2, 2
ROUTE_NAME = (19, 1, 2, 3, 2)  # Listener.api_listener.api_listener.value, HttpConnectionManager.rds.route_config_name
CLUSTER = re.compile(rb"outbound\|\d+\|[^|]*\|[A-Za-z0-9.*-]+")
PORTS = ("8080", "80", "9090")
TOGETHER = 20  # what istiod sends a proxyless client of one host grows with all hosts


def authorities(case):
    """What the case's client connects to, as a client of xDS asks for it."""
    found = []
    for request in case["requests"]:
        host = (request.get("authority") or "").partition(":")[0].lower()
        if host and f"{host}:{player.port_of(request)}" not in found:
            found.append(f"{host}:{player.port_of(request)}")
    return found


def called(case):
    """The hosts that the case's client calls."""
    return {each.partition(":")[0] for each in authorities(case)}


def covers(domain, host):
    return domain in (host, "*") or (domain.startswith("*") and host.endswith(domain[1:]))


class Routes:
    """A route configuration in parts."""

    def __init__(self, route):
        self.parts = []  # the domains of a virtual host, none for other fields, and the field
        for number, value in ads.fields(route):
            host = number == VIRTUAL_HOSTS
            domains = [v.decode() for n, v in ads.fields(value) if n == DOMAINS] if host else None
            field = ads.field(number, value) if isinstance(value, bytes) else (
                ads.varint(number << 3) + ads.varint(value))
            self.parts.append((domains, field))

    def of(self, hosts):
        """The same with only the virtual hosts that the hosts may mean."""
        return b"".join(field for domains, field in self.parts
                        if domains is None or any(covers(d, host) for d in domains for host in hosts))


def inner(message, path):
    """The values that a path of field numbers leads to."""
    if not path:
        return [message]
    return [leaf for number, value in ads.fields(message) if number == path[0] for leaf in inner(value, path[1:])]


def named(messages, names):
    """The clusters that messages name."""
    found = set()
    for message in messages:
        for match in CLUSTER.findall(message):
            name = match.decode()
            while name and name not in names:  # what follows it may look like a part of it
                name = name[:-1]
            found.add(name)
    return sorted(found - {""})


class Sidecar:
    def __init__(self, client):
        with ads.Stream(peers.ISTIOD_XDS, peers.node(client)) as stream:
            self.clusters = stream.ask("cluster")
            self.listeners = stream.ask("listener")
            self.routes = {port: Routes(route) for port, route in stream.ask("route", PORTS).items()}
            self.endpoints = stream.ask("endpoint", sorted(self.clusters))

    def of(self, case):
        ports = {each.partition(":")[2] for each in authorities(case)}
        routes = {port: route.of(called(case)) for port, route in self.routes.items() if port in ports}
        names = named(routes.values(), self.clusters)
        return {"route": routes, "cluster": {name: self.clusters[name] for name in names},
                "endpoint": {name: self.endpoints[name] for name in names if name in self.endpoints}}


def proxyless(case, clusters):
    node = peers.node(case["client"])
    node["metadata"]["GENERATOR"] = "grpc"
    with ads.Stream(peers.ISTIOD_XDS, node) as stream:
        listeners = stream.ask("listener", authorities(case), 1) if authorities(case) else {}
        names = sorted({each.decode() for body in listeners.values() for each in inner(body, ROUTE_NAME)})
        routes = {name: Routes(route).of(called(case))
                  for name, route in (stream.ask("route", names) if names else {}).items()}
        used = named(routes.values(), clusters)
        return {"listener": listeners, "route": routes, "cluster": stream.ask("cluster", used) if used else {},
                "endpoint": stream.ask("endpoint", used) if used else {}}


def record(folder, services, cases):
    process, taken, _ = start(folder, services, cases)
    sidecars = {}
    with process:
        for case in taken:
            key = json.dumps(case["client"], sort_keys=True)
            sidecar = sidecars[key] = sidecars.get(key) or Sidecar(case["client"])
            yield {"case": case["name"], "sidecar": sidecar.of(case), "grpc": proxyless(case, sidecar.clusters)}


def text(value):
    return {k: text(v) for k, v in value.items()} if isinstance(value, dict) else (
        value.decode("latin-1") if isinstance(value, bytes) else value)


def main():
    services, source, target = Path(sys.argv[1]).read_text(), Path(sys.argv[2]), Path(sys.argv[3])
    cases = [json.loads(line) for line in source.read_text().splitlines()]
    size = 1 if sys.argv[4] == "APART" else TOGETHER
    groups = [cases[i:i + size] for i in range(0, len(cases), size)]
    count = 0
    with gzip.GzipFile(target, "wb", mtime=0) as out, tempfile.TemporaryDirectory(prefix="record-xds-") as folder:
        for group in groups:
            for one in record(folder, services, group):
                out.write((json.dumps(text(one), separators=(",", ":"), sort_keys=True) + "\n").encode())
                count += 1
    print(f"what istiod sends for {count} of {len(cases)} cases is in {target}", file=sys.stderr)


main()
