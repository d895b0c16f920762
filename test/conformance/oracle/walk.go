// The way of a connection through one proxy.

package main

import (
	"fmt"
	"strings"

	envoycore "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	tcp "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/tcp_proxy/v3"
)

func end(hops []Hop, w float64, o Outcome) []Path {
	return []Path{{Weight: w, Hops: append([]Hop{}, hops...), Outcome: o}}
}

func metaSource(m *envoycore.Metadata) string {
	f := m.GetFilterMetadata()["istio"]
	if f == nil {
		return ""
	}
	return f.GetFields()["config"].GetStringValue()
}

func (e *engine) name(ps *proxyState) string {
	return ps.pod.Namespace + "/" + ps.pod.Name
}

// walk sends c into a proxy.
func (e *engine) walk(ps *proxyState, c connection, kind string, hops []Hop, weight float64, depth int) []Path {
	h := Hop{Proxy: kind, Workload: e.name(ps), ToIP: c.ip, ToPort: c.port, Wire: c.wire()}
	at := kind + " " + e.name(ps)
	done := func(o Outcome) []Path {
		if o.At == "" {
			o.At = at
		}
		return end(append(append([]Hop{}, hops...), h), weight, o)
	}
	if depth > 6 {
		return done(Outcome{Result: "loop", Reason: "more than 6 hops"})
	}
	l := e.matchListener(ps, c, kind)
	if l == nil {
		t, f, n := clientSees(hops, c, "connection refused")
		return done(Outcome{Result: "noListener", Client: t, Flag: f, Code: n, Reason: fmt.Sprintf("no listener on port %d", c.port)})
	}
	h.Listener = l.Name
	if l.FilterChainMatcher != nil {
		h.Notes = append(h.Notes, "listener uses a filter chain matcher tree: not evaluated")
	}
	transport, sni := "raw_buffer", ""
	var alpn []string
	if len(c.layers) > 0 {
		if hasInspector(l, "tls_inspector", c.port) {
			transport, sni, alpn = "tls", c.layers[0].SNI, c.layers[0].ALPN
		}
	} else if hasInspector(l, "http_inspector", c.port) {
		switch c.payload {
		case "http":
			alpn = []string{"http/1.1"}
		case "http2":
			alpn = []string{"h2c"}
		}
	}
	fc, err := matchChain(l, c.ip, c.port, sni, transport, alpn)
	if err != nil {
		h.Notes = append(h.Notes, err.Error())
	}
	if fc == nil {
		fc = l.DefaultFilterChain
		if fc == nil {
			t, f, n := clientSees(hops, c, "no filter chain matched, flag NR at "+at)
			return done(Outcome{Result: "noFilterChain", Flag: f, Code: n, Client: t, Reason: fmt.Sprintf("no filter chain for sni=%q transport=%s alpn=%v", sni, transport, alpn)})
		}
		h.ChainMatch = "default"
	} else {
		h.ChainMatch = describeMatch(fc.FilterChainMatch)
	}
	h.FilterChain = fc.Name
	if d, odd := downstreamInfo(fc.TransportSocket); d != nil {
		h.Downstream = d
		if len(c.layers) == 0 {
			t, f, n := clientSees(hops, c, "plaintext sent to a TLS listener")
			return done(Outcome{Result: "tlsMismatch", Client: t, Flag: f, Code: n, Reason: "plaintext into a TLS listener"})
		}
		if bad := e.handshake(c.layers[0], d, ps.pod); bad != "" {
			t, f, n := clientSees(hops, c, bad)
			return done(Outcome{Result: "tlsMismatch", Client: t, Flag: f, Code: n, Reason: bad})
		}
		c.layers = append([]Layer{}, c.layers[1:]...)
	} else if odd != "" {
		h.Notes = append(h.Notes, odd)
	}
	sniCluster := ""
	var sniDFP bool
	var hm *hcm.HttpConnectionManager
	var tp *tcp.TcpProxy
	for _, f := range fc.Filters {
		h.Filters = append(h.Filters, f.Name)
		x, y := &hcm.HttpConnectionManager{}, &tcp.TcpProxy{}
		switch {
		case unmarshal(f.GetTypedConfig(), x):
			hm = x
		case unmarshal(f.GetTypedConfig(), y):
			tp = y
		case strings.HasSuffix(f.Name, "sni_cluster"):
			sniCluster = sni
		case strings.HasSuffix(f.Name, "sni_dynamic_forward_proxy"):
			sniDFP = true
		}
	}
	switch {
	case hm != nil:
		h.Kind = "http"
		return e.http(ps, c, kind, h, hops, hm, weight, depth, done)
	case tp != nil:
		h.Kind = "tcp"
		type wc struct {
			n string
			w uint32
		}
		var cs []wc
		var total uint32
		if tp.GetWeightedClusters() != nil {
			for _, x := range tp.GetWeightedClusters().Clusters {
				cs = append(cs, wc{x.Name, x.Weight})
				total += x.Weight
			}
		} else {
			cs = []wc{{tp.GetCluster(), 0}}
		}
		if sniCluster != "" {
			cs = []wc{{sniCluster, 0}}
		}
		if tp.GetTunnelingConfig() != nil {
			h.Notes = append(h.Notes, "tunnelled by CONNECT to "+tp.GetTunnelingConfig().GetHostname())
		}
		if sniDFP {
			h.Notes = append(h.Notes, "SNI dynamic forward proxy")
		}
		var out []Path
		for _, x := range cs {
			hh, ww := h, weight
			if total > 0 {
				hh.Weight = x.w
				ww = weight * float64(x.w) / float64(total)
				if x.w == 0 {
					continue
				}
			}
			out = append(out, e.upstream(ps, c, kind, hh, hops, x.n, ww, depth, "", false, sni)...)
		}
		return out
	}
	return done(Outcome{Result: "unsupported", Reason: "no HTTP connection manager or TCP proxy in chain " + strings.Join(h.Filters, ",")})
}

// clientSees words the failure of a connection at the current hop from the caller's side. An HTTP
// hop before this one turns it into a 503; else the caller's own connection is what breaks.
func clientSees(hops []Hop, c connection, detail string) (text, flag string, code int) {
	for i := len(hops) - 1; i >= 0; i-- {
		if hops[i].Kind == "http" {
			return "503 upstream connect error or disconnect/reset before headers (" + detail + ")", "UF/UC", 503
		}
	}
	return resetText(c) + " (" + detail + ")", "", 0
}

func resetText(c connection) string {
	if len(c.layers) > 0 {
		return "TLS handshake cut off (connection reset)"
	}
	return "connection reset"
}
