"""Working ways of reaching outside hosts, each with some variation. Weights say how often one is taken."""

import copy

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
    WILD,
    concrete,
    dest,
)


def direct_pattern(m):
    h = m.pick(EXACT)
    ports = m.pick(
        [
            [(80, "HTTP"), (443, "HTTPS")],
            [(80, "HTTP"), (443, "TLS")],
            [(443, "HTTPS")],
            [(443, "TLS")],
            [(80, "HTTP")],
            [(8080, "HTTP"), (443, "TLS")],
            [(80, "HTTP"), (443, "HTTPS"), (5432, "TCP")],
            [(443, "HTTP")],
            [(443, None)],
        ]
    )
    ns = m.pick(APPNS)
    m.client(ns)
    m.se(
        [h] if m.p(0.75) else [h, "www.test.com"],
        ports,
        ns=m.pick([ns, ns, "istio-system"]),
        resolution=m.pick(["DNS", "DNS", "DNS", "NONE", "DNS_ROUND_ROBIN"]),
    )
    if m.p(0.3):
        m.dr(h, ns, name="limits", trafficPolicy={"connectionPool": {"tcp": {"maxConnections": 10}}})
    if m.p(0.3):
        m.vs([h], ns, http=[{"timeout": "5s", "route": [dest(h, m.pick([None, ports[0][0]]))]}])
    m.mesh = m.pick([REG, REG, ANY, {}])


def sidecar_origination_pattern(m):
    h = m.pick(EXACT[:4])
    ns = m.pick(APPNS)
    m.client(ns)
    tls = {"mode": "SIMPLE"}
    if m.p(0.5):
        tls["sni"] = h
    if m.p(0.2):
        tls["subjectAltNames"] = [h]
    v = m.r.randrange(4)
    sns = m.pick([ns, ns, "istio-system", "default"])
    if v <= 1:
        m.se([h], [(80, "HTTP", 443), (443, m.pick(["HTTPS", "TLS"]))], ns=sns)
        m.dr(h, m.pick([sns, ns]), ports={80: tls}, name="originate")
    elif v == 2:
        m.se([h], [(80, "HTTP"), (443, m.pick(["HTTPS", "HTTPS", "HTTP"]))], ns=sns)
        m.vs([h], ns, http=[{"match": [{"port": 80}], "route": [dest(h, 443)]}])
        m.dr(h, m.pick([sns, ns]), ports={443: tls}, name="originate")
    else:
        m.se([h], [(80, "HTTP"), (443, "HTTPS")], ns=sns)
        m.vs([h], ns, http=[{"match": [{"port": 80}], "route": [dest(h, 443, "tls-origination")]}])
        m.dr(
            h,
            m.pick([sns, ns]),
            subsets=[
                {
                    "name": "tls-origination",
                    "trafficPolicy": {"loadBalancer": {"simple": "ROUND_ROBIN"}, "portLevelSettings": [{"port": {"number": 443}, "tls": tls}]},
                }
            ],
            name="originate",
        )
    m.mesh = m.pick([REG, ANY, {}])


def egress_base(m, h, se_ports, res="DNS"):
    ns = m.pick(APPNS)
    m.client(ns)
    if m.p(0.3):
        m.client()
    m.egress_gateway()
    sns = m.pick(["istio-system", ns, ns])
    m.se([h], se_ports, ns=sns, resolution=res)
    return ns, sns


def gwref(m, gns, ns):
    return "egress" if gns == ns and m.p(0.6) else f"{gns}/egress"


def gw_http_pattern(m):
    h = m.pick(EXACT[:5])
    ns, sns = egress_base(m, h, m.pick([[(80, "HTTP")], [(80, "HTTP"), (443, "HTTPS")]]))
    gns = m.pick(["istio-system", ns])
    m.gateway([m.server(80, m.pick(["HTTP", "HTTP", "HTTP2"]), [h] if m.p(0.8) else ["*"])], ns=gns)
    vns = m.pick([ns, "istio-system"])
    g = gwref(m, gns, vns)
    sub = m.pick([None, "ext"])
    if sub:
        m.dr(GWHOST, m.pick(["istio-system", ns]), subsets=[{"name": "ext"}], name="egress-subset")
    m.vs(
        [h],
        vns,
        gateways=[g, "mesh"],
        http=[
            {"match": [{"gateways": ["mesh"], "port": 80}], "route": [dest(GWHOST, 80, sub)]},
            {"match": [{"gateways": [g], "port": 80}], "route": [{**dest(h, 80), "weight": 100}]},
        ],
    )
    m.mesh = m.pick([REG, ANY, {}])


