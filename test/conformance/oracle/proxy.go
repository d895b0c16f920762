// What Istio generates for one proxy, asked for once a case.

package main

import (
	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pilot/test/xdstest"
	istiocluster "istio.io/istio/pkg/cluster"
	"istio.io/istio/pkg/util/sets"
	corev1 "k8s.io/api/core/v1"
)

type proxyState struct {
	kind      string
	pod       *corev1.Pod
	proxy     *model.Proxy
	listeners []*listener.Listener
	clusters  map[string]*cluster.Cluster
	routes    map[string]*route.RouteConfiguration
}

type engine struct {
	w       *world
	s       *xds.FakeDiscoveryServer
	c       *Case
	proxies map[string]*proxyState
}

func (e *engine) proxyFor(p *corev1.Pod, typ model.NodeType) *proxyState {
	key := string(typ) + "/" + p.Namespace + "/" + p.Name
	if ps, ok := e.proxies[key]; ok {
		return ps
	}
	md := &model.NodeMetadata{
		Namespace:      p.Namespace,
		Labels:         p.Labels,
		WorkloadName:   p.Name,
		ServiceAccount: p.Spec.ServiceAccountName,
		ClusterID:      istiocluster.ID("Kubernetes"),
		IstioVersion:   istioVersion,
		InstanceIPs:    []string{p.Status.PodIP},
	}
	for k, v := range e.w.mesh.GetDefaultConfig().GetProxyMetadata() {
		b := model.StringBool(v == "true" || v == "1")
		switch k {
		case "ISTIO_META_DNS_CAPTURE":
			md.DNSCapture = b
		case "ISTIO_META_DNS_AUTO_ALLOCATE":
			md.DNSAutoAllocate = b
		}
	}
	md.ProxyConfig = (*model.NodeMetaProxyConfig)(e.w.mesh.GetDefaultConfig())
	proxy := &model.Proxy{
		Type:                 typ,
		ID:                   p.Name + "." + p.Namespace,
		IPAddresses:          []string{p.Status.PodIP},
		ConfigNamespace:      p.Namespace,
		Labels:               p.Labels,
		DNSDomain:            p.Namespace + ".svc.cluster.local",
		Metadata:             md,
		XdsResourceGenerator: nil,
	}
	proxy = e.s.SetupProxy(proxy)
	ll := e.s.Listeners(proxy)
	ps := &proxyState{kind: string(typ), pod: p, proxy: proxy, listeners: ll, clusters: map[string]*cluster.Cluster{}, routes: map[string]*route.RouteConfiguration{}}
	for _, c := range e.s.Clusters(proxy) {
		ps.clusters[c.Name] = c
	}
	for _, r := range routesOf(e.s, proxy, ll) {
		ps.routes[r.Name] = r
	}
	e.proxies[key] = ps
	return ps
}

// routesOf asks for each route configuration once, as a proxy does: asked twice in one go, istiod's cache gives nothing the second time.
func routesOf(s *xds.FakeDiscoveryServer, proxy *model.Proxy, listeners []*listener.Listener) []*route.RouteConfiguration {
	names := sets.New(xdstest.ExtractRoutesFromListeners(listeners)...)
	resources, _ := s.ConfigGen.BuildHTTPRoutes(proxy, &model.PushRequest{Push: s.PushContext()}, sets.SortedList(names))
	var out []*route.RouteConfiguration
	for _, r := range resources {
		rc := &route.RouteConfiguration{}
		if unmarshal(r.Resource, rc) {
			out = append(out, rc)
		}
	}
	return out
}
