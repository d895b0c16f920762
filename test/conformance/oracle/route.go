// Virtual hosts and routes, as Envoy matches them.

package main

import (
	"regexp"
	"strconv"
	"strings"

	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	matcherv3 "github.com/envoyproxy/go-control-plane/envoy/type/matcher/v3"
)

func matchDomain(rc *route.RouteConfiguration, host string) *route.VirtualHost {
	host = strings.ToLower(host)
	if rc.GetIgnorePortInHostMatching() {
		if i := strings.LastIndex(host, ":"); i > 0 && !strings.HasSuffix(host, "]") {
			if _, err := strconv.Atoi(host[i+1:]); err == nil {
				host = host[:i]
			}
		}
	}
	var suffix, prefix, any *route.VirtualHost
	sl, pl := 0, 0
	for _, vh := range rc.VirtualHosts {
		for _, d := range vh.Domains {
			d = strings.ToLower(d)
			switch {
			case d == host:
				return vh
			case d == "*":
				if any == nil {
					any = vh
				}
			case strings.HasPrefix(d, "*"):
				if len(host) > len(d)-1 && strings.HasSuffix(host, d[1:]) && len(d) > sl {
					suffix, sl = vh, len(d)
				}
			case strings.HasSuffix(d, "*"):
				if len(host) > len(d)-1 && strings.HasPrefix(host, d[:len(d)-1]) && len(d) > pl {
					prefix, pl = vh, len(d)
				}
			}
		}
	}
	if suffix != nil {
		return suffix
	}
	if prefix != nil {
		return prefix
	}
	return any
}

func evalString(m *matcherv3.StringMatcher, v string) bool {
	if m.GetIgnoreCase() {
		v = strings.ToLower(v)
	}
	lc := func(s string) string {
		if m.GetIgnoreCase() {
			return strings.ToLower(s)
		}
		return s
	}
	switch t := m.GetMatchPattern().(type) {
	case *matcherv3.StringMatcher_Exact:
		return v == lc(t.Exact)
	case *matcherv3.StringMatcher_Prefix:
		return strings.HasPrefix(v, lc(t.Prefix))
	case *matcherv3.StringMatcher_Suffix:
		return strings.HasSuffix(v, lc(t.Suffix))
	case *matcherv3.StringMatcher_Contains:
		return strings.Contains(v, lc(t.Contains))
	case *matcherv3.StringMatcher_SafeRegex:
		return fullRegex(t.SafeRegex.GetRegex(), v)
	}
	return false
}

func fullRegex(re, v string) bool {
	r, err := regexp.Compile("^(?:" + re + ")$")
	return err == nil && r.MatchString(v)
}

func (c connection) header(n string) (string, bool) {
	switch strings.ToLower(n) {
	case ":authority", "host":
		return c.host, true
	case ":method":
		return c.method, true
	case ":path":
		return c.path, true
	case ":scheme":
		return "http", true
	}
	for k, v := range c.headers {
		if strings.EqualFold(k, n) {
			return v, true
		}
	}
	return "", false
}

func matchRoute(r *route.Route, c connection) bool {
	m := r.GetMatch()
	path, query, _ := strings.Cut(c.path, "?")
	ci := m.GetCaseSensitive() != nil && !m.GetCaseSensitive().Value
	fold := func(s string) string {
		if ci {
			return strings.ToLower(s)
		}
		return s
	}
	p := fold(path)
	switch t := m.GetPathSpecifier().(type) {
	case *route.RouteMatch_Prefix:
		if !strings.HasPrefix(p, fold(t.Prefix)) {
			return false
		}
	case *route.RouteMatch_PathSeparatedPrefix:
		x := fold(t.PathSeparatedPrefix)
		if p != x && !strings.HasPrefix(p, x+"/") {
			return false
		}
	case *route.RouteMatch_Path:
		if p != fold(t.Path) {
			return false
		}
	case *route.RouteMatch_SafeRegex:
		if !fullRegex(t.SafeRegex.GetRegex(), path) {
			return false
		}
	case *route.RouteMatch_ConnectMatcher_:
		if c.method != "CONNECT" {
			return false
		}
	default:
		return false
	}
	for _, hm := range m.GetHeaders() {
		v, has := c.header(hm.Name)
		ok := false
		switch t := hm.GetHeaderMatchSpecifier().(type) {
		case *route.HeaderMatcher_PresentMatch:
			ok = has == t.PresentMatch
		case *route.HeaderMatcher_StringMatch:
			if !has {
				if !hm.TreatMissingHeaderAsEmpty {
					// a missing header never matches, inverted or not
					if hm.InvertMatch {
						ok = false
						if !ok {
							goto inverted
						}
					}
					return false
				}
			}
			ok = evalString(t.StringMatch, v)
		case nil:
			ok = has
		default:
			ok = false
		}
	inverted:
		if hm.InvertMatch {
			ok = !ok
		}
		if !ok {
			return false
		}
	}
	if len(m.GetQueryParameters()) > 0 {
		qs := map[string]string{}
		for _, kv := range strings.Split(query, "&") {
			k, v, _ := strings.Cut(kv, "=")
			qs[k] = v
		}
		for _, q := range m.GetQueryParameters() {
			v, has := qs[q.Name]
			switch t := q.GetQueryParameterMatchSpecifier().(type) {
			case *route.QueryParameterMatcher_PresentMatch:
				if has != t.PresentMatch {
					return false
				}
			case *route.QueryParameterMatcher_StringMatch:
				if !has || !evalString(t.StringMatch, v) {
					return false
				}
			}
		}
	}
	return true
}