def gw_passthrough_pattern(m):
    h = m.pick(EXACT[:5])
    ns, sns = egress_base(m, h, m.pick([[(443, "TLS")], [(443, "HTTPS")], [(80, "HTTP"), (443, "TLS")]]))
    gns = m.pick(["istio-system", ns])
    m.gateway([m.server(443, m.pick(["TLS", "HTTPS"]), [h], {"mode": "PASSTHROUGH"})], ns=gns)
    vns = m.pick([ns, "istio-system"])
    g = gwref(m, gns, vns)
    sub = m.pick([None, "ext"])
    if sub:
        m.dr(GWHOST, m.pick(["istio-system", ns]), subsets=[{"name": "ext"}], name="egress-subset")
    m.vs(
        [h],
        vns,
        gateways=["mesh", g],
        tls=[
            {"match": [{"gateways": ["mesh"], "port": 443, "sniHosts": [h]}], "route": [dest(GWHOST, 443, sub)]},
            {"match": [{"gateways": [g], "port": 443, "sniHosts": [h]}], "route": [dest(h, 443)]},
        ],
    )
    m.mesh = m.pick([REG, ANY, {}])


def gw_originate_pattern(m):
    h = m.pick(EXACT[:4])
    ns, sns = egress_base(m, h, m.pick([[(80, "HTTP"), (443, "HTTPS")], [(80, "HTTP"), (443, "TLS")], [(80, "HTTP"), (443, "HTTP")]]))
    gns = "istio-system"
    m.gateway([m.server(80, "HTTP", [h])], ns=gns)
    vns = m.pick([ns, "istio-system"])
    g = gwref(m, gns, vns)
    m.dr(GWHOST, m.pick(["istio-system", ns]), subsets=[{"name": "ext"}], name="egress-subset")
    m.vs(
        [h],
        vns,
        gateways=["mesh", g],
        http=[
            {"match": [{"gateways": ["mesh"], "port": 80}], "route": [dest(GWHOST, 80, "ext")]},
            {"match": [{"gateways": [g], "port": 80}], "route": [dest(h, 443)]},
        ],
    )
    tls = m.pick(
        [
            {"mode": "SIMPLE"},
            {"mode": "SIMPLE", "sni": h},
            {"mode": "MUTUAL", "credentialName": "client-cred", "sni": h},
            {"mode": "MUTUAL", "clientCertificate": "/etc/certs/c.pem", "privateKey": "/etc/certs/k.pem", "caCertificates": "/etc/certs/ca.pem"},
        ]
    )
    m.dr(h, m.pick(["istio-system", "istio-system", sns]), ports={443: tls}, name="originate", **({"exportTo": ["."]} if m.p(0.3) else {}))
    m.mesh = m.pick([REG, ANY, {}])


def gw_mtls_pattern(m):
    h = m.pick(EXACT[:4])
    tcp = m.p(0.4)
    gns = m.pick(["istio-system", "istio-system", "shop"])
    if tcp:
        ns, sns = egress_base(m, h, [(443, m.pick(["TLS", "HTTPS"]))])
    else:
        ns, sns = egress_base(m, h, [(80, "HTTP"), (443, "HTTPS")])
    vns = m.pick([ns, "istio-system"])
    g = gwref(m, gns, vns)
    hosts = [h] if m.p(0.75) else ["*"]
    mt = {"mode": "ISTIO_MUTUAL"}
    if m.p(0.85):
        mt["sni"] = h
    m.dr(
        GWHOST,
        m.pick(["istio-system", ns]),
        name="egress-mtls",
        subsets=[{"name": "ext", "trafficPolicy": m.pick([{"portLevelSettings": [{"port": {"number": 443}, "tls": mt}]}, {"tls": mt}])}],
    )
    if tcp:
        m.gateway([m.server(443, "TLS", hosts, {"mode": "ISTIO_MUTUAL"})], ns=gns)
        m.vs(
            [h],
            vns,
            gateways=["mesh", g],
            tls=[{"match": [{"gateways": ["mesh"], "port": 443, "sniHosts": [h]}], "route": [dest(GWHOST, 443, "ext")]}],
            tcp=[{"match": [{"gateways": [g], "port": 443}], "route": [dest(h, 443)]}],
        )
    else:
        m.gateway([m.server(443, "HTTPS", hosts, {"mode": "ISTIO_MUTUAL"})], ns=gns)
        m.vs(
            [h],
            vns,
            gateways=["mesh", g],
            http=[
                {"match": [{"gateways": ["mesh"], "port": 80}], "route": [dest(GWHOST, 443, "ext")]},
                {"match": [{"gateways": [g], "port": 443}], "route": [dest(h, m.pick([443, 443, 80]))]},
            ],
        )
        m.dr(h, m.pick(["istio-system", sns]), ports={443: {"mode": "SIMPLE", **({"sni": h} if m.p(0.5) else {})}}, name="originate")
    m.mesh = m.pick([REG, ANY, {}])


