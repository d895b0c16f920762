"""A small mesh that is put together at random: objects, clients and probes."""

import copy

import yaml

NS = ["default", "shop", "pay", "istio-system"]
APPNS = ["default", "shop", "pay"]
GWHOST = "istio-egressgateway.istio-system.svc.cluster.local"
EXACT = ["api.example.com", "www.example.com", "db.example.com", "test.com", "cdn.wild.example.org", "img.wild.example.org", "redis.example.net"]
WILD = ["*.example.com", "*.wild.example.org", "*.wild.example.org", "*.com"]
UNKNOWN = ["unknown.example.net", "other.example.org", "example.com", "a.b.wild.example.org"]
IPS = ["203.0.113.10", "203.0.113.20", "203.0.113.30", "10.10.0.5"]
CIDRS = ["203.0.113.0/24", "10.10.0.0/16"]
CLIENTS = {"shop": ("web", {"app": "web", "version": "v1"}), "default": ("sleep", {"app": "sleep"}), "pay": ("worker", {"app": "worker", "tier": "batch"})}
REG = {"outboundTrafficPolicy": {"mode": "REGISTRY_ONLY"}}
ANY = {"outboundTrafficPolicy": {"mode": "ALLOW_ANY"}}


class Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data):
        return True

    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow, False)


