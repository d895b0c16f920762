"""Meshes for what the ordinary ones leave out, one function for each subject."""

from meshes.mesh import (
    ANY,
    APPNS,
    CIDRS,
    EXACT,
    IPS,
    NS,
    REG,
    UNKNOWN,
    WILD,
    concrete,
    dest,
)
from meshes.patterns import sidecar_hosts

GW = "gateway.networking.k8s.io/"
CAPTURE = {"defaultConfig": {"proxyMetadata": {"ISTIO_META_DNS_CAPTURE": "true"}}}


def policy(m):
    return m.pick([REG, REG, ANY, {}])


def matches_of_requests(m):
    """Headers, methods, queries, authorities and regular expressions in matches of requests."""
    ns = m.pick(APPNS)
    m.client(ns)
    h, other = m.r.sample(EXACT, 2)
    port = m.pick([80, 80, 8080])
    for x in (h, other):
        m.se([x], [(port, m.pick(["HTTP", "HTTP2", "GRPC", None]))], ns=m.pick([ns, "istio-system"]))

    def text(a, b, c):
        return m.pick([{"exact": a}, {"prefix": b}, {"regex": c}])

    def match():
        kinds = {
            "uri": lambda: text("/api/v1", "/api", m.pick(["/api/v[0-9]+", "/a.*", "/api"])),
            "method": lambda: text("POST", "P", "POST|PUT"),
            "headers": lambda: {m.pick(["x-env", "X-Env", "x-team"]): m.pick([text("canary", "can", "c.*y"), {}, {"regex": ".*"}])},
            "withoutHeaders": lambda: {m.pick(["x-env", "x-team"]): m.pick([{}, text("canary", "can", "c.*")])},
            "queryParams": lambda: {m.pick(["q", "debug"]): m.pick([text("1", "1", "[0-9]+"), {"exact": ""}])},
            "authority": lambda: text(m.pick([h, f"{h}:{port}"]), h[:3], m.pick([r".*\.com", h.replace(".", r"\.") + "(:[0-9]+)?"])),
            "scheme": lambda: {"exact": m.pick(["http", "https"])},
            "port": lambda: m.pick([port, port, 443]),
            "sourceLabels": lambda: m.pick([{"app": "web"}, {"version": "v1"}, {"app": "nobody"}]),
            "gateways": lambda: m.pick([["mesh"], ["istio-system/egress"], ["mesh", "istio-system/egress"]]),
        }
        out = {k: kinds[k]() for k in m.r.sample(list(kinds), m.pick([1, 1, 2, 2, 3]))}
        if "uri" in out and m.p(0.4):
            out["ignoreUriCase"] = True
        return out

    rules = []
    for _ in range(m.r.randint(1, 4)):
        r = {"match": [match() for _ in range(m.pick([1, 1, 2]))]}
        k = m.r.random()
        if k < 0.25:
            r["directResponse"] = {"status": m.pick([200, 403, 418])}
        elif k < 0.35:
            r["redirect"] = m.pick([{"uri": "/new"}, {"scheme": "https", "redirectCode": 302}, {"authority": "new.example.com"}])
        else:
            r["route"] = [dest(m.pick([h, other]), m.pick([None, port]))]
            if m.p(0.3):
                r["rewrite"] = m.pick([{"uri": "/z"}, {"authority": other}, {"uriRegexRewrite": {"match": "/api/(.*)", "rewrite": "/\\1"}}])
            if m.p(0.15):
                r["headers"] = {"request": {m.pick(["set", "add"]): {m.pick(["host", "Host", ":authority", "x-a"]): "set.example.net"}}}
        rules.append(r)
    if m.p(0.5):
        rules.append({"route": [dest(h, port)]})
    vs = [h] if m.p(0.7) else [h, other]
    gws = {"gateways": ["mesh", "istio-system/egress"]} if m.p(0.3) else {}
    m.vs(vs, m.pick([ns, ns, "istio-system"]), http=rules, **gws)
    for _ in range(30):
        kw = {}
        if m.p(0.8):
            kw["path"] = m.pick(["/", "/api", "/api/v1", "/API/v1", "/api/v1?q=1", "/api/v2?debug=x&q=12", "/apix", "/api?debug", "/api?q="])
        if m.p(0.4):
            kw["method"] = m.pick(["POST", "PUT", "PATCH", "DELETE"])
        if m.p(0.5):
            kw["headers"] = m.pick([{"x-env": "canary"}, {"X-Env": "can"}, {"x-env": ""}, {"x-team": "cy"}, {"x-env": "Canary", "x-team": "canary"}])
        if m.p(0.15):
            kw["hostHeader"] = m.pick([f"{h}:{port}", f"{h}:9", h.upper(), other])
        if m.p(0.1):
            kw["http2"] = True
        m.probe(m.pick([h, h, h, other]), port, "http", **kw)