def sidecar_hosts(m, ns):
    hs = []
    for d in m.of("ServiceEntry"):
        x = d["metadata"]["namespace"]
        for h in d["spec"]["hosts"]:
            if m.p(0.75):
                hs.append(
                    m.pick([f"{x}/{h}", f"{x}/*", f"*/{h}", "./*", f"{ns}/*", "*/" + ("*." + h.split(".", 1)[1] if "." in h and not h.startswith("*") else h)])
                )
    hs.append(m.pick(["istio-system/*", "./*", "istio-system/*", f"{m.pick(NS)}/*", "~/api.example.com" if m.p(0.3) else "./*"]))
    out = []
    for h in hs:
        if h not in out:
            out.append(h)
    return out


def sidecar_pattern(m):
    ns = m.pick(APPNS)
    m.client(ns)
    for _ in range(m.r.randint(1, 3)):
        h = m.pick(EXACT)
        m.se(
            [h],
            m.pick([[(80, "HTTP"), (443, "HTTPS")], [(443, "TLS")], [(80, "HTTP")], [(5432, "TCP")]]),
            ns=m.pick(NS),
            resolution=m.pick(["DNS", "DNS", "NONE"]),
        )
    eg = []
    if m.p(0.35):
        n = m.pick([80, 443, 443, 8080])
        eg.append({"port": {"number": n, "protocol": m.pick(["HTTP", "HTTPS", "TLS", "TCP"]), "name": f"p{n}"}, "hosts": sidecar_hosts(m, ns)})
    if not eg or m.p(0.7):
        eg.append({"hosts": sidecar_hosts(m, ns)})
    m.sidecar(
        m.pick([ns, ns, ns, "istio-system"]),
        eg,
        m.pick(["REGISTRY_ONLY", "REGISTRY_ONLY", None, "ALLOW_ANY", "empty"]),
        selector=m.pick([None, None, None, CLIENTS[ns][1], {"app": "nobody"}]),
    )
    if m.p(0.25):
        m.sidecar(ns, [{"hosts": sidecar_hosts(m, ns)}], m.pick(["REGISTRY_ONLY", None]), name="second")
    if m.p(0.3):
        h = m.of("ServiceEntry")[0]["spec"]["hosts"][0]
        m.vs([h], m.pick(NS), http=[{"route": [dest(h, m.pick([80, None]))]}])
    m.mesh = m.pick([REG, ANY, {}])


def wildcard_pattern(m):
    w = m.pick(WILD[:3])
    ns = m.pick(APPNS)
    m.client(ns)
    v = m.r.randrange(5)
    if v == 0:
        m.se([w], m.pick([[(443, "TLS")], [(80, "HTTP"), (443, "HTTPS")]]), ns=ns, resolution="NONE")
    elif v == 1:
        m.se([w], m.pick([[(443, "TLS")], [(80, "HTTP")], [(80, "HTTP"), (443, "TLS")]]), ns=ns, resolution="DYNAMIC_DNS")
    elif v == 2:
        m.se([w], [(80, "HTTP"), (443, "HTTPS")], ns=ns, resolution="DNS", endpoints=[{"address": "edge.example.net"}])
    else:
        m.egress_gateway()
        sns = m.pick(["istio-system", ns])
        dst = m.pick(["www.example.com", w])
        if v == 3:
            m.se([w], [(443, "TLS")], ns=sns, resolution="DNS", endpoints=[{"address": "edge.example.net"}])
        else:
            m.se([w], [(443, "TLS")], ns=sns, resolution="NONE")
        if dst != w:
            m.se([dst], [(443, "TLS")], ns=sns)
        m.gateway([m.server(443, "TLS", [w], {"mode": "PASSTHROUGH"})])
        g = "istio-system/egress"
        m.vs(
            [w],
            ns,
            gateways=["mesh", g],
            tls=[
                {"match": [{"gateways": ["mesh"], "port": 443, "sniHosts": [w]}], "route": [dest(GWHOST, 443)]},
                {"match": [{"gateways": [g], "port": 443, "sniHosts": [w]}], "route": [dest(dst, 443)]},
            ],
        )
    if m.p(0.4):
        h = concrete(m, w)
        m.se([h], m.pick([[(443, "TLS")], [(80, "HTTP")]]), ns=m.pick([ns, "default"]))
    if m.p(0.3):
        m.dr(w, ns, tls=m.pick([{"mode": "SIMPLE"}, {"mode": "DISABLE"}]), name="wild")
    m.mesh = m.pick([REG, ANY, {}])


