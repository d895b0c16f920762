"""Turns what the oracle says of a probe into an expectation, in the form of the corpus."""

import itertools
import json
import re

LAYER = re.compile(r"^TLS\(sni=(.*?)(?: cert=(.*?))? by (\S+)(?: (.*))?\)$")


def shown_address(s):
    s = re.sub(r"240\.240\.\d+\.\d+", "vip", s)
    return re.sub(r"10\.244\.(?!9\.)\d+\.\d+", "pod", s)


def layers(wire):
    out = []
    rest = ""
    for w in wire or []:
        m = LAYER.match(w)
        if m:
            d = {"by": m.group(3), "sni": m.group(1)}
            if m.group(2):
                d["cert"] = "mesh" if m.group(2) == "mesh" else "client" if m.group(2) == "client" else "other"
            out.append(d)
        else:
            rest = w
    return out, rest


def refused_listeners(dump):
    """Listeners that Envoy refuses: two filter chains with one and the same match, or a server name it cannot index."""
    bad = {}
    for proxy, d in (dump or {}).items():
        for l in d.get("listeners") or []:
            seen = set()
            for c in l.get("filterChains") or []:
                m = c.get("filterChainMatch") or {}
                names = [n.lower() for n in m.get("serverNames") or [""]]
                if any("*" in n and not n.startswith("*.") for n in names):
                    bad.setdefault(proxy.split("/", 1)[1], {})[l["name"]] = "server name"
                ips = [f"{p['addressPrefix']}/{p.get('prefixLen', 0)}" for p in m.get("prefixRanges") or []] or [""]
                for k in itertools.product(
                    [m.get("destinationPort") or 0],
                    sorted(set(ips)),
                    sorted(set(names)),
                    [m.get("transportProtocol") or ""],
                    m.get("applicationProtocols") or [""],
                ):
                    if k in seen:
                        bad.setdefault(proxy.split("/", 1)[1], {})[l["name"]] = "same match twice"
                    seen.add(k)
    return bad


def classify(o, hops):
    r = o["result"]
    ls, _ = layers(o.get("wire"))
    gw = any(h["proxy"] == "gateway" for h in hops)
    if r == "passthrough":
        return "passthrough"
    if r == "delivered":
        inbound = hops and hops[-1]["proxy"] == "inbound"
        pod = inbound or "pod without a sidecar" in (o.get("reason") or "")
        if inbound:
            ls, _ = layers(hops[-1].get("wire"))
        added = [x for x in ls if x["by"] != "client"]
        if len(ls) >= 2 and not (inbound and ls[0].get("cert") == "mesh"):
            return "double-tls"
        if pod:
            return "mesh"
        if "mesh CA" in (o.get("reason") or ""):
            return "handshake-failed"
        if o.get("reason") == "TLS into a plaintext server":
            return "protocol-error"
        if o.get("reason") == "plaintext into a TLS server":
            return "plaintext-to-tls"
        if gw:
            return "gateway"
        return "originated" if added else "direct"
    if r == "tlsMismatch":
        return "plaintext-to-tls" if o["reason"].startswith("plaintext into") else "handshake-failed"
    return {
        "blackhole": "blocked",
        "noRoute": "no-route",
        "noCluster": "no-cluster",
        "noEndpoints": "no-endpoints",
        "noFilterChain": "no-filter-chain",
        "noListener": "refused",
        "unreachable": "refused",
        "protocolError": "protocol-error",
        "redirect": "proxy-answer",
        "directResponse": "proxy-answer",
        "loop": "loop",
    }[r]


def put_source(out, key, source):
    """Writes an object that istiod names by its path as `name.namespace`."""
    m = re.match(r".*/namespaces/([^/]+)/(.+)$", source or "")
    if m:
        out[key] = m.group(2).split("/")[-1] + "." + m.group(1)


def hop(h):
    out = {"proxy": h["proxy"] + ("" if h["proxy"] == "sidecar" else " " + h["workload"]), "port": h["toPort"]}
    if h.get("listener"):
        out["listener"] = shown_address(h["listener"])
    if h.get("chainMatch"):
        out["match"] = h["chainMatch"]
    if h.get("downstreamTls"):
        out["terminates"] = h["downstreamTls"]["mode"]
    if h.get("kind"):
        out["kind"] = h["kind"]
    if h.get("virtualHost"):
        out["virtualHost"] = h["virtualHost"]
    if h.get("route"):
        out["route"] = h["route"]
    put_source(out, "routeSource", h.get("routeSource"))
    if h.get("cluster"):
        out["cluster"] = h["cluster"]
    if h.get("clusterType"):
        out["clusterType"] = h["clusterType"]
    put_source(out, "rule", h.get("clusterSource"))
    u = h.get("upstreamTls")
    if u and u["mode"] != "NONE":
        out["tls"] = {"mode": u["mode"], "sni": u.get("sni", "")}
        if u.get("sans"):
            out["tls"]["sans"] = u["sans"]
    elif u and h.get("cluster") not in ("PassthroughCluster", "BlackHoleCluster"):
        out["tls"] = {"mode": "NONE"}
    return out


