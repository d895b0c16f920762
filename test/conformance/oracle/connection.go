// A connection on its way, and the start of it: the probe.

package main

import (
	"fmt"
	"net"
	"sort"
	"strconv"
	"strings"

	"istio.io/istio/pilot/pkg/model"
	corev1 "k8s.io/api/core/v1"
)

type connection struct {
	ip      string
	port    int
	layers  []Layer
	payload string // http | http2 | raw
	host    string // authority
	path    string
	method  string
	headers map[string]string
	dial    string // name the original client dialled
}

func (c connection) wire() []string {
	out := []string{}
	for _, l := range c.layers {
		s := "TLS(sni=" + l.SNI
		if l.ClientCert != "" {
			s += " cert=" + l.ClientCert
		}
		out = append(out, s+" by "+l.By+")")
	}
	switch c.payload {
	case "raw":
		out = append(out, "bytes")
	default:
		out = append(out, strings.ToUpper(c.payload)+"(host="+c.host+")")
	}
	return out
}

func (e *engine) resolve(p *Probe, ps *proxyState) (string, string) {
	if p.To.IP != "" {
		return p.To.IP, "given"
	}
	if net.ParseIP(p.To.Host) != nil {
		return p.To.Host, "literal"
	}
	h := strings.ToLower(strings.TrimSuffix(p.To.Host, "."))
	if ps != nil && bool(ps.proxy.Metadata.DNSCapture) {
		nt := e.s.ConfigGen.BuildNameTable(ps.proxy, e.s.PushContext())
		try := []string{h}
		for _, suf := range []string{p.From.Namespace + ".svc.cluster.local", "svc.cluster.local", "cluster.local"} {
			try = append(try, h+"."+suf)
		}
		for _, name := range try {
			if ni, ok := nt.GetTable()[name]; ok && len(ni.Ips) > 0 {
				return ni.Ips[0], "dns-proxy"
			}
			if _, rest, ok := strings.Cut(name, "."); ok {
				if ni, ok := nt.GetTable()["*."+rest]; ok && len(ni.Ips) > 0 {
					return ni.Ips[0], "dns-proxy"
				}
			}
		}
	}
	if s := e.w.serviceByHost(h, p.From.Namespace); s != nil {
		if s.Spec.Type == corev1.ServiceTypeExternalName {
			return externalIP(s.Spec.ExternalName), "cluster-dns CNAME " + s.Spec.ExternalName
		}
		if s.Spec.ClusterIP == corev1.ClusterIPNone {
			for _, pod := range e.w.pods {
				if pod.Namespace == s.Namespace && subset(s.Spec.Selector, pod.Labels) {
					return pod.Status.PodIP, "cluster-dns headless"
				}
			}
		}
		return s.Spec.ClusterIP, "cluster-dns"
	}
	return externalIP(h), "public-dns"
}

// externalIP makes up a stable public address for a name.
func externalIP(h string) string {
	var x uint32 = 2166136261
	for i := 0; i < len(h); i++ {
		x = (x ^ uint32(h[i])) * 16777619
	}
	return fmt.Sprintf("198.51.100.%d", 1+x%250)
}

func (e *engine) run(p *Probe) (res ProbeResult) {
	res.Probe = *p
	defer func() {
		if r := recover(); r != nil {
			res.Error = fmt.Sprintf("panic: %v", r)
		}
	}()
	pod := e.w.clientPod(&p.From)
	var ps *proxyState
	if !p.From.NoSidecar && injected(pod) {
		if e.w.isGateway(pod) {
			ps = nil
		} else {
			ps = e.proxyFor(pod, model.SidecarProxy)
		}
	}
	ip, how := e.resolve(p, ps)
	c := connection{ip: ip, port: p.To.Port, dial: strings.ToLower(p.To.Host), path: p.Path, method: p.Method, headers: p.Headers}
	if c.path == "" {
		c.path = "/"
	}
	if c.method == "" {
		c.method = "GET"
	}
	sni := p.To.Host
	if net.ParseIP(sni) != nil {
		sni = ""
	}
	if p.SNI != nil {
		sni = *p.SNI
	}
	tls := Layer{SNI: strings.ToLower(sni), By: "client", Mode: "SIMPLE", Verify: "client", ALPN: p.ALPN}
	defPort := 80
	c.payload = "http"
	if p.HTTP2 {
		c.payload = "http2"
	}
	switch p.Proto {
	case "http":
	case "https":
		defPort = 443
		if tls.ALPN == nil {
			tls.ALPN = []string{"h2", "http/1.1"}
		}
		c.layers = []Layer{tls}
	case "mtls":
		defPort = 443
		tls.Mode, tls.ClientCert = "MUTUAL", "client"
		if tls.ALPN == nil {
			tls.ALPN = []string{"h2", "http/1.1"}
		}
		c.layers = []Layer{tls}
	case "tls":
		c.payload = "raw"
		c.layers = []Layer{tls}
	case "tcp":
		c.payload = "raw"
	default:
		res.Error = "unknown proto " + p.Proto
		return res
	}
	if c.payload != "raw" {
		c.host = strings.ToLower(p.HostHeader)
		if c.host == "" {
			c.host = strings.ToLower(p.To.Host)
			if p.To.Port != defPort {
				c.host += ":" + strconv.Itoa(p.To.Port)
			}
		}
	}
	if ps == nil {
		res.Paths = e.arrive(c, "direct", nil, 1, 0)
	} else {
		res.Paths = e.walk(ps, c, "sidecar", nil, 1, 0)
	}
	for i := range res.Paths {
		if o := &res.Paths[i].Outcome; (o.Result == "delivered" || o.Result == "passthrough") && o.Host != strings.ToLower(strings.TrimSuffix(p.To.Host, ".")) {
			o.OtherHost = true
		}
		if len(res.Paths[i].Hops) > 0 {
			res.Paths[i].Hops[0].Notes = append([]string{"address by " + how}, res.Paths[i].Hops[0].Notes...)
		}
	}
	sort.SliceStable(res.Paths, func(i, j int) bool { return res.Paths[i].Weight > res.Paths[j].Weight })
	if len(res.Paths) > 0 {
		res.Outcome = res.Paths[0].Outcome
		for _, x := range res.Paths[1:] {
			if x.Outcome.Result != res.Outcome.Result || x.Outcome.As != res.Outcome.As || x.Outcome.Host != res.Outcome.Host || x.Outcome.Port != res.Outcome.Port || x.Outcome.OK != res.Outcome.OK {
				res.Mixed = true
			}
		}
	}
	return res
}