def tcp_pattern(m):
    ns = m.pick(APPNS)
    m.client(ns)
    port = m.pick([3306, 5432, 6379, 9000, 27017])
    for i in range(m.r.randint(1, 3)):
        h = m.pick(["db.example.com", "redis.example.net", "api.example.com", "test.com"])
        proto = m.pick(["TCP", "TCP", "TLS", None, {3306: "MYSQL", 6379: "REDIS", 27017: "MONGO"}.get(port, "TCP"), "HTTP"])
        kw = {}
        res = m.pick(["DNS", "DNS", "NONE", "STATIC"])
        if m.p(0.5):
            kw["addresses"] = [m.pick(IPS if res == "DNS" or m.p(0.6) else CIDRS)]
        if res == "STATIC":
            kw["endpoints"] = [{"address": f"203.0.113.{100 + i}"}]
        m.se([h], [(m.pick([port, port, 443]), proto)], ns=m.pick(NS), resolution=res, **kw)
    if m.p(0.35):
        s = m.pick(m.of("ServiceEntry"))["spec"]
        m.dr(s["hosts"][0], ns, tls=m.pick([{"mode": "SIMPLE"}, {"mode": "ISTIO_MUTUAL"}, {"mode": "SIMPLE", "sni": s["hosts"][0]}]), name="db-tls")
    if m.p(0.4):
        s = m.pick(m.of("ServiceEntry"))["spec"]
        m.vs(
            [s["hosts"][0]],
            ns,
            tcp=[
                {
                    "match": [{"port": m.pick([port, port, 443]), **({"destinationSubnets": [m.pick(CIDRS)]} if m.p(0.2) else {})}],
                    "route": [dest(m.pick([s["hosts"][0], "db.example.com"]), m.pick([None, port]))],
                }
            ],
        )
    m.mesh = m.pick([REG, ANY, {}])


def gw_tcp_pattern(m):
    port = m.pick([3306, 5432, 9000])
    h = "db.example.com"
    ns = m.pick(APPNS)
    m.client(ns)
    m.egress_gateway(extra=[port])
    sns = m.pick(["istio-system", ns])
    m.se([h], [(port, "TCP")], ns=sns, addresses=[IPS[0]] if m.p(0.6) else [])
    if not m.docs[-1]["spec"]["addresses"]:
        del m.docs[-1]["spec"]["addresses"]
    m.gateway([m.server(port, "TCP", [h] if m.p(0.7) else ["*"])])
    g = "istio-system/egress"
    m.vs(
        [h],
        m.pick([ns, "istio-system"]),
        gateways=["mesh", g],
        tcp=[
            {"match": [{"gateways": ["mesh"], "port": port}], "route": [dest(GWHOST, port)]},
            {"match": [{"gateways": [g], "port": port}], "route": [dest(h, port)]},
        ],
    )
    m.mesh = m.pick([REG, ANY, {}])


