// What an HTTP connection manager does with a request.

package main

import (
	"fmt"
	"strconv"
	"strings"

	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
)

func (e *engine) http(ps *proxyState, c connection, kind string, h Hop, hops []Hop, hm *hcm.HttpConnectionManager, weight float64, depth int, done func(Outcome) []Path) []Path {
	at := kind + " " + e.name(ps)
	fin := func(o Outcome) []Path {
		o.At = at
		return end(append(append([]Hop{}, hops...), h), weight, o)
	}
	alpnFilter := false
	for _, f := range hm.HttpFilters {
		h.Filters = append(h.Filters, f.Name)
		alpnFilter = alpnFilter || f.Name == "istio.alpn"
	}
	if len(c.layers) > 0 {
		o := Outcome{Result: "protocolError", Reason: "TLS bytes into an HTTP filter chain"}
		if c.layers[0].By == "client" {
			o.Client, o.Flag, o.Code = "SSL wrong version number (the proxy answers the TLS handshake with a plain HTTP 400)", "DPE", 400
		} else {
			o.Client, o.Flag, o.Code = clientSees(hops, c, "TLS error WRONG_VERSION_NUMBER at "+c.layers[0].By)
		}
		return fin(o)
	}
	if c.payload == "raw" {
		return fin(Outcome{Result: "protocolError", Client: "HTTP 400 / connection closed", Flag: "DPE", Code: 400, Reason: "bytes that are not HTTP into an HTTP filter chain"})
	}
	rc := hm.GetRouteConfig()
	if rc == nil {
		h.RouteConfig = hm.GetRds().GetRouteConfigName()
		rc = ps.routes[h.RouteConfig]
	} else {
		h.RouteConfig = rc.Name
	}
	if rc == nil {
		return fin(Outcome{Result: "noRoute", Code: 404, Flag: "NR", Client: "404", Reason: "route configuration " + h.RouteConfig + " absent"})
	}
	vh := matchDomain(rc, c.host)
	if vh == nil {
		return fin(Outcome{Result: "noRoute", Code: 404, Flag: "NR", Client: "404", Reason: "no virtual host for " + c.host})
	}
	h.VirtualHost = vh.Name
	if vh.RequireTls == route.VirtualHost_ALL && !(h.Downstream != nil) {
		return fin(Outcome{Result: "redirect", Code: 301, Client: "301 to https", Reason: "httpsRedirect"})
	}
	var r *route.Route
	for _, x := range vh.Routes {
		if matchRoute(x, c) {
			r = x
			break
		}
	}
	if r == nil {
		return fin(Outcome{Result: "noRoute", Code: 404, Flag: "NR", Client: "404", Reason: "no route in virtual host " + vh.Name})
	}
	h.Route = r.Name
	h.RouteSource = metaSource(r.GetMetadata())
	switch t := r.GetAction().(type) {
	case *route.Route_DirectResponse:
		code := int(t.DirectResponse.Status)
		res := "directResponse"
		if vh.Name == "block_all" {
			res = "blackhole"
		}
		return fin(Outcome{Result: res, Code: code, Client: strconv.Itoa(code), Reason: "direct response of virtual host " + vh.Name})
	case *route.Route_Redirect:
		return fin(Outcome{Result: "redirect", Code: 301 + int(t.Redirect.ResponseCode), Client: "redirect", Reason: t.Redirect.String()})
	case *route.Route_Route:
		ra := t.Route
		autoHost := ra.GetAutoHostRewrite().GetValue()
		if x := ra.GetHostRewriteLiteral(); x != "" {
			c.host = strings.ToLower(x)
			h.Notes = append(h.Notes, "host rewritten to "+x)
		}
		for _, o := range r.GetRequestHeadersToAdd() {
			if k := strings.ToLower(o.GetHeader().GetKey()); k == "host" || k == ":authority" {
				c.host = strings.ToLower(o.GetHeader().GetValue())
				h.Notes = append(h.Notes, "host set to "+c.host)
			}
		}
		if x := ra.GetPrefixRewrite(); x != "" {
			if pre := r.GetMatch().GetPrefix(); pre != "" {
				c.path = x + strings.TrimPrefix(c.path, pre)
			} else {
				c.path = x
			}
		}
		if ra.GetRegexRewrite() != nil {
			h.Notes = append(h.Notes, "regex path rewrite not followed")
		}
		type wc struct {
			n  string
			w  uint32
			hr string
		}
		var cs []wc
		var total uint32
		switch x := ra.GetClusterSpecifier().(type) {
		case *route.RouteAction_Cluster:
			cs = []wc{{x.Cluster, 0, ""}}
		case *route.RouteAction_WeightedClusters:
			for _, y := range x.WeightedClusters.Clusters {
				cs = append(cs, wc{y.Name, y.GetWeight().GetValue(), y.GetHostRewriteLiteral()})
				total += y.GetWeight().GetValue()
			}
		case *route.RouteAction_ClusterHeader:
			v, _ := c.header(x.ClusterHeader)
			cs = []wc{{v, 0, ""}}
		default:
			return fin(Outcome{Result: "unsupported", Reason: "cluster specifier of route " + r.Name})
		}
		var out []Path
		for _, x := range cs {
			hh, ww, cc := h, weight, c
			if total > 0 {
				if x.w == 0 {
					continue
				}
				hh.Weight = x.w
				ww = weight * float64(x.w) / float64(total)
			}
			if x.hr != "" {
				cc.host = strings.ToLower(x.hr)
			}
			if autoHost {
				hh.Notes = append(append([]string{}, hh.Notes...), "auto host rewrite")
			}
			out = append(out, e.upstream(ps, cc, kind, hh, hops, x.n, ww, depth, cc.host, alpnFilter, "")...)
		}
		return out
	}
	return fin(Outcome{Result: "unsupported", Reason: fmt.Sprintf("route action %T", r.GetAction())})
}
