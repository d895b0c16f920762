"""One change to a mesh that works, as people make them by mistake. Each returns what it did, or nothing."""

import copy

from meshes.mesh import (
    APPNS,
    EXACT,
    GWHOST,
    IPS,
    NS,
    dest,
)
from meshes.patterns import sidecar_hosts


def istio_docs(m):
    return [d for d in m.docs if d["apiVersion"].startswith("networking.istio.io")]


def change_drop(m):
    c = istio_docs(m)
    if len(c) > 1:
        d = m.pick(c)
        m.docs.remove(d)
        return f"drop {d['kind']}"


def change_move(m):
    c = istio_docs(m)
    if c:
        d = m.pick(c)
        n = m.pick([x for x in NS if x != d["metadata"]["namespace"]])
        d["metadata"]["namespace"] = n
        return f"move {d['kind']}"


def change_export(m):
    c = m.of("ServiceEntry", "VirtualService", "DestinationRule")
    if c:
        d = m.pick(c)
        if "delegate" in str(d) or "workloadSelector" in d["spec"]:
            return
        d["spec"]["exportTo"] = m.pick([["."], ["."], ["istio-system"], ["shop"], ["pay", "istio-system"], ["*"]])
        return f"exportTo {d['kind']}"


def change_proto(m):
    c = m.of("ServiceEntry")
    if c:
        p = m.pick(m.pick(c)["spec"]["ports"])
        x = m.pick(["HTTP", "HTTPS", "TLS", "TCP", "HTTP2", "GRPC", None, "MYSQL", "tsl"])
        if x is None:
            p.pop("protocol", None)
        else:
            p["protocol"] = x
        return "protocol"


def change_port(m):
    c = m.of("ServiceEntry")
    if c:
        s = m.pick(c)["spec"]
        p = m.pick(s["ports"])
        n = m.pick([80, 443, 8080, 8443, 9000])
        if all(q["number"] != n for q in s["ports"]):
            p["number"] = n
            return "port number"


def change_target(m):
    c = m.of("ServiceEntry")
    if c:
        p = m.pick(m.pick(c)["spec"]["ports"])
        if "targetPort" in p:
            del p["targetPort"]
        else:
            p["targetPort"] = m.pick([443, 8443, 80])
        return "targetPort"


def change_resolution(m):
    c = [d for d in m.of("ServiceEntry") if not d["spec"]["hosts"][0].startswith("*")]
    if c:
        s = m.pick(c)["spec"]
        r = m.pick([None, "NONE", "STATIC", "DNS_ROUND_ROBIN", "STATICEP"])
        s.pop("endpoints", None)
        if r is None:
            s.pop("resolution", None)
        elif r == "STATICEP":
            s["resolution"] = "STATIC"
            s["endpoints"] = [{"address": "203.0.113.77", **({"ports": {s["ports"][0]["name"]: 8443}} if m.p(0.4) else {})}]
        else:
            s["resolution"] = r
        return f"resolution {r}"


def dests(d):
    for sec in ("http", "tls", "tcp"):
        for r in d["spec"].get(sec, []):
            for x in r.get("route", []):
                yield x["destination"]


def change_dest(m):
    c = [x for d in m.of("VirtualService") for x in dests(d)]
    if not c:
        return
    x = m.pick(c)
    k = m.r.randrange(5)
    if k == 0:
        x["host"] = m.pick(["istio-egressgateway", "istio-egressgateway.istio-system", "nosuch.example.com", "api.example.com", "www.example.com"])
    elif k == 1:
        x["port"] = {"number": m.pick([80, 443, 8080, 8443])}
    elif k == 2:
        x.pop("port", None)
    elif k == 3:
        if "subset" in x:
            del x["subset"]
        else:
            x["subset"] = "ext"
    else:
        x["subset"] = "nosuch"
    return f"destination {k}"


