package main

import (
	"k8s.io/apimachinery/pkg/runtime"
	gwv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// applyDefaults fills in what the schemas of the Gateway API's CRDs would; istiod relies on it.
func applyDefaults(o runtime.Object) {
	switch t := o.(type) {
	case *gwv1.HTTPRoute:
		for i := range t.Spec.Rules {
			r := &t.Spec.Rules[i]
			if len(r.Matches) == 0 {
				r.Matches = []gwv1.HTTPRouteMatch{{}}
			}
			for j := range r.Matches {
				defaultMatch(&r.Matches[j])
			}
		}
	case *gwv1.GRPCRoute:
		for i := range t.Spec.Rules {
			for j := range t.Spec.Rules[i].Matches {
				m := &t.Spec.Rules[i].Matches[j]
				if m.Method != nil {
					setDefault(&m.Method.Type, gwv1.GRPCMethodMatchExact)
				}
				for k := range m.Headers {
					setDefault(&m.Headers[k].Type, gwv1.GRPCHeaderMatchExact)
				}
			}
		}
	}
}

func defaultMatch(m *gwv1.HTTPRouteMatch) {
	if m.Path == nil {
		m.Path = &gwv1.HTTPPathMatch{}
	}
	setDefault(&m.Path.Type, gwv1.PathMatchPathPrefix)
	setDefault(&m.Path.Value, "/")
	for k := range m.Headers {
		setDefault(&m.Headers[k].Type, gwv1.HeaderMatchExact)
	}
	for k := range m.QueryParams {
		setDefault(&m.QueryParams[k].Type, gwv1.QueryParamMatchExact)
	}
}

func setDefault[T any](field **T, value T) {
	if *field == nil {
		*field = &value
	}
}
