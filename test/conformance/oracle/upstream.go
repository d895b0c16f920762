// How a connection leaves a proxy: cluster, endpoint, TLS.

package main

import (
	"fmt"
	"net"
	"sort"
	"strconv"
	"strings"

	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	envoycore "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	endpoint "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	tlsv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	httpopts "github.com/envoyproxy/go-control-plane/envoy/extensions/upstreams/http/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	"istio.io/istio/pilot/pkg/xds/endpoints"
)

func structMatches(want *structpb.Struct, have *structpb.Struct) bool {
	for k, v := range want.GetFields() {
		x, ok := have.GetFields()[k]
		if !ok || !proto.Equal(v, x) {
			return false
		}
	}
	return true
}

func upstreamInfo(ts *envoycore.TransportSocket) *TLSInfo {
	if ts == nil {
		return &TLSInfo{Mode: "NONE"}
	}
	u := &tlsv3.UpstreamTlsContext{}
	if !unmarshal(ts.GetTypedConfig(), u) {
		if strings.Contains(ts.Name, "raw_buffer") {
			return &TLSInfo{Mode: "NONE"}
		}
		return &TLSInfo{Mode: "OTHER:" + ts.Name}
	}
	t := &TLSInfo{SNI: u.Sni, AutoSNI: u.AutoHostSni}
	commonInfo(u.CommonTlsContext, t)
	return t
}

func httpProtocolOptions(c *cluster.Cluster) *httpopts.HttpProtocolOptions {
	a := c.GetTypedExtensionProtocolOptions()["envoy.extensions.upstreams.http.v3.HttpProtocolOptions"]
	o := &httpopts.HttpProtocolOptions{}
	if !unmarshal(a, o) {
		return nil
	}
	return o
}

type upstreamHost struct {
	host string
	port int
	meta *structpb.Struct
}

func (e *engine) endpointsOf(ps *proxyState, cl *cluster.Cluster) []upstreamHost {
	cla := cl.GetLoadAssignment()
	if cl.GetType() == cluster.Cluster_EDS {
		name := cl.Name
		if s := cl.GetEdsClusterConfig().GetServiceName(); s != "" {
			name = s
		}
		b := endpoints.NewEndpointBuilder(name, ps.proxy, e.s.PushContext())
		cla = b.BuildClusterLoadAssignment(e.s.Discovery.Env.EndpointIndex)
	}
	var out []upstreamHost
	for _, l := range cla.GetEndpoints() {
		for _, x := range l.GetLbEndpoints() {
			if x.GetHealthStatus() == envoycore.HealthStatus_UNHEALTHY {
				continue
			}
			out = append(out, epOf(x))
		}
	}
	return out
}

func epOf(x *endpoint.LbEndpoint) upstreamHost {
	ip, port := sockAddr(x.GetEndpoint().GetAddress())
	if p := x.GetEndpoint().GetAddress().GetPipe(); p != nil {
		ip = p.Path
	}
	return upstreamHost{ip, port, x.GetMetadata().GetFilterMetadata()["envoy.transport_socket_match"]}
}

