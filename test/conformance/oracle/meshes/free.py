"""Meshes without a pattern, and probes for whatever a mesh holds."""

import copy

from meshes.changes import change_defexport
from meshes.mesh import (
    ANY,
    APPNS,
    CIDRS,
    CLIENTS,
    EXACT,
    GWHOST,
    IPS,
    NS,
    REG,
    UNKNOWN,
    WILD,
    concrete,
    dest,
)
from meshes.patterns import http_route, inmesh, sidecar_hosts


def free(m):
    for ns in m.r.sample(APPNS, m.pick([1, 2, 2, 3])):
        m.client(ns)
    gw = m.p(0.75)
    if gw:
        m.egress_gateway(extra=[] if m.p(0.8) else [m.pick([3306, 5432, 9000])])
    hosts = []
    for _ in range(m.r.randint(1, 4)):
        h = m.pick(EXACT * 3 + WILD)
        hosts.append(h)
        res = m.pick(["DNS"] * 5 + ["NONE", "NONE", "STATIC", "DNS_ROUND_ROBIN", None])
        kw = {}
        if h.startswith("*"):
            res = m.pick(["NONE", "NONE", "DYNAMIC_DNS", "DNS", "STATIC"])
        if res == "STATIC" and m.p(0.85) or (res == "DNS" and (h.startswith("*") or m.p(0.12))):
            kw["endpoints"] = [
                {
                    "address": f"203.0.113.{101 + len(hosts)}" if res == "STATIC" else f"edge{i}.example.net",
                    **({"labels": {"version": "v1"}} if m.p(0.25) else {}),
                }
                for i in range(m.pick([1, 1, 2]))
            ]
        if res != "DYNAMIC_DNS" and m.p(0.2):
            kw["addresses"] = [m.pick(IPS + (CIDRS if res in ("NONE", "STATIC", None) else []))]
        if m.p(0.25):
            kw["exportTo"] = m.pick([["."], ["*"], ["shop"], ["pay", "istio-system"], ["istio-system"]])
        if m.p(0.1):
            kw["location"] = "MESH_INTERNAL"
        if m.p(0.08):
            kw["subjectAltNames"] = ["san.example.net"]
        cand = [
            (80, "HTTP"),
            (80, "HTTP", 443),
            (443, "HTTPS"),
            (443, "TLS"),
            (8080, "HTTP"),
            (443, "HTTP"),
            (3306, "TCP"),
            (3306, "MYSQL"),
            (5432, "TCP"),
            (6379, "TCP"),
            (9000, "GRPC"),
            (9000, None),
            (443, "TCP"),
            (80, "TCP"),
            (80, "HTTP2"),
            (443, None),
            (8443, "TLS"),
        ]
        wt = [10, 5, 8, 8, 3, 2, 2, 1, 2, 2, 2, 2, 2, 1, 2, 1, 2]
        if res == "DYNAMIC_DNS":
            cand, wt = [(80, "HTTP"), (443, "TLS"), (8080, "HTTP2")], [3, 4, 1]
        ps, seen = [], set()
        for p in m.r.choices(cand, wt, k=m.pick([1, 2, 2, 3])):
            if p[0] not in seen:
                seen.add(p[0])
                ps.append(p)
        hs = [h]
        if m.p(0.15) and not h.startswith("*") and all((p[1] or "TCP") in ("HTTP", "HTTPS", "TLS", "HTTP2", "GRPC") for p in ps):
            hs.append(m.pick(["www.test.com", "v2.example.com"]))
        d = m.se(hs, ps, resolution=res, **kw)
        if kw.get("endpoints") and m.p(0.3):
            kw["endpoints"][0]["ports"] = {d["spec"]["ports"][0]["name"]: m.pick([8443, 8080, 443])}
    svcs = []
    if m.p(0.05):
        m.pod("vm-1", "shop", {"app": "vm", "version": "v1"})
        m.se(
            ["vm.internal.example"],
            [m.pick([(80, "HTTP"), (9000, "TCP"), (80, "HTTP", 8080)])],
            ns="shop",
            resolution="STATIC",
            workloadSelector={"labels": {"app": "vm"}},
            location="MESH_INTERNAL",
        )
    if m.p(0.45):
        for n in m.r.sample(["reviews", "ledger"], m.pick([1, 1, 2])):
            s = inmesh(m, n)
            svcs.append(f"{s['metadata']['name']}.{s['metadata']['namespace']}.svc.cluster.local")
    if m.p(0.1):
        m.service("alias", m.pick(APPNS), [{"name": "http", "port": 80}] if m.p(0.5) else None, external=m.pick(hosts + EXACT[:1]).lstrip("*."))
    used = {}
    for d in m.of("ServiceEntry"):
        for h in d["spec"]["hosts"]:
            used.setdefault(h, []).extend(d["spec"]["ports"])
    gws = []
    if gw:
        for i in range(m.pick([1, 1, 1, 2])):
            gns = m.pick(["istio-system", "istio-system"] + APPNS)
            srv = []
            for _ in range(m.pick([1, 1, 2, 3])):
                pr = m.pick(["HTTP", "HTTP", "HTTPS", "TLS", "TLS", "HTTP2", "TCP"])
                n = {"HTTP": 80, "HTTP2": 80, "HTTPS": 443, "TLS": 443, "TCP": m.pick([443, 3306, 9000])}[pr] if m.p(0.85) else m.pick([80, 443, 8443, 15443])
                base = m.pick(hosts)
                hh = m.pick(
                    [[base]] * 6
                    + [
                        ["*"],
                        ["./" + base],
                        ["*/" + base],
                        [m.pick(NS) + "/*"],
                        ["*." + base.split(".", 1)[1]] if base.count(".") > 1 else [base],
                        [base, "www.test.com"] if base != "www.test.com" else [base],
                    ]
                )
                tls = None
                if pr == "HTTPS":
                    tls = m.pick(
                        [
                            {"mode": "ISTIO_MUTUAL"},
                            {"mode": "ISTIO_MUTUAL"},
                            {"mode": "PASSTHROUGH"},
                            {"mode": "SIMPLE", "credentialName": "gw-cert"},
                            {"mode": "MUTUAL", "credentialName": "gw-cert"},
                            {"mode": "OPTIONAL_MUTUAL", "credentialName": "gw-cert"},
                        ]
                    )
                if pr == "TLS":
                    tls = m.pick(
                        [{"mode": "PASSTHROUGH"}] * 4
                        + [{"mode": "ISTIO_MUTUAL"}, {"mode": "ISTIO_MUTUAL"}, {"mode": "SIMPLE", "credentialName": "gw-cert"}, {"mode": "AUTO_PASSTHROUGH"}]
                    )
                if pr == "HTTP" and m.p(0.06):
                    tls = {"httpsRedirect": True}
                srv.append(m.server(n, pr, hh, tls, name=f"{pr.lower()}-{n}-{i}{len(srv)}"))
            d = m.gateway(srv, ns=gns, name=m.pick(["egress", "egress", "outbound"]))
            gws.append(d)
    for _ in range(m.pick([0, 1, 1, 2, 2, 3] if not gws else [1, 1, 2, 2, 3])):
        h = m.pick(hosts + hosts + svcs + ["test.com"])
        vns = m.pick(NS if gws else APPNS + APPNS + ["istio-system"])
        g = gd = None
        if gws and m.p(0.8):
            d = m.pick(gws)
            gd = m.pick(d["spec"]["servers"])
            if m.p(0.8):
                x = gd["hosts"][0].split("/")[-1]
                h = x if x in used else m.pick(hosts)
        known = used.get(h) or [{"number": 80, "protocol": "HTTP"}]
        port = m.pick(known)
        if gd and m.p(0.8):
            fit = [
                q
                for q in known
                if (q.get("protocol") in ("HTTPS", "TLS")) == (gd["port"]["protocol"] in ("TLS",) or gd.get("tls", {}).get("mode") == "PASSTHROUGH")
            ]
            port = m.pick(fit or known)
        if gd:
            g = f"{d['metadata']['namespace']}/{d['metadata']['name']}" if m.p(0.85) else d["metadata"]["name"]
        pr = port.get("protocol", "")
        sec = "tls" if pr in ("HTTPS", "TLS") else "tcp" if pr in ("TCP", "MYSQL", "REDIS", "MONGO") else "http"
        if m.p(0.08):
            sec = m.pick(["http", "tls", "tcp"])
        mtls = gd and gd.get("tls", {}).get("mode") == "ISTIO_MUTUAL"
        sub = m.pick([None, None, "ext", "canary"]) if not mtls or m.p(0.2) else "ext"
        spec = {}
        others = [x for x in list(used) + svcs]
        if g:
            gp = gd["port"]["number"]
            spec["gateways"] = m.pick([["mesh", g]] * 8 + [[g], ["mesh"]])
            m1 = {"port": port["number"]}
            m2 = {"port": gp}
            if m.p(0.88):
                m1["gateways"], m2["gateways"] = ["mesh"], [g]
                if m.p(0.2):
                    m1.pop("port")
                if m.p(0.2):
                    m2.pop("port")
            gsec = (
                "http"
                if gd["port"]["protocol"] in ("HTTP", "HTTP2") or (gd["port"]["protocol"] == "HTTPS" and gd["tls"]["mode"] != "PASSTHROUGH")
                else "tls"
                if gd.get("tls", {}).get("mode") == "PASSTHROUGH"
                else "tcp"
            )
            if m.p(0.07):
                gsec = sec
            if sec == "tls":
                m1["sniHosts"] = [h]
            if gsec == "tls":
                m2["sniHosts"] = [h]
            r1 = {"match": [m1], "route": [dest(GWHOST, gp if m.p(0.9) else 80, sub)]}
            r2 = {
                "match": [m2],
                "route": [dest(h if m.p(0.9) else m.pick(others), port["number"] if m.p(0.6) else m.pick(known)["number"] if m.p(0.5) else 443)],
            }
            spec.setdefault(sec, []).append(r1)
            spec.setdefault(gsec, []).append(r2)
        else:
            if sec == "http":
                spec["http"] = [http_route(m, h, port["number"], [h] + others) for _ in range(m.pick([1, 1, 2]))]
            elif sec == "tls":
                spec["tls"] = [
                    {
                        "match": [{"sniHosts": [h], **({"port": port["number"]} if m.p(0.7) else {})}],
                        "route": [dest(m.pick([h] + others), port["number"], m.pick([None, None, "canary"]))],
                    }
                ]
            else:
                spec["tcp"] = [
                    {
                        **({"match": [{"port": port["number"], **({"destinationSubnets": [m.pick(CIDRS)]} if m.p(0.15) else {})}]} if m.p(0.6) else {}),
                        "route": [dest(m.pick([h] + others), port["number"], m.pick([None, None, "canary"]))],
                    }
                ]
        if m.p(0.15):
            spec["exportTo"] = m.pick([["."], ["*"], ["istio-system"], ["shop", "istio-system"]])
        if h.endswith(".svc.cluster.local") and m.p(0.3):
            short = ".".join(h.split(".")[: m.pick([1, 2])])
            m.vs([short], vns, name="vs-short", **spec)
        else:
            m.vs([h], vns, **spec)
        if sub and g:
            good = {"mode": "ISTIO_MUTUAL", "sni": h.replace("*", "a")}
            tls = (
                m.pick([None, None, None, None, good, {"mode": "ISTIO_MUTUAL"}])
                if not mtls
                else m.pick([good, good, good, good, {"mode": "ISTIO_MUTUAL"}, None])
            )
            m.dr(
                m.pick([GWHOST] * 6 + ["istio-egressgateway"]),
                m.pick(["istio-system", "istio-system", vns]),
                name="egress",
                subsets=[{"name": sub, **({"trafficPolicy": {"tls": tls}} if tls else {})}],
            )
    for _ in range(m.pick([0, 0, 1, 1, 2])):
        h = m.pick(hosts + hosts + svcs + [GWHOST if gw else "*.com", "*", "*.example.com"])
        tls = m.pick(
            [
                None,
                {"mode": "SIMPLE"},
                {"mode": "SIMPLE", "sni": "sni.example.net"},
                {"mode": "ISTIO_MUTUAL"},
                {"mode": "DISABLE"},
                {"mode": "MUTUAL", "clientCertificate": "/etc/c.pem", "privateKey": "/etc/k.pem", "caCertificates": "/etc/ca.pem"},
                {"mode": "SIMPLE", "credentialName": "cred"},
            ]
        )
        pts = None
        if m.p(0.5):
            n = m.pick([p["number"] for p in used.get(h, [{"number": 80}])])
            pts = {n: m.pick([{"mode": "SIMPLE"}, {"mode": "SIMPLE", "sni": "sni.example.net"}, {"mode": "DISABLE"}, {"mode": "ISTIO_MUTUAL"}, None])}
            if m.p(0.7):
                tls = None
        kw = {}
        if m.p(0.2):
            kw["exportTo"] = m.pick([["."], ["*"], ["istio-system"], ["shop"]])
        elif m.p(0.1):
            kw["workloadSelector"] = {"matchLabels": m.pick([{"app": "web"}, {"app": "sleep"}])}
        subs = m.pick(
            [
                None,
                None,
                [{"name": "canary"}],
                [{"name": "canary", "labels": {"version": "v1"}}],
                [{"name": "ext", "trafficPolicy": {"tls": {"mode": "SIMPLE"}}}],
                [{"name": "canary", "trafficPolicy": {"portLevelSettings": [{"port": {"number": 443}, "tls": {"mode": "SIMPLE"}}]}}],
            ]
        )
        if not (tls or pts or subs):
            subs = [{"name": "canary"}]
        m.dr(h, m.pick(NS), tls=tls, ports=pts, subsets=copy.deepcopy(subs), **kw)
    for _ in range(m.pick([0, 0, 0, 1, 1, 2])):
        ns = m.pick(APPNS + APPNS + ["istio-system"])
        eg = None
        if m.p(0.85):
            eg = []
            if m.p(0.25):
                n = m.pick([80, 443, 9000, 8080])
                eg.append(
                    {
                        "port": {"number": n, "protocol": m.pick(["HTTP", "HTTP", "HTTPS", "TLS", "TCP"]), "name": f"p{n}"},
                        "hosts": sidecar_hosts(m, ns),
                        **({"bind": "127.0.0.1", "captureMode": "NONE"} if m.p(0.08) else {}),
                    }
                )
            if not eg or m.p(0.7):
                eg.append({"hosts": m.pick([sidecar_hosts(m, ns), ["*/*"], ["./*", "istio-system/*"]])})
        m.sidecar(
            ns,
            eg,
            m.pick([None, None, "REGISTRY_ONLY", "ALLOW_ANY", "empty"]),
            selector=m.pick([None, None, CLIENTS.get(ns, ("", {"app": "web"}))[1]]),
            name=m.pick(["default", "limit"]),
        )
    if m.p(0.12):
        m.add("PeerAuthentication", "default", m.pick(NS), {"mtls": {"mode": m.pick(["STRICT", "DISABLE", "PERMISSIVE"])}}, api="security.istio.io/v1")
    m.mesh = copy.deepcopy(m.pick([REG, REG, ANY, {}]))
    if m.p(0.12):
        change_defexport(m)
    if m.p(0.04):
        m.mesh["enableAutoMtls"] = False
    if m.p(0.07):
        m.mesh["defaultConfig"] = {"proxyMetadata": {"ISTIO_META_DNS_CAPTURE": "true"}}
    if m.p(0.03):
        m.mesh["outboundTrafficPolicy"] = m.pick([{}, {"mode": "ALLOW_ANY_DYNAMIC_DNS"}])