def delegation(m):
    """Delegates: matches that cannot be combined, export, missing ones, several rules, chains."""
    ns = m.pick(APPNS)
    m.client(ns)
    if m.p(0.4):
        m.client()
    h = m.pick(EXACT[:4])
    m.se([h], [(80, "HTTP"), (8080, "HTTP")], ns=m.pick([ns, "istio-system"]))
    child_ns = m.pick([ns, "pay", "default"])
    root_ns = m.pick([ns, ns, "istio-system"])
    m_of = lambda: m.pick(
        [
            {"uri": {"prefix": "/api"}},
            {"uri": {"prefix": "/api/v1"}},
            {"uri": {"exact": "/api"}},
            {"uri": {"regex": "/api.*"}},
            {"uri": {"prefix": "/other"}},
            {"headers": {"x-env": {"exact": "canary"}}},
            {"headers": {"x-env": {"exact": "blue"}}},
            {"method": {"exact": "POST"}},
            {"port": 80},
            {"port": 8080},
            {"sourceLabels": {"app": "web"}},
            {"sourceNamespace": ns},
            {"gateways": ["mesh"]},
            {"gateways": ["istio-system/egress"]},
            {"queryParams": {"q": {"exact": "1"}}},
            {"authority": {"exact": h}},
            {"withoutHeaders": {"x-env": {"exact": "canary"}}},
            {"uri": {"prefix": "/API"}, "ignoreUriCase": True},
        ]
    )
    rules = []
    for i in range(m.r.randint(1, 2)):
        r = {"delegate": {"name": f"child-{i}" if m.p(0.9) else "missing", **({"namespace": child_ns} if child_ns != root_ns or m.p(0.5) else {})}}
        if m.p(0.75):
            r["match"] = [m_of() for _ in range(m.pick([1, 1, 2]))]
        if m.p(0.2):
            r["rewrite"] = m.pick([{"uri": "/z"}, {"authority": "other.example.net"}])
        if m.p(0.2):
            r["headers"] = {"request": {"set": {"host": "root.example.net"}}}
        rules.append(r)
    if m.p(0.5):
        rules.insert(m.r.randint(0, len(rules)), {"match": [m_of()], "directResponse": {"status": 418}})
    if m.p(0.4):
        rules.append({"route": [dest(h, 80)]})
    m.vs([h], root_ns, name="root", http=rules, **({"exportTo": [m.pick([".", "*", ns])]} if m.p(0.3) else {}))
    for i in range(2):
        if m.p(0.15):
            continue
        kids = []
        for _ in range(m.r.randint(1, 2)):
            k = {"match": [m_of() for _ in range(m.pick([1, 1, 2]))]} if m.p(0.7) else {}
            k.update(
                m.pick(
                    [
                        *[{"route": [dest(h, 80)]}] * 3,
                        {"directResponse": {"status": m.pick([200, 503])}},
                        {"route": [dest(h, m.pick([80, 8080, None]))]},
                        {"redirect": {"uri": "/new"}},
                        {"route": [dest(h, 80)], "rewrite": {"authority": "child.example.net"}},
                    ]
                )
            )
            kids.append(k)
        m.add("VirtualService", f"child-{i}", child_ns, {"http": kids, **({"exportTo": [m.pick([".", "*", root_ns])]} if m.p(0.4) else {})})
    for _ in range(30):
        kw = {}
        if m.p(0.8):
            kw["path"] = m.pick(["/api", "/api/v1", "/api/v1/x", "/other", "/API", "/", "/api?q=1"])
        if m.p(0.4):
            kw["headers"] = {"x-env": m.pick(["canary", "blue"])}
        if m.p(0.3):
            kw["method"] = "POST"
        m.probe(h, m.pick([80, 80, 8080]), "http", **kw)


