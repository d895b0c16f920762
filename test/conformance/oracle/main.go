// Asks Istio's own control plane what becomes of connections: one case a line in, one result a line out (README.md).
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	"google.golang.org/protobuf/proto"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config/schema/gatewayapi"
	_ "istio.io/istio/pkg/config/xds"
	"istio.io/istio/pkg/kube/krt"
	"istio.io/istio/pkg/log"
	"istio.io/istio/pkg/test"
	"istio.io/istio/pkg/util/protomarshal"
)

// istioVersion is what the proxies say they are.
const istioVersion = "1.31.0"

type Result struct {
	ID         string           `json:"id,omitempty"`
	Validation []ResourceReport `json:"validation"`
	Probes     []ProbeResult    `json:"probes"`
	Error      string           `json:"error,omitempty"`
	MS         float64          `json:"ms"`
	Dump       map[string]any   `json:"dump,omitempty"`
}

func runCase(c *Case) (res *Result) {
	res = &Result{ID: c.ID}
	t0 := time.Now()
	defer func() { res.MS = float64(time.Since(t0).Microseconds()) / 1000 }()
	w, err := load(c)
	if err != nil {
		res.Error = err.Error()
		return res
	}
	objs := w.complete(c)
	res.Validation = w.reports
	if len(c.Probes) == 0 && !c.Options.Dump {
		return res
	}
	// Every fake server registers its collections here, for good: without a fresh one 2,000 cases keep 10 GiB.
	krt.GlobalDebugHandler = new(krt.DebugHandler)
	err = test.Wrap(func(t test.Failer) {
		s := xds.NewFakeDiscoveryServer(t, xds.FakeOptions{
			KubernetesObjects: objs,
			Configs:           w.configs,
			MeshConfig:        w.mesh,
		})
		settle(s)
		e := &engine{w: w, s: s, c: c, proxies: map[string]*proxyState{}}
		for i := range c.Probes {
			res.Probes = append(res.Probes, e.run(&c.Probes[i]))
		}
		if c.Options.Dump {
			res.Dump = map[string]any{}
			for k, ps := range e.proxies {
				cs := []*cluster.Cluster{}
				for _, x := range ps.clusters {
					cs = append(cs, x)
				}
				rs := []*route.RouteConfiguration{}
				for _, x := range ps.routes {
					rs = append(rs, x)
				}
				res.Dump[k] = map[string]any{"listeners": dump(ps.listeners), "clusters": dump(cs), "routes": dump(rs)}
			}
		}
	})
	if err != nil {
		res.Error = err.Error()
	}
	return res
}

// settle waits until the registries have told the server about everything.
func settle(s *xds.FakeDiscoveryServer) {
	last := int64(-1)
	for i := 0; i < 200; i++ {
		a, b := s.Discovery.InboundUpdates.Load(), s.Discovery.CommittedUpdates.Load()
		if a == b && a == last {
			return
		}
		if a == b {
			last = a
		}
		time.Sleep(2 * time.Millisecond)
	}
}

func dump[T proto.Message](xs []T) []json.RawMessage {
	out := []json.RawMessage{}
	for _, x := range xs {
		b, err := protomarshal.Marshal(x)
		if err != nil {
			b, _ = json.Marshal(err.Error())
		}
		out = append(out, b)
	}
	return out
}

func main() {
	workers := flag.Int("workers", 4*runtime.NumCPU(), "cases run at once in batch mode")
	logLevel := flag.String("log", "none", "istio log level")
	stats := flag.Bool("stats", true, "print throughput to stderr in batch mode")
	// istiod passes over CRDs whose annotation tells no version, and those of its own test server have none.
	clear(gatewayapi.MinimumCRDVersions)
	testing.Init()
	flag.Parse()
	setLog(*logLevel)
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(800)
		debug.SetMemoryLimit(2 << 30)
	}

	batch(*workers, *stats)
}

func setLog(level string) {
	o := log.DefaultOptions()
	o.OutputPaths = []string{"stderr"}
	lv := map[string]log.Level{"none": log.NoneLevel, "error": log.ErrorLevel, "warn": log.WarnLevel, "info": log.InfoLevel, "debug": log.DebugLevel}[strings.ToLower(level)]
	_ = log.Configure(o)
	for _, s := range log.Scopes() {
		s.SetOutputLevel(lv)
	}
}

func batch(workers int, stats bool) {
	type job struct {
		n int
		c Case
		e error
	}
	in := make(chan job)
	out := make(chan struct {
		n int
		r *Result
	})
	var wg sync.WaitGroup
	for i := 0; i < workers; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range in {
				r := &Result{}
				if j.e != nil {
					r.Error = j.e.Error()
				} else {
					r = safe(&j.c)
				}
				out <- struct {
					n int
					r *Result
				}{j.n, r}
			}
		}()
	}
	go func() {
		rd := bufio.NewReaderSize(os.Stdin, 1<<20)
		n := 0
		for {
			line, err := rd.ReadBytes('\n')
			if len(strings.TrimSpace(string(line))) > 0 {
				j := job{n: n}
				j.e = json.Unmarshal(line, &j.c)
				in <- j
				n++
			}
			if err != nil {
				break
			}
		}
		close(in)
		wg.Wait()
		close(out)
	}()
	// results come out in the order of the input
	wr := bufio.NewWriterSize(os.Stdout, 1<<20)
	enc := json.NewEncoder(wr)
	enc.SetEscapeHTML(false)
	pend := map[int]*Result{}
	next := 0
	t0 := time.Now()
	probes := 0
	for x := range out {
		pend[x.n] = x.r
		for pend[next] != nil {
			probes += len(pend[next].Probes)
			_ = enc.Encode(pend[next])
			_ = wr.Flush()
			delete(pend, next)
			next++
		}
	}
	if stats {
		d := time.Since(t0).Seconds()
		fmt.Fprintf(os.Stderr, "%d cases, %d probes in %.1fs: %.1f cases/s, %.1f probes/s\n", next, probes, d, float64(next)/d, float64(probes)/d)
	}
}

func safe(c *Case) (r *Result) {
	defer func() {
		if p := recover(); p != nil {
			r = &Result{ID: c.ID, Error: fmt.Sprintf("panic: %v", p)}
		}
	}()
	return runCase(c)
}
