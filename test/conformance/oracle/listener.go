// Which listener and which filter chain take a connection.

package main

import (
	"fmt"
	"net/netip"
	"strings"

	envoycore "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/test/xdstest"
)

func sockAddr(a *envoycore.Address) (string, int) {
	sa := a.GetSocketAddress()
	return sa.GetAddress(), int(sa.GetPortValue())
}

func listenerAddrs(l *listener.Listener) []*envoycore.Address {
	out := []*envoycore.Address{l.GetAddress()}
	for _, a := range l.GetAdditionalAddresses() {
		out = append(out, a.GetAddress())
	}
	return out
}

func (e *engine) matchListener(ps *proxyState, c connection, kind string) *listener.Listener {
	if kind == "inbound" {
		return xdstest.ExtractListener(model.VirtualInboundListenerName, ps.listeners)
	}
	special := func(l *listener.Listener) bool {
		return l.Name == model.VirtualInboundListenerName || l.Name == model.VirtualOutboundListenerName
	}
	for _, wild := range []bool{false, true} {
		for _, l := range ps.listeners {
			if special(l) || (kind == "sidecar" && l.TrafficDirection == envoycore.TrafficDirection_INBOUND) {
				continue
			}
			for _, a := range listenerAddrs(l) {
				ip, port := sockAddr(a)
				if port != c.port {
					continue
				}
				if !wild && ip == c.ip {
					return l
				}
				if wild && (ip == "0.0.0.0" || ip == "::") {
					return l
				}
			}
		}
	}
	if kind == "sidecar" {
		return xdstest.ExtractListener(model.VirtualOutboundListenerName, ps.listeners)
	}
	return nil
}

func hasInspector(l *listener.Listener, typ string, port int) bool {
	for _, f := range l.ListenerFilters {
		if !strings.Contains(f.Name, typ) {
			continue
		}
		if f.FilterDisabled == nil {
			return true
		}
		return !xdstest.EvaluateListenerFilterPredicates(f.FilterDisabled, port)
	}
	return false
}

func unmarshal[T proto.Message](a *anypb.Any, into T) bool {
	if a == nil || !a.MessageIs(into) {
		return false
	}
	return a.UnmarshalTo(into) == nil
}

func describeMatch(m *listener.FilterChainMatch) string {
	if m == nil {
		return ""
	}
	var p []string
	if m.DestinationPort != nil {
		p = append(p, fmt.Sprintf("port=%d", m.DestinationPort.Value))
	}
	for _, r := range m.PrefixRanges {
		p = append(p, fmt.Sprintf("ip=%s/%d", r.AddressPrefix, r.PrefixLen.GetValue()))
	}
	if len(m.ServerNames) > 0 {
		p = append(p, "sni="+strings.Join(m.ServerNames, ","))
	}
	if m.TransportProtocol != "" {
		p = append(p, "transport="+m.TransportProtocol)
	}
	if len(m.ApplicationProtocols) > 0 {
		p = append(p, "app="+strings.Join(m.ApplicationProtocols, ","))
	}
	return strings.Join(p, " ")
}

// matchChain follows Envoy's FilterChainManagerImpl: at each step the most specific group is taken and there is no way back.
func matchChain(l *listener.Listener, ip string, port int, sni, transport string, alpn []string) (*listener.FilterChain, error) {
	type fcm = *listener.FilterChainMatch
	chains := l.FilterChains
	pick := func(spec, unspec []*listener.FilterChain) []*listener.FilterChain {
		if len(spec) > 0 {
			return spec
		}
		return unspec
	}
	// destination port
	var s, u []*listener.FilterChain
	for _, c := range chains {
		m := fcm(c.GetFilterChainMatch())
		if m.GetDestinationPort() == nil {
			u = append(u, c)
		} else if int(m.GetDestinationPort().Value) == port {
			s = append(s, c)
		}
	}
	chains = pick(s, u)
	// destination address: longest prefix
	best := -1
	var bestChains []*listener.FilterChain
	u = nil
	addr, aerr := netip.ParseAddr(ip)
	for _, c := range chains {
		pr := c.GetFilterChainMatch().GetPrefixRanges()
		if len(pr) == 0 {
			u = append(u, c)
			continue
		}
		mine := -1
		for _, r := range pr {
			pf, err := netip.ParsePrefix(fmt.Sprintf("%s/%d", r.AddressPrefix, r.PrefixLen.GetValue()))
			if err == nil && aerr == nil && pf.Contains(addr) && pf.Bits() > mine {
				mine = pf.Bits()
			}
		}
		if mine < 0 {
			continue
		}
		if mine > best {
			best, bestChains = mine, nil
		}
		if mine == best {
			bestChains = append(bestChains, c)
		}
	}
	chains = pick(bestChains, u)
	// server name: exact, then longest wildcard, then none
	rank := func(names []string) int {
		b := -1
		for _, n := range names {
			if n == sni && sni != "" {
				return 1 << 20
			}
			if strings.HasPrefix(n, "*.") && strings.HasSuffix(sni, n[1:]) && len(sni) > len(n)-1 && len(n) > b {
				b = len(n)
			}
		}
		return b
	}
	best, bestChains, u = -1, nil, nil
	for _, c := range chains {
		sn := c.GetFilterChainMatch().GetServerNames()
		if len(sn) == 0 {
			u = append(u, c)
			continue
		}
		r := rank(sn)
		if r < 0 {
			continue
		}
		if r > best {
			best, bestChains = r, nil
		}
		if r == best {
			bestChains = append(bestChains, c)
		}
	}
	chains = pick(bestChains, u)
	// transport protocol
	s, u = nil, nil
	for _, c := range chains {
		t := c.GetFilterChainMatch().GetTransportProtocol()
		if t == "" {
			u = append(u, c)
		} else if t == transport {
			s = append(s, c)
		}
	}
	chains = pick(s, u)
	// application protocols: the first of the client's list that some chain names
	u = nil
	for _, c := range chains {
		if len(c.GetFilterChainMatch().GetApplicationProtocols()) == 0 {
			u = append(u, c)
		}
	}
	s = nil
	for _, a := range alpn {
		for _, c := range chains {
			for _, x := range c.GetFilterChainMatch().GetApplicationProtocols() {
				if x == a {
					s = append(s, c)
				}
			}
		}
		if len(s) > 0 {
			break
		}
	}
	chains = pick(s, u)
	if len(chains) > 1 {
		// remaining criteria (source) are not used by Istio
		return chains[0], fmt.Errorf("%d filter chains left after matching", len(chains))
	}
	if len(chains) == 1 {
		return chains[0], nil
	}
	return nil, nil
}