// upstream sends c out of a proxy through a cluster.
func (e *engine) upstream(ps *proxyState, c connection, kind string, h Hop, hops []Hop, name string, weight float64, depth int, httpHost string, alpnFilter bool, sni string) []Path {
	at := kind + " " + e.name(ps)
	isHTTP := h.Kind == "http"
	h.Cluster = name
	fin := func(o Outcome) []Path {
		o.At = at
		return end(append(append([]Hop{}, hops...), h), weight, o)
	}
	if name == "" {
		return fin(Outcome{Result: "unsupported", Reason: "no cluster name"})
	}
	cl := ps.clusters[name]
	if cl == nil {
		o := Outcome{Result: "noCluster", Flag: "NC", Reason: "cluster " + name + " is not in the proxy's configuration"}
		if isHTTP {
			o.Code, o.Client = 503, "503"
		} else {
			o.Client = resetText(c)
		}
		return fin(o)
	}
	h.ClusterType = cl.GetType().String()
	if cl.GetClusterType() != nil {
		h.ClusterType = cl.GetClusterType().GetName()
	}
	h.ClusterFrom = metaSource(cl.GetMetadata())
	if name == "BlackHoleCluster" {
		o := Outcome{Result: "blackhole", Flag: "UH", Via: name, Reason: "BlackHoleCluster"}
		if isHTTP {
			o.Code, o.Client = 503, "503"
		} else {
			o.Client = resetText(c)
		}
		return fin(o)
	}
	if kind == "inbound" {
		return fin(Outcome{Result: "delivered", OK: true, Host: c.dial, IP: c.ip, Port: c.port, Wire: c.wire(), As: asText(c), Via: name, Reason: "reaches the application of " + e.name(ps)})
	}
	var eps []upstreamHost
	switch {
	case strings.Contains(h.ClusterType, "dynamic_forward_proxy"):
		hn, pt := c.dial, c.port
		if isHTTP {
			hn = httpHost
			if a, b, err := net.SplitHostPort(httpHost); err == nil {
				hn = a
				pt, _ = strconv.Atoi(b)
			}
		} else if sni != "" {
			hn = sni
		}
		eps = []upstreamHost{{host: hn, port: pt}}
	case cl.GetType() == cluster.Cluster_ORIGINAL_DST:
		pt := c.port
		if o := cl.GetOriginalDstLbConfig().GetUpstreamPortOverride(); o != nil {
			pt = int(o.Value)
		}
		eps = []upstreamHost{{host: c.ip, port: pt}}
	default:
		eps = e.endpointsOf(ps, cl)
	}
	for _, x := range eps {
		h.Endpoints = append(h.Endpoints, fmt.Sprintf("%s:%d", x.host, x.port))
	}
	if len(eps) == 0 {
		o := Outcome{Result: "noEndpoints", Flag: "UH", Reason: "cluster " + name + " has no endpoint"}
		if isHTTP {
			o.Code, o.Client = 503, "503"
		} else {
			o.Client = resetText(c)
		}
		return fin(o)
	}
	// Endpoints of one cluster may lead to different places; take one of each sort.
	type key struct {
		sort string
		port int
		meta string
	}
	seen := map[key]int{}
	var order []key
	first := map[key]upstreamHost{}
	for _, x := range eps {
		k := key{"ext:" + x.host, x.port, x.meta.String()}
		if pod := e.w.podByIP(x.host); pod != nil {
			ls := []string{}
			for a, b := range pod.Labels {
				ls = append(ls, a+"="+b)
			}
			sort.Strings(ls)
			k.sort = "pod:" + pod.Namespace + strings.Join(ls, ",")
		}
		if seen[k] == 0 {
			order = append(order, k)
			first[k] = x
		}
		seen[k]++
	}
	var out []Path
	for _, k := range order {
		x := first[k]
		hh := h
		hh.Endpoint = fmt.Sprintf("%s:%d", x.host, x.port)
		ts := cl.TransportSocket
		match := ""
		for _, m := range cl.TransportSocketMatches {
			if structMatches(m.GetMatch(), x.meta) {
				ts, match = m.TransportSocket, m.Name
				break
			}
		}
		t := upstreamInfo(ts)
		t.Match = match
		autoSAN := false
		if t.Mode != "NONE" && isHTTP {
			if o := httpProtocolOptions(cl).GetUpstreamHttpProtocolOptions(); o != nil {
				autoSAN = o.AutoSanValidation
				if o.AutoSni {
					t.AutoSNI = true
					hn := httpHost
					if a, _, err := net.SplitHostPort(hn); err == nil {
						hn = a
					}
					if net.ParseIP(hn) == nil {
						t.SNI = hn
					}
				}
			}
			override := alpnFilter
			if f := cl.GetMetadata().GetFilterMetadata()["istio"]; f != nil {
				if f.GetFields()["alpn_override"].GetStringValue() == "false" {
					override = false
				}
			}
			if override {
				if c.payload == "http2" {
					t.ALPN = []string{"istio-h2", "istio", "h2"}
				} else {
					t.ALPN = []string{"istio-http/1.1", "istio", "http/1.1"}
				}
			}
		}
		hh.Upstream = t
		cc := c
		cc.layers = append([]Layer{}, c.layers...)
		if t.Mode != "NONE" {
			l := Layer{SNI: strings.ToLower(t.SNI), ALPN: t.ALPN, By: at, Mode: t.Mode, SANs: t.SANs, AutoSAN: autoSAN}
			switch t.Mode {
			case "ISTIO_MUTUAL":
				l.ClientCert = "mesh"
			case "MUTUAL":
				l.ClientCert = strings.Join(t.Cert, ",")
			}
			switch {
			case t.Validation == "ROOTCA":
				l.Verify = "mesh"
			case t.Validation == "":
				l.Verify = "none"
			default:
				l.Verify = t.Validation
			}
			cc.layers = append([]Layer{l}, cc.layers...)
		}
		cc.ip, cc.port = x.host, x.port
		if cl.GetType() != cluster.Cluster_ORIGINAL_DST {
			if net.ParseIP(x.host) == nil {
				cc.dial = x.host
			}
		}
		hs := append(append([]Hop{}, hops...), hh)
		w := weight * float64(seen[k]) / float64(len(eps))
		out = append(out, e.arrive(cc, name, hs, w, depth)...)
	}
	return out
}