def inmesh(m, name=None, ns=None):
    name = name or m.pick(["reviews", "ledger", "cache"])
    ns = ns or m.pick(APPNS)
    lab = {"app": name}
    ports = m.pick(
        [
            [{"name": "http", "port": 80, "targetPort": 8080}],
            [{"port": 80, "targetPort": 8080}],
            [{"name": "grpc-api", "port": 9000}],
            [{"name": "tcp-db", "port": 5432}],
            [{"name": "http-web", "port": 8080}, {"name": "tcp-raw", "port": 9000}],
            [{"name": "web", "port": 80, "appProtocol": "http", "targetPort": 8080}],
            [{"name": "https", "port": 443, "targetPort": 8443}],
            [{"name": "mysql", "port": 3306}],
        ]
    )
    s = m.service(name, ns, copy.deepcopy(ports), lab, headless=m.p(0.15), exportTo=m.pick([None] * 8 + [".", "shop"]))
    if m.p(0.6):
        m.pod(name + "-v1", ns, {"app": name, "version": "v1"}, inject=m.p(0.85))
        if m.p(0.4):
            m.pod(name + "-v2", ns, {"app": name, "version": "v2"}, inject=m.p(0.85))
    return s


def mesh_pattern(m):
    ns = m.pick(APPNS)
    m.client(ns)
    s = inmesh(m)
    fq = f"{s['metadata']['name']}.{s['metadata']['namespace']}.svc.cluster.local"
    port = s["spec"]["ports"][0]["port"]
    if m.p(0.5):
        sub = [{"name": v, "labels": {"version": v}} for v in ("v1", "v2")]
        if m.p(0.3):
            sub[0]["trafficPolicy"] = {"tls": {"mode": m.pick(["DISABLE", "ISTIO_MUTUAL", "SIMPLE"])}}
        m.dr(
            m.pick([fq, fq, s["metadata"]["name"]]),
            m.pick([s["metadata"]["namespace"], ns]),
            tls=m.pick([None, None, {"mode": "ISTIO_MUTUAL"}, {"mode": "DISABLE"}]),
            subsets=sub,
        )
        vh = m.pick([fq, fq, s["metadata"]["name"], s["metadata"]["name"] + "." + s["metadata"]["namespace"]])
        rt = m.pick([[dest(vh, None, "v1")], [{**dest(vh, port, "v1"), "weight": 80}, {**dest(vh, port, "v2"), "weight": 20}], [dest(vh, port)]])
        m.vs([vh], m.pick([ns, s["metadata"]["namespace"]]), **{m.pick(["http", "http", "tcp"]): [{"route": rt}]})
    if m.p(0.4):
        m.add(
            "PeerAuthentication",
            "default",
            m.pick([s["metadata"]["namespace"], "istio-system"]),
            {"mtls": {"mode": m.pick(["STRICT", "DISABLE", "PERMISSIVE"])}},
            api="security.istio.io/v1",
        )
    if m.p(0.5):
        h = m.pick(EXACT[:3])
        m.se([h], m.pick([[(80, "HTTP"), (443, "HTTPS")], [(80, "HTTP", 443)]]), ns=m.pick([ns, "default"]))
        if m.p(0.6):
            m.service("ext-" + h.split(".")[0], ns, [{"name": "http", "port": 80}] if m.p(0.6) else None, external=h)
        elif m.p(0.5):
            m.vs([h], ns, http=[{"route": [dest(fq, port)], **({"rewrite": {"authority": "intern.example.com"}} if m.p(0.5) else {})}])
    if m.p(0.3):
        m.sidecar(ns, [{"hosts": [m.pick(["./*", f"{s['metadata']['namespace']}/*", f"*/{fq}"])]}], m.pick([None, "REGISTRY_ONLY"]))
    m.mesh = m.pick([REG, ANY, {}, {"enableAutoMtls": False}])


def mutual_pattern(m):
    h = m.pick(EXACT[:4])
    ns = m.pick(APPNS)
    m.client(ns)
    m.se([h], [(80, "HTTP", 443), (443, "HTTPS")], ns=ns)
    tls = m.pick(
        [
            {"mode": "MUTUAL", "clientCertificate": "/etc/certs/c.pem", "privateKey": "/etc/certs/k.pem", "caCertificates": "/etc/certs/ca.pem"},
            {"mode": "MUTUAL", "credentialName": "client-cred"},
            {"mode": "SIMPLE", "credentialName": "ca-cred"},
            {"mode": "SIMPLE", "insecureSkipVerify": True},
            {"mode": "ISTIO_MUTUAL"},
            {"mode": "SIMPLE", "caCertificates": "/etc/ssl/ca.pem"},
        ]
    )
    kw = {"workloadSelector": {"matchLabels": m.pick([CLIENTS[ns][1], {"app": "nobody"}])}} if m.p(0.45) else {}
    m.dr(h, ns, ports={80: tls}, name="client-cert", **kw)
    if m.p(0.3):
        m.dr(h, ns, ports={80: {"mode": "SIMPLE"}}, name="plain-tls")
    m.mesh = m.pick([REG, ANY, {}])