def change_gwref(m):
    c = [d for d in m.of("VirtualService") if d["spec"].get("gateways")]
    if not c:
        return
    d = m.pick(c)
    g = d["spec"]["gateways"]
    k = m.r.randrange(4)
    if k == 0 and "mesh" in g and len(g) > 1:
        g.remove("mesh")
    elif k == 1:
        d["spec"]["gateways"] = ["mesh"]
    elif k == 2:
        d["spec"].pop("gateways")
    else:
        d["spec"]["gateways"] = [x if x == "mesh" else m.pick(["egress", "default/egress", "shop/egress"]) for x in g]
    return f"gateways {k}"


def matches(m):
    return [(d, sec, x) for d in m.of("VirtualService") for sec in ("http", "tls", "tcp") for r in d["spec"].get(sec, []) for x in r.get("match", [])]


def change_match(m):
    c = matches(m)
    if not c:
        return
    d, sec, x = m.pick(c)
    k = m.r.randrange(6)
    if k == 0 and len(x) > 1:
        x.pop("gateways", None)
    elif k == 1 and len(x) > 1:
        x.pop("port", None)
    elif k == 2:
        x["port"] = m.pick([80, 443, 8080, 8443])
    elif k == 3 and sec == "tls":
        x["sniHosts"] = m.pick([[d["spec"]["hosts"][0]], ["a.b." + d["spec"]["hosts"][0].lstrip("*.")], x["sniHosts"] + ["www.test.com"]])
    elif k == 4:
        x["sourceLabels"] = m.pick([{"app": "web"}, {"app": "worker"}, {"version": "v1"}])
    elif k == 5:
        x["sourceNamespace"] = m.pick(APPNS)
    return f"match {k}"


def tlses(m):
    out = []
    for d in m.of("DestinationRule"):
        tp = d["spec"].get("trafficPolicy", {})
        for o in [tp] + tp.get("portLevelSettings", []):
            if "tls" in o:
                out.append((d, o))
        for s in d["spec"].get("subsets", []):
            tp = s.get("trafficPolicy", {})
            for o in [tp] + tp.get("portLevelSettings", []):
                if "tls" in o:
                    out.append((d, o))
    return out


def change_drtls(m):
    c = tlses(m)
    if not c:
        return
    d, o = m.pick(c)
    k = m.r.randrange(6)
    if k == 0:
        o["tls"] = {"mode": m.pick(["SIMPLE", "DISABLE", "ISTIO_MUTUAL"])}
    elif k == 1:
        if "sni" in o["tls"]:
            del o["tls"]["sni"]
        else:
            o["tls"]["sni"] = m.pick(["api.example.com", "wrong.example.com"])
    elif k == 2:
        o["tls"] = {"mode": "SIMPLE", "credentialName": "cred"}
    elif k == 3:
        o["tls"].pop("mode", None)
    elif k == 4 and "port" in o:
        o["port"] = {"number": m.pick([443, 80, 8443])}
    elif k == 5:
        d["spec"]["trafficPolicy"] = {"tls": o["tls"]}
    return f"dr tls {k}"


def change_drhost(m):
    c = m.of("DestinationRule")
    if c:
        d = m.pick(c)
        h = d["spec"]["host"]
        d["spec"]["host"] = m.pick(
            ["istio-egressgateway", "istio-egressgateway.istio-system"]
            if h == GWHOST
            else ["*." + h.split(".", 1)[1] if h.count(".") > 1 else "*.com", "*.com", "api", h]
        )
        return "dr host"


