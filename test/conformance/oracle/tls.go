// TLS contexts of both sides, and whether a handshake can succeed.

package main

import (
	"strings"

	envoycore "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	tlsv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	matcherv3 "github.com/envoyproxy/go-control-plane/envoy/type/matcher/v3"
	corev1 "k8s.io/api/core/v1"
)

func sdsNames(cs []*tlsv3.SdsSecretConfig) []string {
	out := []string{}
	for _, c := range cs {
		out = append(out, c.Name)
	}
	return out
}

func matchStr(m *matcherv3.StringMatcher) string {
	switch t := m.GetMatchPattern().(type) {
	case *matcherv3.StringMatcher_Exact:
		return t.Exact
	case *matcherv3.StringMatcher_Prefix:
		return t.Prefix + "*"
	case *matcherv3.StringMatcher_Suffix:
		return "*" + t.Suffix
	case *matcherv3.StringMatcher_SafeRegex:
		return "~" + t.SafeRegex.GetRegex()
	case *matcherv3.StringMatcher_Contains:
		return "*" + t.Contains + "*"
	}
	return "?"
}

func sanList(ms []*matcherv3.StringMatcher) []string {
	var out []string
	for _, m := range ms {
		out = append(out, matchStr(m))
	}
	return out
}

func commonInfo(c *tlsv3.CommonTlsContext, t *TLSInfo) {
	t.ALPN = c.GetAlpnProtocols()
	t.Cert = sdsNames(c.GetTlsCertificateSdsSecretConfigs())
	for range c.GetTlsCertificates() {
		t.Cert = append(t.Cert, "file")
	}
	switch v := c.GetValidationContextType().(type) {
	case *tlsv3.CommonTlsContext_CombinedValidationContext:
		t.Validation = v.CombinedValidationContext.GetValidationContextSdsSecretConfig().GetName()
		t.SANs = sanList(v.CombinedValidationContext.GetDefaultValidationContext().GetMatchSubjectAltNames())
	case *tlsv3.CommonTlsContext_ValidationContextSdsSecretConfig:
		t.Validation = v.ValidationContextSdsSecretConfig.GetName()
	case *tlsv3.CommonTlsContext_ValidationContext:
		if v.ValidationContext.GetTrustedCa() != nil {
			t.Validation = "file"
		}
		t.SANs = sanList(v.ValidationContext.GetMatchSubjectAltNames())
	}
	switch {
	case len(t.Cert) == 0:
		t.Mode = "SIMPLE"
	case t.Cert[0] == "default":
		t.Mode = "ISTIO_MUTUAL"
	default:
		t.Mode = "MUTUAL"
	}
}

func downstreamInfo(ts *envoycore.TransportSocket) (*TLSInfo, string) {
	if ts == nil {
		return nil, ""
	}
	d := &tlsv3.DownstreamTlsContext{}
	if !unmarshal(ts.GetTypedConfig(), d) {
		return nil, "transport socket " + ts.Name
	}
	t := &TLSInfo{}
	commonInfo(d.CommonTlsContext, t)
	t.Require = d.GetRequireClientCertificate().GetValue()
	switch {
	case len(t.Cert) > 0 && t.Cert[0] == "default" && t.Require:
		t.Mode = "ISTIO_MUTUAL"
	case t.Require:
		t.Mode = "MUTUAL"
	default:
		t.Mode = "SIMPLE"
	}
	return t, ""
}

// handshake tells what goes wrong, if anything, when layer l meets a server with d.
func (e *engine) handshake(l Layer, d *TLSInfo, server *corev1.Pod) string {
	meshServer := len(d.Cert) > 0 && d.Cert[0] == "default"
	meshTrust := d.Validation == "ROOTCA"
	if d.Require && l.ClientCert == "" {
		return "server requires a client certificate and the client sends none"
	}
	if d.Require && meshTrust && l.ClientCert != "mesh" {
		return "server trusts the mesh CA only, client certificate is " + l.ClientCert
	}
	if d.Require && !meshTrust && l.ClientCert == "mesh" {
		return "server validates client certificates with " + d.Validation + ", client sends its mesh certificate"
	}
	switch l.Verify {
	case "mesh":
		if !meshServer {
			return "client expects a mesh certificate, server presents " + strings.Join(d.Cert, ",")
		}
		id := "spiffe://" + e.w.mesh.GetTrustDomain() + "/ns/" + server.Namespace + "/sa/" + server.Spec.ServiceAccountName
		if len(l.SANs) > 0 {
			ok := false
			for _, s := range l.SANs {
				ok = ok || s == id || (strings.HasSuffix(s, "*") && strings.HasPrefix(id, s[:len(s)-1]))
			}
			if !ok {
				return "subject alternative name: server is " + id + ", client wants " + strings.Join(l.SANs, ",")
			}
		}
	case "none":
	default:
		if meshServer {
			return "server presents a mesh certificate, client validates with " + l.Verify
		}
	}
	return ""
}