class Mesh:
    def __init__(self, rng):
        self.r = rng
        self.docs = []
        self.mesh = {}
        self.probes = []
        self.tags = []
        self.clients = []
        self.ip = 0
        self.api = rng.choice(["networking.istio.io/v1"] * 6 + ["networking.istio.io/v1beta1"] * 2 + ["networking.istio.io/v1alpha3"])

    # -- small things
    def p(self, x):
        return self.r.random() < x

    def pick(self, xs):
        return self.r.choice(xs)

    def add(self, kind, name, ns, spec, api=None, **meta):
        base = name
        n = 2
        while any(d["kind"] == kind and d["metadata"]["name"] == name and d["metadata"].get("namespace") == ns for d in self.docs):
            name = f"{base}-{n}"
            n += 1
        d = {"apiVersion": api or self.api, "kind": kind, "metadata": {"name": name, "namespace": ns, **meta}, "spec": spec}
        self.docs.append(d)
        return d

    def of(self, *kinds):
        return [d for d in self.docs if d["kind"] in kinds]

    # -- workloads
    def client(self, ns=None):
        ns = ns or self.pick(APPNS)
        name, labels = CLIENTS[ns]
        c = {"namespace": ns, "labels": labels}
        if c in self.clients:
            return c
        self.clients.append(c)
        if self.p(0.6):
            self.pod(name, ns, dict(labels))
        return c

    def pod(self, name, ns, labels, inject=True, ports=None):
        self.ip += 1
        if not inject:
            labels = {**labels, "sidecar.istio.io/inject": "false"}
        c = {"name": "app", "image": "registry.example/app:1"}
        if ports:
            c["ports"] = ports
        d = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": name, "namespace": ns, "labels": labels},
            "spec": {"containers": [c]},
            "status": {"podIP": f"10.244.9.{self.ip}"},
        }
        if self.p(0.2):
            d["spec"]["serviceAccountName"] = name
        self.docs.append(d)
        return d

    def service(self, name, ns, ports, selector=None, headless=False, external=None, exportTo=None):
        self.ip += 1
        spec = {"ports": ports} if ports else {}
        if external:
            spec.update({"type": "ExternalName", "externalName": external})
        else:
            spec["clusterIP"] = "None" if headless else f"10.96.9.{self.ip}"
            if selector:
                spec["selector"] = selector
        d = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": ns}, "spec": spec}
        if exportTo:
            d["metadata"]["annotations"] = {"networking.istio.io/exportTo": exportTo}
        self.docs.append(d)
        return d

    def egress_gateway(self, extra=()):
        if any(d["kind"] == "Service" and d["metadata"]["name"] == "istio-egressgateway" for d in self.docs):
            return
        new = self.p(0.3)
        ports = [{"name": "http2", "port": 80, "targetPort": 80 if new else 8080}, {"name": "https", "port": 443, "targetPort": 443 if new else 8443}]
        if self.p(0.15):
            ports.append({"name": "tls", "port": 15443, "targetPort": 15443})
        for n in extra:
            ports.append({"name": f"tcp-{n}", "port": n, "targetPort": n})
        lab = {"app": "istio-egressgateway", "istio": "egressgateway"}
        d = self.service("istio-egressgateway", "istio-system", ports, dict(lab))
        d["metadata"]["labels"] = dict(lab)
        if self.p(0.7):
            self.pod("istio-egressgateway-7d9c", "istio-system", dict(lab))["metadata"]["annotations"] = {"inject.istio.io/templates": "gateway"}

    # -- Istio resources
    def se(self, hosts, ports, ns=None, resolution="DNS", **kw):
        ns = ns or self.pick(NS)
        pp = []
        for p in ports:
            n, proto = p[0], p[1]
            e = {"number": n, "name": p[3] if len(p) > 3 else f"{(proto or 'port').lower()}-{n}"}
            if proto:
                e["protocol"] = proto
            if len(p) > 2 and p[2]:
                e["targetPort"] = p[2]
            pp.append(e)
        spec = {"hosts": list(hosts)}
        if self.p(0.75):
            spec["location"] = "MESH_EXTERNAL"
        spec["ports"] = pp
        if resolution:
            spec["resolution"] = resolution
        spec.update(kw)
        name = hosts[0].replace("*.", "any-").replace(".", "-")
        return self.add("ServiceEntry", name, ns, spec)

    def dr(self, host, ns, tls=None, ports=None, subsets=None, name=None, **kw):
        spec = {"host": host}
        tp = {}
        if tls is not None:
            tp["tls"] = tls
        if ports:
            tp["portLevelSettings"] = [
                {"port": {"number": n}, **({"tls": t} if t else {"connectionPool": {"tcp": {"maxConnections": 50}}})} for n, t in ports.items()
            ]
        if tp:
            spec["trafficPolicy"] = tp
        if subsets:
            spec["subsets"] = subsets
        spec.update(kw)
        return self.add("DestinationRule", name or "dr-" + host.split(".")[0].replace("*", "any"), ns, spec)

    def gateway(self, servers, ns="istio-system", name="egress", selector=None):
        return self.add("Gateway", name, ns, {"selector": selector or {"istio": "egressgateway"}, "servers": servers})

    def server(self, n, proto, hosts, tls=None, name=None):
        s = {"port": {"number": n, "name": name or f"{proto.lower()}-{n}-{len(self.docs)}", "protocol": proto}, "hosts": list(hosts)}
        if tls:
            s["tls"] = tls
        return s

    def vs(self, hosts, ns, name=None, **spec):
        return self.add("VirtualService", name or "vs-" + hosts[0].split(".")[0].replace("*", "any"), ns, {"hosts": list(hosts), **spec})

    def sidecar(self, ns, egress=None, policy=None, selector=None, name="default"):
        spec = {}
        if selector:
            spec["workloadSelector"] = {"labels": selector}
        if egress is not None:
            spec["egress"] = egress
        if policy:
            spec["outboundTrafficPolicy"] = {} if policy == "empty" else {"mode": policy}
        return self.add("Sidecar", name, ns, spec)

    # -- probes
    def probe(self, host, port, proto, ns=None, **kw):
        c = self.client(ns) if ns else self.pick(self.clients)
        p = {"from": copy.deepcopy(c), "to": {"host": host, "port": port}, "proto": proto}
        ip = kw.pop("ip", None)
        if ip:
            p["to"]["ip"] = ip
        p.update(kw)
        if p not in self.probes and len(self.probes) < 8:
            self.probes.append(p)


def dest(host, port=None, subset=None):
    d = {"host": host}
    if subset:
        d["subset"] = subset
    if port:
        d["port"] = {"number": port}
    return {"destination": d}


def concrete(m, host):
    if host.startswith("*"):
        return m.pick(["a", "img", "x.y"]) + host[1:]
    return host