def external_names(m):
    """Services of type ExternalName: target registered or not, ports or none, routes and rules for the alias."""
    ns = m.pick(APPNS)
    m.client(ns)
    h = m.pick(EXACT[:4])
    ports = m.pick(
        [
            None,
            [{"name": "http", "port": 80}],
            [{"name": "https", "port": 443}],
            [{"name": "http", "port": 80}, {"name": "tls", "port": 443}],
            [{"name": "db", "port": 5432}],
        ]
    )
    sns = m.pick([ns, ns, "pay"])
    m.service("outside", sns, ports, external=h, exportTo=m.pick([None, None, ".", "*"]))
    if m.p(0.3):
        m.service("second", ns, ports, external=m.pick([h, f"outside.{sns}.svc.cluster.local"]))
    if m.p(0.75):
        m.se(
            [h],
            m.pick([[(80, "HTTP"), (443, "TLS")], [(443, "HTTPS")], [(80, "HTTP")], [(5432, "TCP"), (80, None)], [(443, None)]]),
            ns=m.pick([ns, "istio-system"]),
            resolution=m.pick(["DNS", "NONE", "DYNAMIC_DNS" if h[0] == "*" else "DNS"]),
            **({"exportTo": [m.pick([".", "*"])]} if m.p(0.2) else {}),
        )
    alias = f"outside.{sns}.svc.cluster.local"
    if m.p(0.35):
        m.vs([m.pick([alias, h, "outside"])], m.pick([sns, ns]), http=[{"route": [dest(m.pick([h, alias]), m.pick([80, None]))]}])
    if m.p(0.25):
        m.vs([m.pick([alias, h])], ns, tls=[{"match": [{"port": 443, "sniHosts": [m.pick([alias, h])]}], "route": [dest(m.pick([alias, h]), 443)]}])
    if m.p(0.3):
        m.dr(m.pick([alias, h]), m.pick([sns, ns]), tls={"mode": "SIMPLE"})
    if m.p(0.35):
        m.sidecar(ns, [{"hosts": [m.pick(["./*", "*/*", f"*/{h}", f"{sns}/{alias}", "istio-system/*", f"*/{alias}"])]}], m.pick([None, "REGISTRY_ONLY"]))
    m.mesh = {**policy(m), **(CAPTURE if m.p(0.2) else {})}
    for _ in range(30):
        port, proto = m.pick([(80, "http"), (443, "https"), (443, "tls"), (5432, "tcp"), (80, "tcp"), (443, "http")])
        m.probe(m.pick([alias, alias, f"outside.{sns}", "outside" if sns == ns else alias, h]), port, proto)


def blocks_and_names(m):
    """Blocks of addresses beside server names, on one port, with rules for either."""
    ns = m.pick(APPNS)
    m.client(ns)
    port = m.pick([443, 443, 9000])
    blocks = ["203.0.113.0/24", "203.0.113.0/28", "203.0.113.7/32", "203.0.113.7", "10.10.0.0/16", "10.10.0.0/12", "0.0.0.0/0"]
    hosts = m.r.sample(EXACT, m.r.randint(2, 3))
    for h in hosts:
        kw = {"addresses": m.r.sample(blocks, m.pick([1, 1, 2]))} if m.p(0.7) else {}
        m.se(
            [h] if m.p(0.85) else [h, "more." + h],
            [(port, m.pick(["TCP", "TLS", "HTTPS", "TCP", None, "HTTP"]))],
            ns=m.pick([ns, "istio-system"]),
            resolution=m.pick(["NONE", "STATIC", "STATIC", "DNS"]) if not kw else m.pick(["NONE", "STATIC"]),
            **kw,
        )
    for d in m.of("ServiceEntry"):
        if d["spec"]["resolution"] == "STATIC":
            d["spec"]["endpoints"] = [{"address": "203.0.113.77"}]
    for h in m.r.sample(hosts, m.pick([0, 1, 1, 2])):
        rules = []
        for _ in range(m.pick([1, 1, 2])):
            x = {"port": port} if m.p(0.6) else {}
            if m.p(0.6):
                x["destinationSubnets"] = m.r.sample(["203.0.113.0/24", "203.0.113.7", "10.10.0.0/16", "10.10.1.0/24"], m.pick([1, 2]))
            if m.p(0.2):
                x["sourceLabels"] = m.pick([{"app": "web"}, {"app": "nobody"}])
            rules.append(
                (
                    x,
                    [dest(m.pick(hosts), m.pick([port, None]))]
                    if m.p(0.8)
                    else [{**dest(hosts[0], port), "weight": 80}, {**dest(hosts[1], port), "weight": 20}],
                )
            )
        if m.p(0.55):
            m.vs([h], ns, tls=[{"match": [{**x, "sniHosts": [h]}], "route": r} for x, r in rules])
        else:
            m.vs([h], ns, tcp=[{**({"match": [x]} if x else {}), "route": r} for x, r in rules])
    m.mesh = {**policy(m), **(CAPTURE if m.p(0.15) else {})}
    for _ in range(30):
        kw = {"ip": m.pick(["203.0.113.7", "203.0.113.9", "203.0.113.200", "10.10.1.5", "10.20.0.5", "198.51.100.1"])} if m.p(0.8) else {}
        if m.p(0.15):
            kw["sni"] = m.pick(["", "other.example.com", hosts[0].upper()])
        m.probe(m.pick(hosts), port, m.pick(["tls", "tls", "https", "tcp", "http"]), **kw)
    for p in m.probes:
        if p["proto"] in ("tcp", "http"):
            p.pop("sni", None)


