"""A real istiod that reads Istio YAML from a folder, and a real Envoy as the sidecar of one workload."""
import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

ISTIOD_XDS = 25010
ADMIN = 25000
# Leave out Istio's own Envoy extensions, which a stock Envoy does not have.
PLAIN = {"PILOT_ENABLE_METADATA_EXCHANGE": "false", "PILOT_ENABLE_ALPN_FILTER": "false",
         "PILOT_DISABLE_MX_ALPN": "true", "PILOT_ENABLE_TELEMETRY_LABEL": "false"}
LOG_FIELDS = ["%REQ(X-GOLDEN-ID)%", "%RESPONSE_FLAGS%", "%RESPONSE_CODE_DETAILS%", "%UPSTREAM_CLUSTER_RAW%",
              "%ROUTE_NAME%"]
MESH = {"trustDomain": "cluster.local", "enableAutoMtls": False, "enablePrometheusMerge": False,
        "defaultProviders": {"metrics": [], "tracing": []},
        "outboundTrafficPolicy": {"mode": "REGISTRY_ONLY"},
        "accessLogFormat": "\t".join(LOG_FIELDS) + "\n"}


def find(name):
    """A peer's program: from the folder that INMESH_PEERS names, the usual one, or PATH."""
    home = Path(os.environ.get("INMESH_PEERS", Path.home() / ".cache/inmesh-peers"))
    path = home / "bin" / name
    return str(path) if path.exists() else shutil.which(name)


def get(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        return answer.read().decode()


def wait_for(what, ready, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if ready():
                return
        except (OSError, ValueError):
            pass
        time.sleep(0.05)
    raise TimeoutError(f"{what} was not ready within {seconds} s")


class Process:
    def __init__(self, command, log, **more):
        self.log = Path(log)
        with open(log, "wb") as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, **more)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def istiod(folder, documents):
    """documents: file name -> YAML. Ready when it returns."""
    config = Path(folder) / "config"
    shutil.rmtree(config, ignore_errors=True)
    config.mkdir(parents=True)
    for name, text in documents.items():
        (config / name).write_text(text)
    mesh = Path(folder) / "mesh.yaml"
    mesh.write_text(json.dumps(MESH | {"accessLogFile": str(Path(folder) / "access.log")}))
    environment = os.environ | PLAIN | {"POD_NAMESPACE": "istio-system", "POD_NAME": "istiod-0"}
    process = Process(
        [find("pilot-discovery"), "discovery", f"--configDir={config}", "--registries=", f"--meshConfig={mesh}",
         "--networksConfig=/nonexistent", "--httpAddr=127.0.0.1:25080", "--httpsAddr=",
         f"--grpcAddr=127.0.0.1:{ISTIOD_XDS}", "--secureGRPCAddr=", "--monitoringAddr=127.0.0.1:25014",
         "--domain=cluster.local", "--clusterID=local", "--ctrlz_port=25876"],
        Path(folder) / "istiod.log", env=environment, cwd=folder)

    def started():
        if process.process.poll() is not None:
            raise Refused(process.log.read_text())
        # Its own answer to /ready waits for parts that need Kubernetes.
        return "starting gRPC discovery service" in process.log.read_text()
    wait_for("istiod", started)
    return process


class Refused(Exception):
    """istiod does not start with the files that it got."""

    def __init__(self, log):
        failure = re.search(r"Failed to parse .*/(\S+)\.yaml: (.*)", log)
        self.name, self.reason = failure.groups() if failure else (None, log[-2000:])
        super().__init__(f"istiod refuses {self.name}: {self.reason}")


def node(client):
    """The client's workload as istiod knows it, here in the form of Envoy's bootstrap."""
    namespace, labels = client["namespace"], client["labels"]
    name = labels.get("app", "client")
    return {"id": f"sidecar~127.0.0.9~{name}.{namespace}~{namespace}.svc.cluster.local",
            "cluster": f"{name}.{namespace}",
            "metadata": {"NAMESPACE": namespace, "INSTANCE_IPS": "127.0.0.9", "LABELS": labels,
                         "ISTIO_VERSION": "1.31.0", "INTERCEPTION_MODE": "NONE", "CLUSTER_ID": "local",
                         "SERVICE_ACCOUNT": name}}


def envoy(folder, client, port):
    """The client's sidecar; ready when it listens on a service port."""
    http2 = {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
        "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
        "explicit_http_config": {"http2_protocol_options": {}}}}
    address = {"socket_address": {"address": "127.0.0.1", "port_value": ISTIOD_XDS}}
    source = {"ads": {}, "resource_api_version": "V3", "initial_fetch_timeout": "0s"}
    bootstrap = {
        "node": node(client),
        "admin": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": ADMIN}}},
        "dynamic_resources": {
            "ads_config": {"api_type": "GRPC", "transport_api_version": "V3",
                           "grpc_services": [{"envoy_grpc": {"cluster_name": "xds-grpc"}}]},
            "lds_config": source, "cds_config": source},
        "static_resources": {"clusters": [{
            "name": "xds-grpc", "type": "STATIC", "connect_timeout": "1s",
            "typed_extension_protocol_options": http2,
            "load_assignment": {"cluster_name": "xds-grpc", "endpoints": [
                {"lb_endpoints": [{"endpoint": {"address": address}}]}]}}]}}
    file = Path(folder) / "envoy.json"
    file.write_text(json.dumps(bootstrap))
    (Path(folder) / "access.log").write_text("")
    process = Process([find("envoy"), "-c", str(file), "--concurrency", "1", "--disable-hot-restart",
                       "--file-flush-interval-msec", "100", "--drain-time-s", "0"],
                      Path(folder) / "envoy.log", cwd=folder)
    def serves():
        socket.create_connection(("127.0.0.1", port), 1).close()
        return "LIVE" in get(ADMIN, "/ready")
    try:
        wait_for("Envoy", serves, 60)
    except TimeoutError as failure:
        found = refusals(process) or process.log.read_text()[-2000:]
        process.__exit__()
        raise TimeoutError(f"Envoy does not serve: {found}") from failure
    return process


def refusals(envoy):
    """Why Envoy refused what istiod sent, if it did."""
    return sorted(set(re.findall(r"gRPC config for type.googleapis.com/(\S+ rejected: .*)", envoy.log.read_text())))


def access_log(folder):
    """What Envoy logged: x-golden-id -> flags, details, cluster, route."""
    lines = {}
    for line in (Path(folder) / "access.log").read_text().splitlines():
        key, *rest = line.split("\t")
        if len(rest) == len(LOG_FIELDS) - 1:
            lines[key] = rest
    return lines
