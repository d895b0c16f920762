// What the program prints.

package main

type Layer struct {
	SNI        string   `json:"sni"`
	ALPN       []string `json:"alpn,omitempty"`
	By         string   `json:"by"`                   // client | sidecar ns/pod | gateway ns/pod
	Mode       string   `json:"mode"`                 // SIMPLE | MUTUAL | ISTIO_MUTUAL
	ClientCert string   `json:"clientCert,omitempty"` // "" | mesh | <sds name>
	Verify     string   `json:"verify,omitempty"`     // mesh | none | <sds name> | client
	SANs       []string `json:"sans,omitempty"`
	AutoSAN    bool     `json:"autoSanValidation,omitempty"`
}

type TLSInfo struct {
	Mode       string   `json:"mode"` // NONE | SIMPLE | MUTUAL | ISTIO_MUTUAL
	SNI        string   `json:"sni,omitempty"`
	AutoSNI    bool     `json:"autoSni,omitempty"`
	ALPN       []string `json:"alpn,omitempty"`
	Cert       []string `json:"cert,omitempty"`
	Validation string   `json:"validation,omitempty"`
	SANs       []string `json:"sans,omitempty"`
	Require    bool     `json:"requireClientCert,omitempty"`
	Match      string   `json:"match,omitempty"` // transport socket match chosen
}

type Hop struct {
	Proxy       string   `json:"proxy"` // sidecar | gateway | inbound
	Workload    string   `json:"workload"`
	ToIP        string   `json:"toIP"`
	ToPort      int      `json:"toPort"`
	Wire        []string `json:"wire"`
	Listener    string   `json:"listener,omitempty"`
	FilterChain string   `json:"filterChain,omitempty"`
	ChainMatch  string   `json:"chainMatch,omitempty"`
	Kind        string   `json:"kind,omitempty"` // http | tcp
	Downstream  *TLSInfo `json:"downstreamTls,omitempty"`
	RouteConfig string   `json:"routeConfig,omitempty"`
	VirtualHost string   `json:"virtualHost,omitempty"`
	Route       string   `json:"route,omitempty"`
	RouteSource string   `json:"routeSource,omitempty"` // the VirtualService, from the route's metadata
	Cluster     string   `json:"cluster,omitempty"`
	Weight      uint32   `json:"weight,omitempty"`
	ClusterType string   `json:"clusterType,omitempty"`
	ClusterFrom string   `json:"clusterSource,omitempty"` // the DestinationRule, from the cluster's metadata
	Upstream    *TLSInfo `json:"upstreamTls,omitempty"`
	Endpoints   []string `json:"endpoints,omitempty"`
	Endpoint    string   `json:"endpoint,omitempty"`
	Filters     []string `json:"filters,omitempty"`
	Notes       []string `json:"notes,omitempty"`
}

type Outcome struct {
	Result string `json:"result"` // see README
	// Delivered
	Host string   `json:"host,omitempty"`
	IP   string   `json:"ip,omitempty"`
	Port int      `json:"port,omitempty"`
	Wire []string `json:"wire,omitempty"` // outermost first, what the last proxy puts on the wire
	As   string   `json:"as,omitempty"`   // plaintext | tls | double-tls | triple-tls
	Via  string   `json:"via,omitempty"`  // cluster name of the last hop
	// Client is what the caller sees.
	Client string `json:"client,omitempty"`
	Flag   string `json:"flag,omitempty"` // Envoy response flag
	Code   int    `json:"code,omitempty"`
	At     string `json:"at,omitempty"` // the proxy where it failed
	Reason string `json:"reason,omitempty"`
	OK     bool   `json:"ok"`
	// OtherHost: it arrives, but at a name other than the one that was dialled.
	OtherHost bool `json:"otherHost,omitempty"`
}

type Path struct {
	Weight  float64 `json:"weight"`
	Hops    []Hop   `json:"hops"`
	Outcome Outcome `json:"outcome"`
}

type ProbeResult struct {
	Probe   Probe   `json:"probe"`
	Outcome Outcome `json:"outcome"` // of the heaviest path
	Mixed   bool    `json:"mixed,omitempty"`
	Paths   []Path  `json:"paths"`
	Error   string  `json:"error,omitempty"`
}

// ---- engine ----
