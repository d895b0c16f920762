// From YAML to the objects that istiod is given.

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"sort"
	"strings"
	"time"

	apiv1 "istio.io/api/networking/v1"
	networking "istio.io/api/networking/v1alpha3"
	"istio.io/istio/pilot/pkg/config/kube/crd"
	se "istio.io/istio/pilot/pkg/networking/serviceentry"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/config/schema/resource"
	kubelib "istio.io/istio/pkg/kube"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	kubeyaml "k8s.io/apimachinery/pkg/util/yaml"
	gwv1 "sigs.k8s.io/gateway-api/apis/v1"
	gwv1beta1 "sigs.k8s.io/gateway-api/apis/v1beta1"
	kjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

func errList(err error) []string {
	if err == nil {
		return nil
	}
	type multi interface{ WrappedErrors() []error }
	if m, ok := err.(multi); ok {
		out := []string{}
		for _, e := range m.WrappedErrors() {
			out = append(out, e.Error())
		}
		return out
	}
	if m, ok := err.(interface{ Unwrap() []error }); ok {
		out := []string{}
		for _, e := range m.Unwrap() {
			out = append(out, e.Error())
		}
		return out
	}
	return []string{err.Error()}
}

var istioTopLevel = map[string]bool{"apiVersion": true, "kind": true, "metadata": true, "spec": true, "status": true}

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func load(c *Case) (*world, error) {
	w := &world{namespaces: map[string]*corev1.Namespace{}, defaultNS: c.Options.Namespace}
	if w.defaultNS == "" {
		w.defaultNS = "default"
	}
	var meshYAML []string
	for fi, text := range c.Files {
		r := kubeyaml.NewYAMLReader(bufio.NewReader(strings.NewReader(text)))
		for di := 0; ; di++ {
			doc, err := r.Read()
			if err == io.EOF {
				break
			}
			rep := ResourceReport{File: fi, Doc: di}
			if err != nil {
				rep.Errors = []string{"yaml: " + err.Error()}
				w.reports = append(w.reports, rep)
				break
			}
			if len(bytes.TrimSpace(doc)) == 0 {
				continue
			}
			obj := map[string]any{}
			if err := yaml.UnmarshalStrict(doc, &obj); err != nil {
				rep.Errors = append(rep.Errors, "yaml: "+err.Error())
				if err := yaml.Unmarshal(doc, &obj); err != nil {
					rep.Dropped = true
					w.reports = append(w.reports, rep)
					continue
				}
			}
			if len(obj) == 0 {
				continue
			}
			un := &unstructured.Unstructured{Object: obj}
			if un.IsList() {
				_ = un.EachListItem(func(o runtime.Object) error {
					rr := rep
					w.addDoc(o.(*unstructured.Unstructured), &rr, c, &meshYAML)
					w.reports = append(w.reports, rr)
					return nil
				})
				continue
			}
			w.addDoc(un, &rep, c, &meshYAML)
			w.reports = append(w.reports, rep)
		}
	}
	m := mesh.DefaultMeshConfig()
	if len(c.Mesh) > 0 && string(c.Mesh) != "null" {
		meshYAML = append(meshYAML, string(c.Mesh))
	}
	for _, y := range meshYAML {
		var err error
		m, err = mesh.ApplyMeshConfig(y, m)
		if err != nil {
			return nil, fmt.Errorf("mesh config: %v", err)
		}
	}
	w.mesh = m
	return w, nil
}

