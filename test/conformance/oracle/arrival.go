// Where a connection arrives, and what stands there.

package main

import (
	"fmt"
	"net"
	"strings"

	"istio.io/istio/pilot/pkg/model"
	corev1 "k8s.io/api/core/v1"
)

// arrive: c leaves a proxy (or a client without one) and reaches an address.
func (e *engine) arrive(c connection, via string, hops []Hop, weight float64, depth int) []Path {
	if net.ParseIP(c.ip) == nil {
		// a DNS name: inside the mesh?
		if s := e.w.serviceByHost(c.ip, ""); s != nil {
			if s.Spec.Type == corev1.ServiceTypeExternalName {
				c.ip = externalIP(s.Spec.ExternalName)
			} else if s.Spec.ClusterIP != "" {
				c.ip = s.Spec.ClusterIP
			}
		}
	}
	if s := e.w.serviceByIP(c.ip); s != nil && s.Spec.ClusterIP != corev1.ClusterIPNone {
		// kube-proxy
		var sp *corev1.ServicePort
		for i := range s.Spec.Ports {
			if int(s.Spec.Ports[i].Port) == c.port {
				sp = &s.Spec.Ports[i]
			}
		}
		if sp == nil {
			return end(hops, weight, Outcome{Result: "unreachable", Client: "connection refused or timed out", Reason: fmt.Sprintf("Service %s/%s has no port %d", s.Namespace, s.Name, c.port)})
		}
		var pod *corev1.Pod
		for _, p := range e.w.pods {
			if len(s.Spec.Selector) > 0 && p.Namespace == s.Namespace && subset(s.Spec.Selector, p.Labels) {
				pod = p
				break
			}
		}
		if pod == nil {
			return end(hops, weight, Outcome{Result: "unreachable", Client: "connection refused", Reason: fmt.Sprintf("Service %s/%s has no pod", s.Namespace, s.Name)})
		}
		c.ip, c.port = pod.Status.PodIP, int(targetPort(pod, sp))
	}
	if pod := e.w.podByIP(c.ip); pod != nil {
		switch {
		case e.w.isGateway(pod):
			return e.walk(e.proxyFor(pod, model.Router), c, "gateway", hops, weight, depth+1)
		case injected(pod):
			return e.walk(e.proxyFor(pod, model.SidecarProxy), c, "inbound", hops, weight, depth+1)
		}
		o := Outcome{Result: "delivered", Host: c.dial, IP: c.ip, Port: c.port, Wire: c.wire(), As: asText(c), Via: via, OK: len(c.layers) < 2, Reason: "pod without a sidecar " + pod.Namespace + "/" + pod.Name}
		return end(hops, weight, o)
	}
	if strings.HasPrefix(c.ip, "240.240.") {
		t, f, n := clientSees(hops, c, "timeout")
		return end(hops, weight, Outcome{Result: "unreachable", Host: c.dial, IP: c.ip, Port: c.port, Via: via, Client: t, Flag: f, Code: n, Reason: "an auto-allocated address leaves the proxy as a destination"})
	}
	o := Outcome{Result: "delivered", Host: c.dial, IP: c.ip, Port: c.port, Wire: c.wire(), As: asText(c), Via: via}
	if strings.HasPrefix(via, "PassthroughCluster") {
		o.Result = "passthrough"
	}
	e.judge(&o, c, hops)
	return end(hops, weight, o)
}

func asText(c connection) string {
	switch len(c.layers) {
	case 0:
		return "plaintext"
	case 1:
		return "tls"
	case 2:
		return "double-tls"
	}
	return fmt.Sprintf("%d-fold-tls", len(c.layers))
}

// judge compares what arrives with what a server on that port would expect.
func (e *engine) judge(o *Outcome, c connection, hops []Hop) {
	want := e.c.External[fmt.Sprintf("%s:%d", c.dial, c.port)]
	if want == "" {
		switch c.port {
		case 443, 8443, 9443, 6443, 465, 636, 853, 993, 995, 5671, 8883, 9093:
			want = "tls"
		case 80, 8080, 8000:
			want = "plaintext"
		}
	}
	n := len(c.layers)
	lastHTTP := false
	for _, h := range hops {
		lastHTTP = lastHTTP || h.Kind == "http"
	}
	meshCert := n > 0 && c.layers[0].Verify == "mesh"
	switch {
	case n > 0 && meshCert:
		o.Reason = "upstream TLS expects a certificate of the mesh CA, the server is outside the mesh"
		if lastHTTP {
			o.Client, o.Flag, o.Code = "503 (upstream TLS verification failed)", "UF", 503
		} else {
			o.Client = "connection reset"
		}
	case want == "":
		o.OK = n < 2
		o.Reason = "what the server expects is not known"
	case want == "plaintext" && n == 0, (want == "tls") && n == 1:
		o.OK = true
		o.Client = "ok"
	case want == "mtls" && n == 1:
		o.OK = c.layers[0].ClientCert != ""
		o.Client = "ok if the certificate is accepted"
	case want == "plaintext":
		o.Reason = "TLS into a plaintext server"
		if lastHTTP {
			o.Client, o.Flag, o.Code = "503 (upstream TLS error: wrong version number)", "UF", 503
		} else if c.layers[0].By == "client" {
			o.Client = "SSL wrong version number"
		} else {
			o.Client = "connection reset"
		}
	case n == 0:
		o.Reason = "plaintext into a TLS server"
		switch {
		case c.payload == "raw":
			o.Client = "connection reset"
		case lastHTTP:
			o.Client = "HTTP 400 from the server (plain HTTP request sent to HTTPS port), or 503 UC where the server just closes"
		default:
			o.Client = "HTTP 400 from the server (plain HTTP request sent to HTTPS port), or connection reset where the server just closes"
		}
	case n >= 2:
		o.Reason = "TLS inside TLS: the server unwraps one layer and finds a TLS handshake where it expects its protocol"
		// what the server says inside the outer TLS decides: an HTTP 400 in clear gives the first
		o.Client = "SSL wrong version number, or connection reset where the server just closes"
	}
}