def dynamic_names(m):
    """resolution DYNAMIC_DNS, with wildcards and without, and ALLOW_ANY_DYNAMIC_DNS."""
    ns = m.pick(APPNS)
    m.client(ns)
    w = m.pick(WILD)
    m.se(
        [w],
        m.pick([[(443, "TLS")], [(443, "HTTPS"), (80, "HTTP")], [(80, "HTTP")], [(8443, "TLS"), (8080, "HTTP")]]),
        ns=m.pick([ns, "istio-system"]),
        resolution="DYNAMIC_DNS",
    )
    for _ in range(m.pick([0, 1, 1, 2])):
        m.se([m.pick(EXACT + WILD[:2])], [(m.pick([443, 80]), m.pick(["TLS", "HTTP", "HTTPS"]))], ns=m.pick([ns, "default"]), resolution="NONE")
    if m.p(0.3):
        m.dr(w, ns, tls=m.pick([{"mode": "SIMPLE"}, {"mode": "DISABLE"}, {"mode": "ISTIO_MUTUAL"}]))
    if m.p(0.25):
        m.vs([w], ns, tls=[{"match": [{"port": 443, "sniHosts": [w]}], "route": [dest(w, 443)]}])
    if m.p(0.2):
        m.sidecar(ns, [{"hosts": [m.pick(["./*", f"*/{w}", "istio-system/*"])]}], m.pick([None, "REGISTRY_ONLY"]))
    m.mesh = {**m.pick([REG, ANY, {}, {"outboundTrafficPolicy": {"mode": "ALLOW_ANY_DYNAMIC_DNS"}}]), **(CAPTURE if m.p(0.3) else {})}
    for _ in range(30):
        c = concrete(m, w)
        port, proto = m.pick([(443, "https"), (443, "tls"), (80, "http"), (5432, "tcp"), (8443, "tls"), (8080, "http"), (443, "http"), (80, "tcp")])
        kw = (
            {"sni": m.pick(["", "other.example.org"])}
            if m.p(0.1) and proto in ("https", "tls")
            else {"hostHeader": "other.example.org"}
            if m.p(0.1) and proto == "http"
            else {}
        )
        m.probe(m.pick([c, c, c, m.pick(UNKNOWN)]), port, proto, **kw)


def dns_capture(m):
    """Clients whose names the proxy resolves: automatic addresses, several hosts on one port, Sidecars, headless Services."""
    ns = m.pick(APPNS)
    m.client(ns)
    port = m.pick([5432, 443, 80, 9000])
    for _ in range(m.r.randint(2, 4)):
        kw = {}
        if m.p(0.25):
            kw["addresses"] = [m.pick(IPS + CIDRS)]
        if m.p(0.2):
            kw["exportTo"] = [m.pick([".", "*", ns, "pay"])]
        res = m.pick(["DNS", "DNS", "STATIC", "NONE", "DNS_ROUND_ROBIN"])
        if res == "STATIC" or m.p(0.15):
            kw["endpoints"] = [{"address": m.pick(["203.0.113.50", "203.0.113.51"])}]
        if res == "NONE":
            kw.pop("endpoints", None)
        m.se(
            [m.pick(EXACT)] if m.p(0.8) else m.r.sample(EXACT, 2),
            [(port, m.pick(["TCP", "TLS", "HTTP", None, "HTTPS"])), *([(8443, "TLS")] if m.p(0.3) else [])],
            ns=m.pick(NS),
            resolution=res,
            **kw,
        )
    if m.p(0.3):
        m.service("headless", ns, [{"name": "tcp", "port": port}], {"app": "headless"}, headless=True)
        m.pod("headless-0", ns, {"app": "headless"}, inject=m.p(0.5))
    hosts = [h for d in m.of("ServiceEntry") for h in d["spec"]["hosts"]]
    if m.p(0.35):
        m.sidecar(ns, [{"hosts": [m.pick(["./*", "*/*", f"*/{hosts[0]}", "istio-system/*"])]}], m.pick([None, "REGISTRY_ONLY"]))
    if m.p(0.3):
        m.dr(hosts[0], ns, tls={"mode": "SIMPLE"})
    if m.p(0.2):
        m.vs([hosts[0]], ns, tcp=[{"match": [{"port": port}], "route": [dest(hosts[-1], port)]}])
    m.mesh = {**CAPTURE, **policy(m)}
    for _ in range(30):
        m.probe(
            m.pick(hosts + [f"headless.{ns}.svc.cluster.local"] * (1 if m.of("Service") else 0)),
            m.pick([port, port, port, 8443]),
            m.pick(["tcp", "tls", "https", "http"]),
        )