def change_server(m):
    c = [d for d in m.of("Gateway") if "servers" in d["spec"]]
    if not c:
        return
    d = m.pick(c)
    s = m.pick(d["spec"]["servers"])
    k = m.r.randrange(7)
    if k == 0:
        s["hosts"] = m.pick([["*"], ["shop/*"], ["./" + s["hosts"][0].split("/")[-1]], ["other.example.com"], ["default/*.example.com"], ["*.example.com"]])
    elif k == 1:
        s["port"]["number"] = m.pick([80, 443, 8443, 8080, 15443])
    elif k == 2:
        pr = m.pick(["HTTP", "HTTPS", "TLS", "TCP", "HTTP2"])
        s["port"]["protocol"] = pr
        s.pop("tls", None)
        if pr in ("HTTPS", "TLS"):
            s["tls"] = {"mode": m.pick(["PASSTHROUGH", "ISTIO_MUTUAL"])}
    elif k == 3 and "tls" in s:
        s["tls"] = m.pick(
            [
                {"mode": "PASSTHROUGH"},
                {"mode": "ISTIO_MUTUAL"},
                {"mode": "SIMPLE", "credentialName": "gw-cert"},
                {"mode": "MUTUAL", "credentialName": "gw-cert"},
                {},
            ]
        )
    elif k == 4:
        d["spec"]["selector"] = m.pick([{"istio": "ingressgateway"}, {"app": "istio-egressgateway"}, {"istio": "egressgateway", "rel": "x"}])
    elif k == 5:
        d["spec"]["servers"].append(m.server(s["port"]["number"], m.pick(["HTTP", "TLS", "HTTPS"]), m.pick([["www.example.com"], s["hosts"], ["*"]])))
        n = d["spec"]["servers"][-1]
        if n["port"]["protocol"] != "HTTP":
            n["tls"] = {"mode": m.pick(["PASSTHROUGH", "ISTIO_MUTUAL"])}
    else:
        d["metadata"]["name"] = "egress-gw"
    return f"server {k}"


def change_section(m):
    c = m.of("VirtualService")
    if not c:
        return
    d = m.pick(c)
    s = d["spec"]
    if s.get("http") and m.p(0.5):
        x = s.pop("http")
        s["tls"] = [
            {
                "match": [{"port": 443, "sniHosts": [s["hosts"][0]], **({"gateways": q["gateways"]} if "gateways" in q else {})} for q in r.get("match", [{}])],
                "route": [{"destination": w["destination"]} for w in r["route"]],
            }
            for r in x
            if "route" in r
        ]
        if not s["tls"]:
            s.pop("tls")
            s["http"] = x
            return
    elif s.get("tls"):
        x = s.pop("tls")
        s["http"] = [{"match": [{k: v for k, v in q.items() if k in ("port", "gateways")} for q in r["match"]], "route": r["route"]} for r in x]
        for r in s["http"]:
            if not all(r["match"]):
                del r["match"]
    elif s.get("http"):
        x = s.pop("http")
        s["tcp"] = [
            {
                "match": [{k: v for k, v in q.items() if k in ("port", "gateways")} for q in r.get("match", [{}])],
                "route": [{"destination": w["destination"]} for w in r["route"][:1]],
            }
            for r in x
            if "route" in r
        ]
        if not s["tcp"]:
            s.pop("tcp")
            s["http"] = x
            return
    return "section"


def change_twin(m):
    c = istio_docs(m)
    if c:
        d = copy.deepcopy(m.pick(c))
        if m.p(0.5):
            d["metadata"]["namespace"] = m.pick(NS)
        d["metadata"]["name"] = m.pick(["a-", "z-"]) + d["metadata"]["name"]
        if any(x["kind"] == d["kind"] and x["metadata"]["name"] == d["metadata"]["name"] for x in m.docs):
            return
        m.docs.insert(m.r.randint(0, len(m.docs)), d)
        s = d["spec"]
        if d["kind"] == "VirtualService" and "http" in s and "hosts" in s:
            s["http"] = [m.pick([{"directResponse": {"status": 418}}, {"route": [dest("www.example.com", 80)]}])]
        elif d["kind"] == "DestinationRule":
            s.pop("workloadSelector", None)
            s["trafficPolicy"] = m.pick([{"tls": {"mode": "SIMPLE"}}, {"tls": {"mode": "DISABLE"}}, {"connectionPool": {"tcp": {"maxConnections": 5}}}])
            if m.p(0.3):
                s["exportTo"] = ["."]
            if m.p(0.3):
                s.pop("subsets", None)
        elif d["kind"] == "ServiceEntry":
            s["ports"] = m.pick([[{"number": 443, "name": "tcp", "protocol": "TCP"}], [{"number": 80, "name": "http", "protocol": "HTTP"}], s["ports"]])
            if len(s["hosts"]) > 1:
                s["hosts"] = s["hosts"][:1]
        return f"twin {d['kind']}"