def duplicates_pattern(m):
    h = m.pick(EXACT[:4])
    ns = m.pick(APPNS)
    m.client(ns)
    m.client()
    for i in range(m.r.randint(2, 3)):
        kw = {}
        if m.p(0.4):
            kw["exportTo"] = m.pick([["."], ["*"], ["shop"], ["pay", "default"], ["istio-system"]])
        if m.p(0.2):
            kw["endpoints"] = [{"address": f"mirror{i}.example.net", **({"ports": {"http-80": 8080}} if False else {})}]
        m.se(
            m.pick([[h], [h], ["*." + h.split(".", 1)[1]] if h.count(".") > 1 else [h]]),
            m.pick([[(80, "HTTP")], [(443, "HTTPS")], [(443, "TLS")], [(80, "HTTP"), (443, "HTTPS")], [(443, "TCP")], [(80, None)], [(80, "HTTP", 443)]]),
            ns=m.pick(NS),
            resolution="STATIC" if False else ("DNS" if kw.get("endpoints") else m.pick(["DNS", "DNS", "NONE"])),
            **kw,
        )
    for d in m.of("ServiceEntry"):
        if d["spec"]["hosts"][0].startswith("*") and d["spec"]["resolution"] == "DNS" and not d["spec"].get("endpoints"):
            d["spec"]["resolution"] = "NONE"
    if m.p(0.5):
        m.dr(h, m.pick(NS), tls=m.pick([None, {"mode": "SIMPLE"}]), ports={80: {"mode": "SIMPLE"}})
    m.mesh = m.pick([REG, REG, ANY, {"defaultServiceExportTo": ["."], **REG}])


def dnscapture_pattern(m):
    ns = m.pick(APPNS)
    m.client(ns)
    for _ in range(m.r.randint(1, 3)):
        h = m.pick(EXACT)
        m.se(
            [h],
            m.pick([[(5432, "TCP")], [(443, "TLS")], [(80, "HTTP"), (443, "HTTPS")], [(443, "TCP")], [(9000, None)]]),
            ns=m.pick(NS),
            resolution=m.pick(["DNS", "DNS", "DNS", "NONE"]),
            **({"addresses": [m.pick(IPS)]} if m.p(0.2) else {}),
        )
    if m.p(0.3):
        h = m.of("ServiceEntry")[0]["spec"]["hosts"][0]
        m.dr(h, ns, tls={"mode": "SIMPLE"})
    if m.p(0.3):
        h = m.of("ServiceEntry")[0]["spec"]["hosts"][0]
        m.vs([h], ns, tls=[{"match": [{"port": 443, "sniHosts": [h]}], "route": [dest(h, 443)]}])
    m.mesh = {"defaultConfig": {"proxyMetadata": {"ISTIO_META_DNS_CAPTURE": "true"}}, **m.pick([REG, ANY, {}])}


def http_route(m, h, port, hosts):
    r = {}
    k = m.r.random()
    mt = {}
    if m.p(0.6):
        mt = m.pick(
            [
                {"uri": {"prefix": "/api"}},
                {"uri": {"exact": "/old"}},
                {"headers": {"x-env": {"exact": "canary"}}},
                {"port": port},
                {"uri": {"prefix": "/"}},
                {"sourceLabels": {"app": "web"}},
                {"sourceNamespace": m.pick(APPNS)},
                {"method": {"exact": "POST"}},
                {"gateways": ["mesh"]},
                {"authority": {"exact": h}},
                {"uri": {"regex": "/a.*"}},
                {"gateways": ["mesh"], "sourceNamespace": "pay"},
                {"withoutHeaders": {"x-env": {}}},
            ]
        )
    if mt:
        r["match"] = [mt] + ([{"uri": {"prefix": "/v2"}}] if m.p(0.2) else [])
    if k < 0.12:
        r["redirect"] = m.pick([{"authority": "www.test.com"}, {"uri": "/new"}, {"scheme": "https"}, {"redirectCode": 308, "authority": "x.example.com"}])
    elif k < 0.22:
        r["directResponse"] = {"status": m.pick([200, 403, 418, 503])}
    elif k < 0.4:
        r["route"] = [{**dest(m.pick(hosts), m.pick([None, port, 443])), "weight": 70}, {**dest(m.pick(hosts), port), "weight": 30}]
    else:
        r["route"] = [dest(m.pick(hosts), m.pick([None, port, port, 443]), m.pick([None, None, None, "canary"]))]
        if m.p(0.3):
            r["rewrite"] = m.pick([{"authority": m.pick(hosts)}, {"uri": "/x"}, {"authority": "backend.example.net"}])
        if m.p(0.1):
            r["headers"] = {"request": {"set": {"host": "set.example.net"}}}
    return r