func (w *world) addDoc(un *unstructured.Unstructured, rep *ResourceReport, c *Case, meshYAML *[]string) {
	rep.Kind, rep.Name, rep.Namespace = un.GetKind(), un.GetName(), un.GetNamespace()
	gvk := un.GroupVersionKind()
	raw, err := un.MarshalJSON()
	if err != nil {
		rep.Errors = append(rep.Errors, err.Error())
		rep.Dropped = true
		return
	}
	ns := un.GetNamespace()
	if ns == "" {
		ns = w.defaultNS
	}
	if rep.Kind == "IstioOperator" {
		if mc, ok, _ := unstructured.NestedMap(un.Object, "spec", "meshConfig"); ok {
			b, _ := json.Marshal(mc)
			*meshYAML = append(*meshYAML, string(b))
		}
		return
	}
	if rep.Kind == "MeshConfig" { // convenience: a bare MeshConfig document
		delete(un.Object, "apiVersion")
		delete(un.Object, "kind")
		delete(un.Object, "metadata")
		b, _ := json.Marshal(un.Object)
		*meshYAML = append(*meshYAML, string(b))
		return
	}
	if strings.HasSuffix(gvk.Group, "istio.io") {
		w.addIstio(un, raw, ns, rep, c)
		return
	}
	o, _, err := kubelib.IstioCodec.UniversalDeserializer().Decode(raw, nil, nil)
	if err != nil {
		rep.Ignored = true
		rep.Warnings = append(rep.Warnings, "not decoded: "+err.Error())
		return
	}
	// strict check
	fresh := o.DeepCopyObject()
	if errs, err := kjson.UnmarshalStrict(raw, fresh); err == nil {
		for _, e := range errs {
			rep.Unknown = append(rep.Unknown, e.Error())
		}
	}
	mo, ok := o.(metav1.Object)
	if !ok {
		rep.Ignored = true
		return
	}
	if _, isNS := o.(*corev1.Namespace); !isNS && mo.GetNamespace() == "" {
		switch o.(type) {
		case *gwv1.GatewayClass:
		default:
			mo.SetNamespace(ns)
		}
	}
	if mo.GetCreationTimestamp().Time.IsZero() {
		mo.SetCreationTimestamp(metav1.NewTime(epoch.Add(time.Duration(len(w.reports)) * time.Second)))
	}
	applyDefaults(o)
	switch t := o.(type) {
	case *corev1.Namespace:
		w.namespaces[t.Name] = t
	case *corev1.Service:
		w.services = append(w.services, t)
	case *corev1.Pod:
		w.pods = append(w.pods, t)
	case *discoveryv1.EndpointSlice:
		w.slices = append(w.slices, t)
	case *appsv1.Deployment:
		w.podFromTemplate(t.Name, t.Namespace, t.Spec.Template)
	case *appsv1.StatefulSet:
		w.podFromTemplate(t.Name, t.Namespace, t.Spec.Template)
	case *appsv1.DaemonSet:
		w.podFromTemplate(t.Name, t.Namespace, t.Spec.Template)
	case *appsv1.ReplicaSet:
		w.podFromTemplate(t.Name, t.Namespace, t.Spec.Template)
	case *corev1.ConfigMap:
		if t.Name == "istio" && t.Data["mesh"] != "" {
			*meshYAML = append(*meshYAML, t.Data["mesh"])
		}
		w.kube = append(w.kube, t)
	case *corev1.Secret:
		w.kube = append(w.kube, t)
	case *gwv1.Gateway:
		w.gwAPI = append(w.gwAPI, t)
		w.kube = append(w.kube, t)
	case *gwv1beta1.Gateway:
		g := gwv1.Gateway(*t)
		g.APIVersion = "gateway.networking.k8s.io/v1"
		w.gwAPI = append(w.gwAPI, &g)
		w.kube = append(w.kube, &g)
	case *gwv1beta1.HTTPRoute:
		g := gwv1.HTTPRoute(*t)
		g.APIVersion = "gateway.networking.k8s.io/v1"
		applyDefaults(&g)
		w.kube = append(w.kube, &g)
	default:
		if strings.Contains(gvk.Group, "gateway.networking") || gvk.Group == "" {
			w.kube = append(w.kube, o)
		} else {
			rep.Ignored = true
		}
	}
}