def gateway_api(m):
    """TLSRoute, TCPRoute, GRPCRoute and HTTPRoute, in the mesh and at a Gateway."""
    ns = m.pick(APPNS)
    m.client(ns)
    h = m.pick(EXACT[:4])
    gns = "istio-system"
    sns = m.pick([ns, ns, "istio-system"])
    kind = m.pick(["TLSRoute", "TCPRoute", "GRPCRoute", "HTTPRoute"])
    version = "v1"
    ports = {
        "TLSRoute": [(443, m.pick(["TLS", "HTTPS"]))],
        "TCPRoute": [(5432, m.pick(["TCP", "TCP", "TLS"]))],
        "GRPCRoute": [(80, m.pick(["GRPC", "HTTP2", "HTTP"]))],
        "HTTPRoute": [(80, "HTTP"), (443, "HTTPS")],
    }[kind]
    port = ports[0][0]
    se = m.se([h], ports, ns=sns)
    if m.p(0.3):
        m.se(["www.test.com"], ports, ns=sns)
    names = {} if kind == "TCPRoute" else {"hostnames": m.pick([[h], [h], ["*." + h.split(".", 1)[1]], None])}
    names = {k: v for k, v in names.items() if v}
    matches = {
        "HTTPRoute": lambda: m.pick(
            [
                {"path": {"type": "PathPrefix", "value": "/api"}},
                {"path": {"type": "Exact", "value": "/api"}},
                {"path": {"type": "RegularExpression", "value": "/a.*"}},
                {"method": "POST"},
                {"headers": [{"name": "x-env", "value": "canary"}]},
                {"headers": [{"name": "x-env", "type": "RegularExpression", "value": "c.*"}]},
                {"queryParams": [{"name": "q", "value": "1"}]},
            ]
        ),
        "GRPCRoute": lambda: m.pick(
            [
                {"method": {"service": "shop.Orders", "method": "Get"}},
                {"method": {"service": "shop.Orders"}},
                {"method": {"method": "Get"}},
                {"method": {"type": "RegularExpression", "service": "shop.*"}},
                {"headers": [{"name": "x-env", "value": "canary"}]},
            ]
        ),
    }.get(kind)
    filters = {
        "HTTPRoute": lambda: m.pick(
            [
                {
                    "type": "RequestRedirect",
                    "requestRedirect": m.pick(
                        [
                            {"scheme": "https"},
                            {"hostname": "new.example.com", "statusCode": 301},
                            {"path": {"type": "ReplaceFullPath", "replaceFullPath": "/x"}},
                        ]
                    ),
                },
                {
                    "type": "URLRewrite",
                    "urlRewrite": m.pick([{"hostname": "rewritten.example.net"}, {"path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/z"}}]),
                },
                {"type": "RequestHeaderModifier", "requestHeaderModifier": {"set": [{"name": m.pick(["x-a", "Host"]), "value": "set.example.net"}]}},
            ]
        ),
    }.get(kind)

    def rule(backends):
        r = {"backendRefs": backends}
        if matches and m.p(0.55):
            r["matches"] = [matches() for _ in range(m.pick([1, 1, 2]))]
        if filters and m.p(0.3):
            f = filters()
            r["filters"] = [f]
            if f["type"] == "RequestRedirect":
                r.pop("backendRefs")
            if f.get("urlRewrite", {}).get("path"):
                r["matches"] = [{"path": {"type": "PathPrefix", "value": "/api"}}]
        return r

    def hostname(name=None, weight=None):
        b = {"group": "networking.istio.io", "kind": "Hostname", "name": name or m.pick([h, h, "www.test.com"]), "port": port}
        if weight is not None:
            b["weight"] = weight
        return b

    def backends():
        return m.pick([[hostname()], [hostname()], [hostname(h, 80), hostname("www.test.com", 20)], [hostname(h, 0), hostname(h, 1)]])

    parent = {"group": "networking.istio.io", "kind": "ServiceEntry", "name": se["metadata"]["name"], **({"port": port} if m.p(0.3) else {})}

    def mesh_parent(n):
        return {**parent, **({"namespace": sns} if sns != n else {})}

    if m.p(0.4):
        n = m.pick([ns, sns])
        m.add(
            kind,
            "route",
            n,
            {"parentRefs": [mesh_parent(n)], **(names if m.p(0.3) else {}), "rules": [rule(backends()) for _ in range(m.pick([1, 1, 2]) if matches else 1)]},
            api=GW + version,
        )
    else:
        proto = {"TLSRoute": "TLS", "TCPRoute": "TCP"}.get(kind, "HTTP")
        listener = {
            "name": "out",
            "port": port,
            "protocol": proto,
            **({} if kind == "TCPRoute" or m.p(0.2) else {"hostname": m.pick([h, "*." + h.split(".", 1)[1]])}),
            "allowedRoutes": {
                "namespaces": m.pick(
                    [{"from": "All"}, {"from": "All"}, {"from": "Same"}, {"from": "Selector", "selector": {"matchLabels": {"kubernetes.io/metadata.name": ns}}}]
                ),
                **({"kinds": [{"kind": m.pick([kind, "HTTPRoute"])}]} if m.p(0.2) else {}),
            },
        }
        if proto == "TLS":
            listener["tls"] = {"mode": "Passthrough"}
        m.add(
            "Gateway",
            "egress",
            gns,
            {
                "gatewayClassName": "istio",
                "listeners": [
                    listener,
                    *(
                        [
                            {
                                "name": "two",
                                "port": port,
                                "protocol": proto,
                                "hostname": "www.test.com",
                                **({"tls": {"mode": "Passthrough"}} if proto == "TLS" else {}),
                                "allowedRoutes": {"namespaces": {"from": "All"}},
                            }
                        ]
                        if kind != "TCPRoute" and m.p(0.25)
                        else []
                    ),
                ],
            },
            api=GW + "v1",
        )
        to = {"kind": "Service", "group": "", "name": "egress-istio", "namespace": gns, "port": port}
        m.add(kind, "to-gateway", ns, {"parentRefs": [mesh_parent(ns)], "rules": [{"backendRefs": [to]}]}, api=GW + version)
        n = m.pick([ns, gns])
        m.add(
            kind,
            "from-gateway",
            n,
            {
                "parentRefs": [
                    {
                        "name": "egress",
                        "namespace": gns,
                        **({"sectionName": m.pick(["out", "out", "two"])} if m.p(0.3) else {}),
                        **({"port": port} if m.p(0.2) else {}),
                    }
                ],
                **names,
                "rules": [rule(backends()) for _ in range(m.pick([1, 1, 2]) if matches else 1)],
            },
            api=GW + version,
        )
    if m.p(0.3):
        m.dr(h, m.pick([sns, gns]), tls=m.pick([{"mode": "SIMPLE"}, {"mode": "DISABLE"}]))
    m.mesh = policy(m)
    for _ in range(30):
        kw = {}
        proto = {"TLSRoute": m.pick(["https", "tls", "tls"]), "TCPRoute": m.pick(["tcp", "tcp", "tls"]), "GRPCRoute": "http", "HTTPRoute": "http"}[kind]
        if kind == "GRPCRoute":
            kw = {
                "http2": True,
                "path": m.pick(["/shop.Orders/Get", "/shop.Orders/List", "/pay.Cards/Get"]),
                "method": "POST",
                **({"headers": {"x-env": "canary"}} if m.p(0.4) else {}),
            }
        if kind == "HTTPRoute":
            kw = {
                "path": m.pick(["/", "/api", "/api/x", "/apix", "/api?q=1"]),
                **({"method": "POST"} if m.p(0.3) else {}),
                **({"headers": {"x-env": "canary"}} if m.p(0.4) else {}),
            }
        if proto in ("tls", "https") and m.p(0.1):
            kw["sni"] = "other.example.com"
        m.probe(m.pick([h, h, h, "www.test.com"]), port, proto, **kw)


