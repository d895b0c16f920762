// The input.

package main

import (
	"encoding/json"

	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pkg/config"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/runtime"
	gwv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// Case is one line of the input.
type Case struct {
	ID    string   `json:"id,omitempty"`
	Files []string `json:"files,omitempty"` // YAML texts
	// Mesh is a MeshConfig fragment (JSON); wins over mesh config found in the files.
	Mesh    json.RawMessage `json:"mesh,omitempty"`
	Probes  []Probe         `json:"probes,omitempty"`
	Options Options         `json:"options,omitempty"`
	// External says what a server outside the mesh expects: "host:port" -> "tls" | "plaintext" | "mtls".
	External map[string]string `json:"external,omitempty"`
}

type Options struct {
	// Force keeps resources that Istio's validation rejects (as with the webhook switched off).
	Force bool `json:"force,omitempty"`
	// Dump adds the raw xDS of every proxy touched.
	Dump      bool   `json:"dump,omitempty"`
	Namespace string `json:"namespace,omitempty"`
}

type From struct {
	Namespace      string            `json:"namespace,omitempty"`
	Labels         map[string]string `json:"labels,omitempty"`
	ServiceAccount string            `json:"serviceAccount,omitempty"`
	// NoSidecar: the client has no proxy.
	NoSidecar bool `json:"noSidecar,omitempty"`
}

type To struct {
	Host string `json:"host"`
	Port int    `json:"port"`
	IP   string `json:"ip,omitempty"`
}

type Probe struct {
	ID         string            `json:"id,omitempty"`
	From       From              `json:"from"`
	To         To                `json:"to"`
	Proto      string            `json:"proto"`
	HostHeader string            `json:"hostHeader,omitempty"`
	Path       string            `json:"path,omitempty"`
	Method     string            `json:"method,omitempty"`
	Headers    map[string]string `json:"headers,omitempty"`
	SNI        *string           `json:"sni,omitempty"`
	ALPN       []string          `json:"alpn,omitempty"`
	HTTP2      bool              `json:"http2,omitempty"`
}

// ResourceReport is what Istio's own validation says on one document.
type ResourceReport struct {
	File      int      `json:"file"`
	Doc       int      `json:"doc"`
	Kind      string   `json:"kind,omitempty"`
	Namespace string   `json:"namespace,omitempty"`
	Name      string   `json:"name,omitempty"`
	Unknown   []string `json:"unknownFields,omitempty"`
	Errors    []string `json:"errors,omitempty"`
	Warnings  []string `json:"warnings,omitempty"`
	Dropped   bool     `json:"dropped,omitempty"`
	Ignored   bool     `json:"ignored,omitempty"`
}

type world struct {
	configs    []config.Config
	kube       []runtime.Object
	services   []*corev1.Service
	pods       []*corev1.Pod
	slices     []*discoveryv1.EndpointSlice
	namespaces map[string]*corev1.Namespace
	gwAPI      []*gwv1.Gateway
	mesh       *meshconfig.MeshConfig
	reports    []ResourceReport
	gatewaySel []gatewaySelector
	nextPod    int
	nextSvc    int
	nextVIP    int
	defaultNS  string
}

type gatewaySelector struct {
	ns, name string
	sel      map[string]string
}