def shape_path(p, probe, bad):
    o = p["outcome"]
    raw = p["hops"]
    hops = [hop(h) for h in raw if h["proxy"] != "inbound"]
    cls = classify(o, raw)
    e = {"outcome": cls}
    for i, h in enumerate(raw):
        # a listener that Envoy refuses: what lies behind it is not known
        if h["proxy"] == "inbound":
            continue
        if h.get("listener") in bad.get(h["workload"], {}):
            e = {"outcome": "rejected", "at": h["proxy"], "detail": bad[h["workload"]][h["listener"]], "hops": hops[: i + 1]}
            e["hops"][-1] = {k: v for k, v in e["hops"][-1].items() if k in ("proxy", "port", "listener")}
            return e
    if o["result"] == "loop":
        first = next(i for i, h in enumerate(hops) if h["proxy"].startswith("gateway"))
        hops = hops[: first + 2]
    fail_at = (o.get("at") or "").split(" ")[0]
    if cls in ("passthrough", "direct", "originated", "gateway", "mesh", "double-tls", "plaintext-to-tls", "protocol-error", "handshake-failed") and o[
        "result"
    ] in ("delivered", "passthrough"):
        last = raw[-1] if raw else {}
        inbound = last.get("proxy") == "inbound"
        out = raw[-2] if inbound and len(raw) > 1 else last
        wire = last.get("wire") if inbound else o.get("wire")
        ls, rest = layers(wire)
        typ = out.get("clusterType")
        ep = out.get("endpoint") or ""
        d = {}
        if inbound:
            d["pod"] = last["workload"]
            d["host"] = out["cluster"].split("|")[-1] if "|" in out.get("cluster", "") else probe["to"]["host"].lower()
            d["port"] = last["toPort"]
        else:
            m = re.search(r"pod without a sidecar (\S+)", o.get("reason") or "")
            if m:
                d["pod"] = m.group(1)
            if typ == "ORIGINAL_DST":
                d["host"] = (probe["to"].get("ip") or probe["to"]["host"]).lower()
                d["original"] = True
            elif m:
                d["host"] = out["cluster"].split("|")[-1]
            else:
                d["host"] = ep.rsplit(":", 1)[0]
            d["port"] = o["port"]
        n = len(ls)
        d["as"] = "plaintext" if n == 0 else "double-tls" if n > 1 else "mtls" if ls[0].get("cert") and ls[0]["by"] != "client" else "tls"
        if inbound and n == 2:
            d["as"] = "mtls+tls"
        if n:
            d["sni"] = ls[0]["sni"]
            d["layers"] = ls
        if rest.startswith("HTTP") and (n == 0 or ls[-1]["by"] != "client"):
            d["authority"] = re.sub(r"^HTTP2?\(host=(.*)\)$", r"\1", rest)
        e["delivered"] = d
        if cls in ("double-tls", "plaintext-to-tls", "protocol-error", "handshake-failed"):
            e["at"] = "server"
            if o.get("code"):
                e["code"] = o["code"]
            if o.get("flag"):
                e["flag"] = "UF" if o["flag"].startswith("UF") else o["flag"]
    else:
        if o.get("code"):
            e["code"] = o["code"]
        if o["result"] == "noCluster" and "~" in (raw[-1].get("routeSource") or ""):
            e["code"] = 500  # Gateway API routes: cluster_not_found_response_code (route.go, UseGatewaySemantics)
        if o.get("flag"):
            e["flag"] = "UF" if o["flag"].startswith("UF") else o["flag"]
        elif o["result"] == "noFilterChain":
            e["flag"] = "NR"
        e["at"] = fail_at or "network"
        if o["result"] == "redirect":
            e["detail"] = "redirect"
        if o["result"] == "directResponse":
            e["detail"] = "directResponse"
    e["hops"] = hops
    return e


def comparable(e):
    e = dict(e)
    if "delivered" in e:  # pods of one cluster count as one end
        e["delivered"] = {k: v for k, v in e["delivered"].items() if k != "pod"}
    return json.dumps(e, sort_keys=True)


def expectation(pr, bad):
    groups = {}
    for p in pr["paths"]:
        e = shape_path(p, pr["probe"], bad)
        k = comparable(e)
        groups.setdefault(k, [0, e])[0] += p["weight"]
    xs = sorted(groups.values(), key=lambda g: (-round(g[0], 4), comparable(g[1])))
    main = dict(xs[0][1])
    if len(xs) > 1:
        main["share"] = round(xs[0][0] * 100)
        main["others"] = [{"share": round(w * 100), **{k: v for k, v in e.items()}} for w, e in xs[1:]]
    return main


def is_settled(q):
    """Not: dynamic forward proxy clusters reached without their filter (gateways; sidecar HTTP ports made by another service), or
    with TLS added on an HTTP route: what Envoy does then is not settled by the configuration alone."""
    for x in q["paths"]:
        for h in x["hops"]:
            if "dynamic_forward_proxy" in (h.get("clusterType") or ""):
                if not any("dynamic_forward_proxy" in f for f in h.get("filters") or []):
                    return False
                if h["kind"] == "http" and (h.get("upstreamTls") or {}).get("mode", "NONE") != "NONE":
                    return False
    return True