def selected_endpoints(m):
    """ServiceEntries whose endpoints are Pods and WorkloadEntries."""
    ns = m.pick(APPNS)
    m.client(ns)
    sns = m.pick([ns, ns, "istio-system"])
    h = m.pick(["legacy.internal.example.com", "db.example.com", "*.wild.example.org"])
    port = m.pick([(80, "HTTP"), (5432, "TCP"), (443, "TLS"), (80, "HTTP", 8080), (9000, None)])
    m.se(
        [h],
        [port],
        ns=sns,
        resolution=m.pick(["STATIC", "STATIC", "STATIC", "DNS", "NONE"]),
        workloadSelector={"labels": {"app": "legacy"}},
        **({"addresses": [m.pick(IPS)]} if m.p(0.4) else {}),
        **({"location": "MESH_INTERNAL"} if m.p(0.5) else {}),
    )
    if m.p(0.7):
        for i in range(m.pick([1, 1, 2])):
            spec = {
                "address": m.pick(["203.0.113.61", "203.0.113.62", "vm.example.net" if m.p(0.2) else "203.0.113.63"]),
                "labels": m.pick([{"app": "legacy"}, {"app": "legacy", "version": "v1"}, {"app": "other"}]),
            }
            if m.p(0.3):
                spec["ports"] = {m.of("ServiceEntry")[0]["spec"]["ports"][0]["name"]: 8081}
            if m.p(0.2):
                spec["labels"] = {**spec["labels"], "security.istio.io/tlsMode": "istio"}
            m.add("WorkloadEntry", f"vm-{i}", m.pick([sns, sns, "pay"]), spec)
    if m.p(0.5):
        m.pod("legacy-0", m.pick([sns, sns, "pay"]), {"app": "legacy"}, inject=m.p(0.5))
    if m.p(0.3):
        m.dr(
            h,
            m.pick([ns, sns]),
            tls=m.pick([{"mode": "SIMPLE"}, {"mode": "ISTIO_MUTUAL"}, {"mode": "DISABLE"}]),
            subsets=[{"name": "one", "labels": {"version": "v1"}}],
        )
    if m.p(0.25) and port[1] == "HTTP":
        m.vs([h], ns, http=[{"route": [dest(h, port[0], m.pick(["one", None]))]}])
    if m.p(0.2):
        m.add("PeerAuthentication", "pa", m.pick([ns, sns]), {"mtls": {"mode": m.pick(["STRICT", "DISABLE"])}}, api="security.istio.io/v1")
    m.mesh = {**policy(m), **(CAPTURE if m.p(0.2) else {})}
    for _ in range(30):
        ips = m.of("ServiceEntry")[0]["spec"].get("addresses", [])
        m.probe(
            concrete(m, h),
            port[0],
            m.pick({"HTTP": ["http", "http", "tcp"], "TCP": ["tcp", "tls"], "TLS": ["tls", "https"], None: ["tcp", "http", "tls"]}[port[1]]),
            **({"ip": ips[0]} if ips and m.p(0.7) else {}),
        )


