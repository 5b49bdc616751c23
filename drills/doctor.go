package drills

import (
	"context"
	"fmt"

	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/images"
)

// Finding is one thing that drills need and whether it is there.
type Finding struct {
	Name   string
	OK     bool
	Detail string
	Advice string // what to do when it is not OK
}

// What drills need of a machine: the images take 2 GB, a stack less than 1 GiB.
const (
	minCPUs   = 2
	minMemory = 2 << 30
)

// Doctor looks whether this machine can run drills. It changes nothing.
func Doctor(ctx context.Context) []Finding {
	host := describeHost()
	findings := []Finding{
		{"processors", host.CPUs >= minCPUs, fmt.Sprintf("%d", host.CPUs), "figures taken on one processor are mostly noise: use a machine with two"},
		{"memory", host.MemoryBytes >= minMemory, fmt.Sprintf("%.1f GiB", float64(host.MemoryBytes)/(1<<30)), "a stack needs 2 GiB"},
	}
	engine, err := fixtures.Connect(ctx)
	if err != nil {
		return append(findings, Finding{Name: "engine", Detail: "none answers", Advice: err.Error()})
	}
	defer engine.Close()
	is, err := engine.Describe(ctx)
	if err != nil {
		return append(findings, Finding{Name: "engine", Detail: err.Error(), Advice: "look into the engine's own log"})
	}
	findings = append(findings, Finding{Name: "engine", OK: true, Detail: fmt.Sprintf("%s %s, API %s, %s", is.Name, is.Version, is.APIVersion, is.StorageDriver)})
	for _, key := range images.Keys() {
		ref := images.Ref(key)
		there, err := engine.HasImage(ctx, ref)
		findings = append(findings, Finding{"image " + key, there && err == nil, ref, "`drdrill images` builds it; `drdrill run` does so by itself"})
	}
	return findings
}