func (w *world) addIstio(un *unstructured.Unstructured, raw []byte, ns string, rep *ResourceReport, c *Case) {
	gvk := un.GroupVersionKind()
	s, ok := collections.All.FindByGroupVersionAliasesKind(resource.FromKubernetesGVK(&gvk))
	if !ok {
		rep.Errors = append(rep.Errors, fmt.Sprintf("unknown kind %s", gvk.String()))
		rep.Dropped = true
		return
	}
	for k := range un.Object {
		if !istioTopLevel[k] {
			rep.Unknown = append(rep.Unknown, fmt.Sprintf("unknown field %q on %s resource %s/%s", k, gvk.Kind, ns, un.GetName()))
		}
	}
	sort.Strings(rep.Unknown)
	obj := crd.IstioKind{}
	if err := json.Unmarshal(raw, &obj); err != nil {
		rep.Errors = append(rep.Errors, "decode: "+err.Error())
		rep.Dropped = true
		return
	}
	if obj.Namespace == "" {
		obj.Namespace = ns
	}
	rep.Namespace = obj.Namespace
	if specJSON, err := json.Marshal(un.Object["spec"]); err == nil && un.Object["spec"] != nil {
		if inst, err := s.NewInstance(); err == nil {
			if err := config.ApplyJSONStrict(inst, string(specJSON)); err != nil {
				rep.Unknown = append(rep.Unknown, err.Error())
			}
		}
	}
	cfg, err := crd.ConvertObject(s, &obj, "cluster.local")
	if err != nil {
		// a value of the wrong type: the API server would refuse it
		rep.Errors = append(rep.Errors, "decode: "+err.Error())
		rep.Dropped = true
		return
	}
	// istiod's IP allocation controller gives every eligible ServiceEntry an address in its status
	// (used by proxies with DNS capture); the fake server does not run it.
	if st, ok := cfg.Status.(*apiv1.ServiceEntryStatus); (!ok || len(st.GetAddresses()) == 0) && se.ShouldV2AutoAllocateIPFromConfig(*cfg) {
		st := &apiv1.ServiceEntryStatus{}
		for _, h := range cfg.Spec.(*networking.ServiceEntry).Hosts {
			if strings.HasPrefix(h, "*") && cfg.Spec.(*networking.ServiceEntry).Resolution != networking.ServiceEntry_DYNAMIC_DNS {
				continue
			}
			w.nextVIP++
			st.Addresses = append(st.Addresses, &apiv1.ServiceEntryAddress{Host: h, Value: fmt.Sprintf("240.240.%d.%d", w.nextVIP/250, 1+w.nextVIP%250)})
		}
		cfg.Status = st
	}
	if cfg.CreationTimestamp.IsZero() {
		cfg.CreationTimestamp = epoch.Add(time.Duration(len(w.reports)) * time.Second)
	}
	warn, verr := s.ValidateConfig(*cfg)
	rep.Warnings = append(rep.Warnings, errList(warn)...)
	rep.Errors = append(rep.Errors, errList(verr)...)
	if verr != nil && !c.Options.Force {
		rep.Dropped = true
		return
	}
	if _, ok := collections.PilotGatewayAPI().FindByGroupVersionAliasesKind(resource.FromKubernetesGVK(&gvk)); !ok {
		rep.Ignored = true
		return
	}
	if g, ok := cfg.Spec.(*networking.Gateway); ok {
		w.gatewaySel = append(w.gatewaySel, gatewaySelector{cfg.Namespace, cfg.Name, g.Selector})
	}
	w.configs = append(w.configs, *cfg)
	if cfg.GroupVersionKind.Kind == "ServiceEntry" {
		// the Gateway API controller reads these through its own informer
		cp := un.DeepCopy()
		cp.SetNamespace(cfg.Namespace)
		cp.SetAPIVersion("networking.istio.io/v1")
		if b, err := cp.MarshalJSON(); err == nil {
			if o, _, err := kubelib.IstioCodec.UniversalDeserializer().Decode(b, nil, nil); err == nil {
				w.kube = append(w.kube, o)
			}
		}
	}
}

func (w *world) podFromTemplate(name, ns string, t corev1.PodTemplateSpec) *corev1.Pod {
	p := &corev1.Pod{ObjectMeta: *t.ObjectMeta.DeepCopy(), Spec: *t.Spec.DeepCopy()}
	p.Name = name + "-0"
	p.Namespace = ns
	w.pods = append(w.pods, p)
	return p
}