def routes_pattern(m):
    ns = m.pick(APPNS)
    m.client(ns)
    m.client()
    hosts = m.r.sample(EXACT, 2)
    port = m.pick([80, 80, 80, 8080])
    for h in hosts:
        m.se(
            [h], [(port, m.pick(["HTTP", "HTTP", "HTTP", "HTTP2", "GRPC", None])), (443, m.pick(["HTTPS", "TLS"]))], ns=m.pick([ns, "default", "istio-system"])
        )
    for i in range(m.r.randint(1, 2)):
        h = m.pick([hosts[0], hosts[0], hosts[1], "*." + hosts[0].split(".", 1)[1] if hosts[0].count(".") > 1 else hosts[0]])
        vns = m.pick([ns, ns, "default", "istio-system"])
        rs = [http_route(m, h, port, hosts) for _ in range(m.r.randint(1, 3))]
        if m.p(0.2):
            rs[0] = {"match": [{"uri": {"prefix": "/api"}}], "delegate": {"name": "child", "namespace": m.pick([vns, "default"])}}
            if m.p(0.8):
                m.add(
                    "VirtualService",
                    "child",
                    m.pick([vns, vns, "default"]),
                    {"http": [{k: v for k, v in http_route(m, h, port, hosts).items() if k != "gateways"}]},
                )
        m.vs([h], vns, http=rs, **({"exportTo": [m.pick([".", "*", ns])]} if m.p(0.25) else {}))
    if m.p(0.5):
        m.dr(
            hosts[0],
            m.pick([ns, "default"]),
            tls=m.pick([None, {"mode": "SIMPLE"}]),
            subsets=[{"name": "canary", **({"trafficPolicy": {"tls": {"mode": "SIMPLE"}}} if m.p(0.4) else {})}],
        )
    m.mesh = m.pick([REG, ANY, {}])


def loop_pattern(m):
    h = m.pick(EXACT[:4])
    ns, sns = egress_base(m, h, [(80, "HTTP"), (443, "TLS")])
    gns = m.pick(["istio-system", ns])
    tls = m.p(0.4)
    g = f"{gns}/egress"
    if tls:
        m.gateway([m.server(443, "TLS", [h], {"mode": "PASSTHROUGH"})], ns=gns)
        m.vs(
            [h],
            m.pick([ns, "istio-system"]),
            gateways=[g, "mesh"],
            tls=[{"match": [{"sniHosts": [h], **({"port": 443} if m.p(0.5) else {})}], "route": [dest(GWHOST, 443)]}],
        )
    else:
        m.gateway([m.server(80, "HTTP", [h])], ns=gns)
        m.vs([h], m.pick([ns, "istio-system"]), gateways=[g, "mesh"], http=[{**({"match": [{"port": 80}]} if m.p(0.5) else {}), "route": [dest(GWHOST, 80)]}])
    m.mesh = m.pick([REG, ANY, {}])


def overlap_pattern(m):
    ns = m.pick(APPNS)
    m.client(ns)
    a, b = "api.example.com", "www.example.com"
    m.se([a, b] if m.p(0.5) else [a], [(443, m.pick(["TLS", "HTTPS"]))], ns=ns)
    if m.p(0.5):
        m.se([b], [(443, "TLS")], ns=m.pick([ns, "default"]))
    if m.p(0.4):
        m.se(["test.com"], [(443, "TLS"), (80, "HTTP")], ns=ns)
    sets = m.pick([[[a, b], [b, a]], [[a, b], [b]], [[a], [a, b]], [[a], [b]], [["*.example.com"], [a]], [[a, b], [a, b]]])
    hosts = ["*.example.com"] if "*.example.com" in sets[0] else [a, b]
    dst = m.pick([a, "test.com"])
    if m.p(0.5):
        m.vs(hosts, ns, tls=[{"match": [{"port": 443, "sniHosts": s}], "route": [dest(m.pick([a, b, dst]), 443)]} for s in sets])
    else:
        for s in sets:
            m.vs(
                sorted(set(s)) if m.p(0.5) else hosts + ([a] if s == [a] and hosts[0][0] == "*" else []),
                m.pick([ns, "default"]),
                tls=[{"match": [{"port": 443, "sniHosts": s}], "route": [dest(m.pick([a, b, dst]), 443)]}],
            )
    m.mesh = m.pick([REG, ANY, {}])


