// What the API server, the kubelet, the endpoint controller and Istio's deployment controller would add.

package main

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func subset(sel, labels map[string]string) bool {
	for k, v := range sel {
		if labels[k] != v {
			return false
		}
	}
	return true
}

func injected(p *corev1.Pod) bool {
	if p.Labels["sidecar.istio.io/inject"] == "false" || p.Annotations["sidecar.istio.io/inject"] == "false" {
		return false
	}
	return !p.Spec.HostNetwork
}

// complete fills in what the API server, the kubelet and the endpoint controller would.
func (w *world) complete(c *Case) []runtime.Object {
	// Gateway API gateways of Istio's class: Istio deploys a Service and a Deployment for each.
	for _, g := range w.gwAPI {
		if len(g.Spec.Addresses) > 0 || (g.Spec.GatewayClassName != "istio") {
			continue
		}
		name := g.Name + "-" + string(g.Spec.GatewayClassName)
		exists := false
		for _, s := range w.services {
			exists = exists || (s.Name == name && s.Namespace == g.Namespace)
		}
		if exists {
			continue
		}
		sel := map[string]string{"gateway.networking.k8s.io/gateway-name": g.Name}
		svc := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: g.Namespace, Labels: sel}}
		svc.Spec.Selector = sel
		svc.Spec.Type = corev1.ServiceTypeLoadBalancer
		seen := map[int32]bool{}
		for _, l := range g.Spec.Listeners {
			if seen[int32(l.Port)] {
				continue
			}
			seen[int32(l.Port)] = true
			ap := strings.ToLower(string(l.Protocol))
			svc.Spec.Ports = append(svc.Spec.Ports, corev1.ServicePort{Name: string(l.Name), Port: int32(l.Port), AppProtocol: &ap})
		}
		w.services = append(w.services, svc)
	}
	for _, s := range w.services {
		if s.Spec.Type == "" {
			s.Spec.Type = corev1.ServiceTypeClusterIP
		}
		if s.Spec.ClusterIP == "" && s.Spec.Type != corev1.ServiceTypeExternalName {
			w.nextSvc++
			s.Spec.ClusterIP = fmt.Sprintf("10.96.%d.%d", w.nextSvc/250, 1+w.nextSvc%250)
			s.Spec.ClusterIPs = []string{s.Spec.ClusterIP}
		}
		for i := range s.Spec.Ports {
			p := &s.Spec.Ports[i]
			if p.Protocol == "" {
				p.Protocol = corev1.ProtocolTCP
			}
			if p.TargetPort.Type == intstr.Int && p.TargetPort.IntVal == 0 && p.TargetPort.StrVal == "" {
				p.TargetPort = intstr.FromInt32(p.Port)
			}
		}
		if len(s.Spec.Selector) > 0 {
			found := false
			for _, p := range w.pods {
				if p.Namespace == s.Namespace && subset(s.Spec.Selector, p.Labels) {
					found = true
				}
			}
			if !found {
				p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: s.Name + "-synth", Namespace: s.Namespace, Labels: map[string]string{}}}
				for k, v := range s.Spec.Selector {
					p.Labels[k] = v
				}
				ct := corev1.Container{Name: "app"}
				for _, sp := range s.Spec.Ports {
					if sp.TargetPort.Type == intstr.String {
						ct.Ports = append(ct.Ports, corev1.ContainerPort{Name: sp.TargetPort.StrVal, ContainerPort: sp.Port, Protocol: sp.Protocol})
					}
				}
				p.Spec.Containers = []corev1.Container{ct}
				w.pods = append(w.pods, p)
			}
		}
	}
	// clients
	for i := range c.Probes {
		f := &c.Probes[i].From
		if f.Namespace == "" {
			f.Namespace = w.defaultNS
		}
		if w.clientPod(f) == nil {
			p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("oracle-client-%d", i), Namespace: f.Namespace, Labels: map[string]string{}}}
			for k, v := range f.Labels {
				p.Labels[k] = v
			}
			p.Annotations = map[string]string{"oracle": "client"}
			p.Spec.ServiceAccountName = f.ServiceAccount
			p.Spec.Containers = []corev1.Container{{Name: "app"}}
			w.pods = append(w.pods, p)
		}
	}
	for _, p := range w.pods {
		if p.Status.PodIP == "" {
			w.nextPod++
			p.Status.PodIP = fmt.Sprintf("10.244.%d.%d", w.nextPod/250, 1+w.nextPod%250)
		}
		p.Status.PodIPs = []corev1.PodIP{{IP: p.Status.PodIP}}
		p.Status.Phase = corev1.PodRunning
		p.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}}
		if p.Spec.ServiceAccountName == "" {
			p.Spec.ServiceAccountName = "default"
		}
		if p.Labels == nil {
			p.Labels = map[string]string{}
		}
		// The sidecar injection template sets this label, the gateway template does not: with
		// auto mTLS a sidecar talks plaintext to a gateway pod unless a DestinationRule says otherwise.
		if injected(p) && !w.isGateway(p) && p.Labels["security.istio.io/tlsMode"] == "" {
			p.Labels["security.istio.io/tlsMode"] = "istio"
		}
	}
	hasSlice := map[string]bool{}
	for _, sl := range w.slices {
		hasSlice[sl.Namespace+"/"+sl.Labels["kubernetes.io/service-name"]] = true
	}
	for _, s := range w.services {
		if len(s.Spec.Selector) == 0 || hasSlice[s.Namespace+"/"+s.Name] {
			continue
		}
		sl := &discoveryv1.EndpointSlice{
			ObjectMeta: metav1.ObjectMeta{
				Name: s.Name + "-slice", Namespace: s.Namespace,
				Labels: map[string]string{"kubernetes.io/service-name": s.Name},
			},
			AddressType: discoveryv1.AddressTypeIPv4,
		}
		first := true
		tr := true
		for _, p := range w.pods {
			if p.Namespace != s.Namespace || !subset(s.Spec.Selector, p.Labels) {
				continue
			}
			if first {
				for i := range s.Spec.Ports {
					sp := s.Spec.Ports[i]
					n, pr := sp.Name, sp.Protocol
					num := targetPort(p, &sp)
					if num == 0 {
						continue
					}
					sl.Ports = append(sl.Ports, discoveryv1.EndpointPort{Name: &n, Protocol: &pr, Port: &num})
				}
				first = false
			}
			sl.Endpoints = append(sl.Endpoints, discoveryv1.Endpoint{
				Addresses:  []string{p.Status.PodIP},
				Conditions: discoveryv1.EndpointConditions{Ready: &tr, Serving: &tr},
				TargetRef:  &corev1.ObjectReference{Kind: "Pod", Name: p.Name, Namespace: p.Namespace},
			})
		}
		w.slices = append(w.slices, sl)
	}
	nss := map[string]bool{"istio-system": true}
	for _, p := range w.pods {
		nss[p.Namespace] = true
	}
	for _, s := range w.services {
		nss[s.Namespace] = true
	}
	for _, cf := range w.configs {
		nss[cf.Namespace] = true
	}
	for ns := range nss {
		if w.namespaces[ns] == nil {
			w.namespaces[ns] = &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: ns}}
		}
	}
	out := append([]runtime.Object{}, w.kube...)
	for _, n := range w.namespaces {
		if n.Labels == nil {
			n.Labels = map[string]string{}
		}
		n.Labels["kubernetes.io/metadata.name"] = n.Name
		out = append(out, n)
	}
	for _, s := range w.services {
		out = append(out, s)
	}
	for _, p := range w.pods {
		out = append(out, p)
	}
	for _, s := range w.slices {
		out = append(out, s)
	}
	return out
}