def add_probes(m):
    cand = []  # (weight, host, port, proto, kw)
    for d in m.of("ServiceEntry"):
        s = d["spec"]
        for h in s["hosts"]:
            c = concrete(m, h)
            for p in s["ports"]:
                pr = (p.get("protocol") or "").upper()
                n = p["number"]
                protos = {
                    "HTTP": [("http", 6), ("https", 0.4)],
                    "HTTP2": [("http", 4), ("https", 0.4)],
                    "GRPC": [("http", 3)],
                    "HTTPS": [("https", 6), ("http", 0.6)],
                    "TLS": [("https", 4), ("tls", 3), ("http", 0.6)],
                }.get(pr, [("tcp", 4), ("tls", 2), ("http", 2)])
                for x, w in protos:
                    kw = {}
                    if s.get("addresses") and m.p(0.6):
                        a = s["addresses"][0]
                        kw["ip"] = a if "/" not in a else a.split("/")[0].rsplit(".", 1)[0] + ".9"
                    cand.append((w, c, n, x, kw))
            if any(p["number"] == 80 for p in s["ports"]):
                cand.append((0.6, c, 443, "https", {}))
            elif any(p["number"] == 443 for p in s["ports"]):
                cand.append((0.6, c, 80, "http", {}))
        for a in s.get("addresses", []):
            if "/" not in a:
                p = m.pick(s["ports"])
                cand.append((1.5, a, p["number"], m.pick(["tcp", "tls", "http"]), {}))
    for d in m.of("VirtualService"):
        for h in d["spec"].get("hosts", []):
            if "." not in h:
                continue
            paths = []
            for r in d["spec"].get("http", []):
                for x in r.get("match", []) or [{}]:
                    u = x.get("uri", {})
                    v = u.get("prefix") or u.get("exact") or ("/abc" if "regex" in u else "/")
                    kw = {"path": m.pick([v, v.rstrip("/") + "/x", "/none"])} if u else {}
                    if "headers" in x and m.p(0.7):
                        kw["headers"] = {"x-env": "canary"}
                    if "method" in x and m.p(0.6):
                        kw["method"] = "POST"
                    if "mesh" in x.get("gateways", ["mesh"]):
                        paths.append((x.get("port", 80), kw))
            if not h.endswith("svc.cluster.local"):
                via = 3 if len(d["spec"].get("gateways", [])) > 1 else 1
                for n, kw in paths:
                    cand.append((3 * via, concrete(m, h), n if n != 443 else m.pick([80, 443]), "http", kw))
                if d["spec"].get("tls"):
                    cand.append((3 * via, concrete(m, h), 443, m.pick(["https", "https", "tls"]), {}))
                for r in d["spec"].get("tcp", []):
                    for x in r.get("match", []):
                        if "port" in x and "mesh" in x.get("gateways", ["mesh"]):
                            cand.append((2 * via, concrete(m, h), x["port"], "tcp" if x["port"] != 443 else "https", {}))
    for d in m.of("Service"):
        n, ns = d["metadata"]["name"], d["metadata"]["namespace"]
        if n == "istio-egressgateway" and not m.p(0.1):
            continue
        for p in d["spec"].get("ports", [{"port": 80, "name": "http"}]):
            t = (p.get("appProtocol") or p.get("name") or "").split("-")[0]
            x = m.pick({"http": ["http"], "http2": ["http"], "grpc": ["http"], "https": ["https"], "web": ["http"]}.get(t, ["tcp", "http"]))
            cand.append((4, m.pick([f"{n}.{ns}.svc.cluster.local", f"{n}.{ns}"]), p["port"], x, {}))
    total = m.pick([3, 4, 4, 5, 5, 6, 7, 8])
    if cand:
        for _ in range(40):
            if len(m.probes) >= total - (1 if m.p(0.4) else 0):
                break
            w, h, n, x, kw = m.r.choices(cand, [c[0] for c in cand])[0]
            kw = dict(kw)
            if x == "http" and m.p(0.04):
                kw["hostHeader"] = m.pick(EXACT + ["forged.example.net"])
            if x == "http" and m.p(0.04):
                kw["http2"] = True
            if x in ("https", "tls") and m.p(0.03):
                kw["sni"] = m.pick(["", "other.example.com"] + EXACT)
            ns = None
            if m.p(0.12):
                ns = m.pick(APPNS)
            m.probe(h, n, x, ns=ns, **kw)
    extra = 0
    while len(m.probes) < 3 or (extra == 0 and m.p(0.2)):
        extra += 1
        h = m.pick(UNKNOWN + ["203.0.113.99"])
        n, x = m.pick([(80, "http"), (443, "https"), (80, "http"), (9000, "tcp"), (443, "tls")])
        m.probe(h, n, x)
        if extra > 8:
            break