def hidden_from_all(m):
    """exportTo ~, alone and against copies, defaults and imports."""
    ns = m.pick(APPNS)
    m.client(ns)
    h = m.pick(EXACT[:4])
    ports = m.pick([[(80, "HTTP"), (443, "TLS")], [(443, "HTTPS")], [(5432, "TCP")]])
    m.se([h], ports, ns=m.pick([ns, "istio-system"]), exportTo=["~"])
    if m.p(0.5):
        m.se([h], ports, ns=m.pick([ns, "default"]), **({"exportTo": [m.pick([".", "*", ns])]} if m.p(0.5) else {}))
    if m.p(0.4):
        m.service("orders", m.pick([ns, "pay"]), [{"name": "http", "port": 80}], {"app": "orders"}, exportTo=m.pick(["~", ".", "pay"]))
    if m.p(0.3):
        m.vs([h], ns, http=[{"route": [dest(h, 80)]}], tls=[{"match": [{"port": 443, "sniHosts": [h]}], "route": [dest(h, 443)]}])
    if m.p(0.3):
        m.sidecar(ns, [{"hosts": [m.pick(["*/*", "./*", f"*/{h}", f"{ns}/{h}"])]}])
    m.mesh = {**policy(m), **m.pick([{}, {}, {"defaultServiceExportTo": ["~"]}, {"defaultServiceExportTo": ["."]}])}
    for _ in range(30):
        s = m.of("Service")
        x = m.pick([h] + [f"{d['metadata']['name']}.{d['metadata']['namespace']}.svc.cluster.local" for d in s])
        m.probe(x, m.pick([p[0] for p in ports] + [80]), m.pick(["http", "https", "tcp"]))