def gwapi_pattern(m):
    """Gateway API routes: mesh parents, and an egress gateway of class istio."""
    h = m.pick(EXACT[:4])
    ns = m.pick(APPNS)
    m.client(ns)
    g = "gateway.networking.k8s.io/v1"
    sns = m.pick([ns, "istio-system", "default"])
    se = m.se([h], m.pick([[(80, "HTTP"), (443, "HTTPS")], [(80, "HTTP", 443)]]), ns=sns)
    if m.p(0.5):
        parent = {"group": "networking.istio.io", "kind": "ServiceEntry", "name": se["metadata"]["name"]}
        if sns != ns:
            parent["namespace"] = sns
        be = m.pick(
            [
                {"group": "networking.istio.io", "kind": "Hostname", "name": h, "port": m.pick([80, 443])},
                {"group": "networking.istio.io", "kind": "Hostname", "name": "www.test.com", "port": 80},
            ]
        )
        m.add(
            "HTTPRoute",
            "route",
            m.pick([ns, sns]),
            {
                "parentRefs": [parent],
                "rules": [{**({"matches": [{"path": {"type": "PathPrefix", "value": "/api"}}]} if m.p(0.5) else {}), "backendRefs": [be]}],
            },
            api=g,
        )
        if m.p(0.5):
            m.dr(h, ns, ports={80: {"mode": "SIMPLE"}, 443: {"mode": "SIMPLE"}})
    else:
        gns = "istio-system"
        m.add(
            "Gateway",
            "egress",
            gns,
            {
                "gatewayClassName": "istio",
                "listeners": [
                    {
                        "name": "http",
                        "hostname": h if m.p(0.7) else "*.example.com",
                        "port": 80,
                        "protocol": "HTTP",
                        "allowedRoutes": {"namespaces": {"from": m.pick(["All", "All", "Same"])}},
                    }
                ],
            },
            api=g,
        )
        m.add(
            "HTTPRoute",
            "to-gateway",
            ns,
            {
                "parentRefs": [
                    {"group": "networking.istio.io", "kind": "ServiceEntry", "name": se["metadata"]["name"], **({"namespace": sns} if sns != ns else {})}
                ],
                "rules": [{"backendRefs": [{"kind": "Service", "group": "", "name": "egress-istio", "namespace": gns, "port": 80}]}],
            },
            api=g,
        )
        m.add(
            "HTTPRoute",
            "from-gateway",
            m.pick([ns, gns]),
            {
                "parentRefs": [{"name": "egress", "namespace": gns}],
                "hostnames": [h],
                "rules": [{"backendRefs": [{"group": "networking.istio.io", "kind": "Hostname", "name": h, "port": m.pick([80, 443])}]}],
            },
            api=g,
        )
        if m.p(0.5):
            m.dr(h, "istio-system", ports={443: {"mode": "SIMPLE"}}, name="originate")
    m.mesh = m.pick([REG, ANY, {}])


TEMPLATES = [
    (direct_pattern, 3),
    (sidecar_origination_pattern, 10),
    (gw_http_pattern, 12),
    (gw_passthrough_pattern, 12),
    (gw_originate_pattern, 12),
    (gw_mtls_pattern, 18),
    (sidecar_pattern, 6),
    (wildcard_pattern, 8),
    (tcp_pattern, 6),
    (gw_tcp_pattern, 5),
    (mesh_pattern, 8),
    (mutual_pattern, 5),
    (duplicates_pattern, 5),
    (dnscapture_pattern, 4),
    (routes_pattern, 12),
    (loop_pattern, 5),
    (overlap_pattern, 6),
    (gwapi_pattern, 3),
]