def change_sidecar(m):
    ns = m.pick(APPNS + ["istio-system"])
    m.sidecar(
        ns,
        m.pick([None, [{"hosts": sidecar_hosts(m, ns)}], [{"hosts": ["./*", "istio-system/*"]}], [{"hosts": ["~/*"]}]]),
        m.pick([None, "REGISTRY_ONLY", "ALLOW_ANY"]),
        selector=m.pick([None, None, None, {"app": "web"}]),
    )
    return "add Sidecar"


def change_policy(m):
    k = m.pick(["ALLOW_ANY", "REGISTRY_ONLY", "REGISTRY_ONLY"])
    m.mesh = {**m.mesh, "outboundTrafficPolicy": {"mode": k}}
    return k


def change_defexport(m):
    k = m.pick(["defaultServiceExportTo", "defaultVirtualServiceExportTo", "defaultDestinationRuleExportTo"])
    m.mesh = {**m.mesh, k: [m.pick([".", ".", "*"])]}
    return k


def change_widedr(m):
    m.dr(
        m.pick(["*", "*.com", "*.example.com", "*.svc.cluster.local", "*.local"]),
        m.pick(NS),
        tls={"mode": m.pick(["ISTIO_MUTUAL", "ISTIO_MUTUAL", "DISABLE", "SIMPLE"])},
        name="wide",
    )
    return "wide DR"


def change_pa(m):
    spec = {"mtls": {"mode": m.pick(["STRICT", "DISABLE", "PERMISSIVE"])}}
    m.add("PeerAuthentication", "pa", m.pick(NS), spec, api="security.istio.io/v1")
    return "PeerAuthentication"


def change_service_port(m):
    c = [d for d in m.of("Service") if d["spec"].get("ports")]
    if c:
        p = m.pick(m.pick(c)["spec"]["ports"])
        k = m.r.randrange(3)
        if k == 0:
            p["port"] = m.pick([80, 443, 8080, 9000])
        elif k == 1:
            p["name"] = m.pick(["http", "tcp", "https", "foo", "grpc", "tls"])
        else:
            p["targetPort"] = m.pick([8080, 8443, 80, 443])
        return f"service port {k}"


def change_rename_host(m):
    c = m.of("ServiceEntry")
    if c:
        s = m.pick(c)["spec"]
        s["hosts"][0] = m.pick(EXACT)
        if len(set(s["hosts"])) < len(s["hosts"]):
            s["hosts"] = s["hosts"][:1]
        return "rename host"


def change_address(m):
    c = m.of("ServiceEntry")
    if c:
        m.pick(c)["spec"]["addresses"] = [m.pick(IPS)]
        return "addresses"


def change_location(m):
    c = m.of("ServiceEntry")
    if c:
        m.pick(c)["spec"]["location"] = "MESH_INTERNAL"
        return "internal"


MUTATIONS = [
    (change_drop, 7),
    (change_move, 10),
    (change_export, 9),
    (change_proto, 8),
    (change_port, 4),
    (change_target, 4),
    (change_resolution, 5),
    (change_dest, 9),
    (change_gwref, 5),
    (change_match, 8),
    (change_drtls, 12),
    (change_drhost, 4),
    (change_server, 12),
    (change_section, 4),
    (change_twin, 9),
    (change_sidecar, 6),
    (change_policy, 4),
    (change_defexport, 3),
    (change_widedr, 5),
    (change_pa, 3),
    (change_service_port, 3),
    (change_rename_host, 2),
    (change_address, 2),
    (change_location, 2),
]
