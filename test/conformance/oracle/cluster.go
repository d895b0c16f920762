// Look-ups in the completed cluster.

package main

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func targetPort(p *corev1.Pod, sp *corev1.ServicePort) int32 {
	if sp.TargetPort.Type == intstr.Int {
		return sp.TargetPort.IntVal
	}
	for _, c := range p.Spec.Containers {
		for _, cp := range c.Ports {
			if cp.Name == sp.TargetPort.StrVal {
				return cp.ContainerPort
			}
		}
	}
	return 0
}

func (w *world) clientPod(f *From) *corev1.Pod {
	for _, p := range w.pods {
		if p.Namespace != f.Namespace {
			continue
		}
		if f.ServiceAccount != "" && p.Spec.ServiceAccountName != f.ServiceAccount {
			continue
		}
		if len(f.Labels) == 0 {
			// only a made-up client without labels stands for "any workload here"
			if p.Annotations["oracle"] == "client" && len(without(p.Labels, "security.istio.io/tlsMode")) == 0 {
				return p
			}
			continue
		}
		if subset(f.Labels, p.Labels) {
			return p
		}
	}
	return nil
}

func without(m map[string]string, k string) map[string]string {
	o := map[string]string{}
	for a, b := range m {
		if a != k {
			o[a] = b
		}
	}
	return o
}

func (w *world) podByIP(ip string) *corev1.Pod {
	for _, p := range w.pods {
		if p.Status.PodIP == ip {
			return p
		}
	}
	return nil
}

func (w *world) serviceByIP(ip string) *corev1.Service {
	for _, s := range w.services {
		if s.Spec.ClusterIP == ip {
			return s
		}
	}
	return nil
}

// serviceByHost resolves a name as the cluster DNS would for a pod in ns.
func (w *world) serviceByHost(h, ns string) *corev1.Service {
	h = strings.TrimSuffix(strings.ToLower(h), ".")
	for _, s := range w.services {
		full := s.Name + "." + s.Namespace + ".svc.cluster.local"
		if h == full || h == s.Name+"."+s.Namespace+".svc" || h == s.Name+"."+s.Namespace || (h == s.Name && s.Namespace == ns) {
			return s
		}
	}
	return nil
}

// isGateway tells whether a pod runs a gateway proxy rather than a sidecar.
func (w *world) isGateway(p *corev1.Pod) bool {
	if p.Labels["gateway.networking.k8s.io/gateway-name"] != "" {
		return true
	}
	if t := p.Annotations["inject.istio.io/templates"]; t == "gateway" {
		return true
	}
	l := p.Labels["istio"]
	if strings.HasSuffix(l, "gateway") || strings.HasSuffix(l, "-gateway") || strings.HasSuffix(l, "egressgateway") {
		return true
	}
	for _, g := range w.gatewaySel {
		if len(g.sel) > 0 && subset(g.sel, p.Labels) {
			return true
		}
	}
	return false
}