def bound_listeners(m):
    """Egress listeners with bind, captureMode, odd protocols and several ports."""
    ns = m.pick(APPNS)
    m.client(ns)
    for _ in range(m.r.randint(1, 3)):
        m.se(
            [m.pick(EXACT)],
            m.pick([[(80, "HTTP"), (443, "TLS")], [(443, "HTTPS")], [(5432, "TCP")], [(80, None)], [(8080, "HTTP")]]),
            ns=m.pick(NS),
            resolution=m.pick(["DNS", "NONE"]),
            **({"addresses": [m.pick(IPS)]} if m.p(0.4) else {}),
        )
    hosts = [h for d in m.of("ServiceEntry") for h in d["spec"]["hosts"]]
    ports = m.r.sample([80, 443, 5432, 8080, 9080], m.pick([1, 2, 2]))
    egress = []
    for n in ports:
        e = {
            "port": {"number": n, "protocol": m.pick(["HTTP", "HTTP", "TLS", "HTTPS", "TCP", "HTTP2", "MONGO"]), "name": f"p{n}"},
            "hosts": m.pick([["*/*"], ["./*"], sidecar_hosts(m, ns), [f"*/{hosts[0]}"]]),
        }
        if m.p(0.6):
            e["bind"] = m.pick(["127.0.0.1", "0.0.0.0", "203.0.113.10", "203.0.113.99"])
        if m.p(0.35):
            e["captureMode"] = m.pick(["NONE", "IPTABLES", "DEFAULT"])
        egress.append(e)
    if m.p(0.6):
        egress.append({"hosts": m.pick([["*/*"], ["./*"], sidecar_hosts(m, ns)]), **({"captureMode": m.pick(["IPTABLES", "DEFAULT"])} if m.p(0.2) else {})})
    m.sidecar(ns, egress, m.pick([None, "REGISTRY_ONLY"]))
    if m.p(0.4):
        m.vs([hosts[0]], m.pick([ns, "istio-system"]), http=[{"route": [dest(hosts[-1], 80)]}], tcp=[{"route": [dest(hosts[-1], 5432)]}])
    m.mesh = {**policy(m), **(CAPTURE if m.p(0.2) else {})}
    for _ in range(30):
        kw = {"ip": m.pick(["127.0.0.1", "203.0.113.10", "203.0.113.99"])} if m.p(0.5) else {}
        m.probe(m.pick(hosts), m.pick(ports + [80, 443, 5432]), m.pick(["http", "https", "tcp", "tls"]), **kw)


def ipv6(m):
    """Addresses of both families in entries and endpoints; the proxies have IPv4 alone."""
    ns = m.pick(APPNS)
    m.client(ns)
    six = ["2001:db8::10", "2001:db8::/64", "2001:db8::20"]
    for _ in range(m.r.randint(1, 3)):
        kw = {}
        if m.p(0.7):
            kw["addresses"] = m.pick([[m.pick(six)], [m.pick(six), m.pick(IPS)], [m.pick(IPS), m.pick(six)], [m.pick(IPS)]])
        res = m.pick(["DNS", "NONE", "STATIC", "STATIC"])
        if res == "STATIC":
            kw["endpoints"] = m.pick([[{"address": "2001:db8::50"}], [{"address": "2001:db8::50"}, {"address": "203.0.113.50"}], [{"address": "203.0.113.50"}]])
        m.se(
            [m.pick(EXACT)],
            m.pick([[(5432, "TCP")], [(443, "TLS")], [(80, "HTTP"), (443, "HTTPS")], [(9000, None)]]),
            ns=m.pick([ns, "istio-system"]),
            resolution=res,
            **kw,
        )
    hosts = [h for d in m.of("ServiceEntry") for h in d["spec"]["hosts"]]
    m.mesh = {**policy(m), **(CAPTURE if m.p(0.3) else {})}
    for _ in range(30):
        kw = {"ip": m.pick(IPS)} if m.p(0.5) else {}
        m.probe(m.pick(hosts), m.pick([5432, 443, 80, 9000]), m.pick(["tcp", "tls", "https", "http"]), **kw)


PATTERNS = [
    matches_of_requests,
    delegation,
    external_names,
    blocks_and_names,
    dynamic_names,
    dns_capture,
    gateway_api,
    selected_endpoints,
    hidden_from_all,
    bound_listeners,
    ipv6,
]
