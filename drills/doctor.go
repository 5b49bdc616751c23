package drills

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

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

// Doctor looks whether this machine can run drills. It starts one container for a moment, and changes nothing else.
func Doctor(ctx context.Context) []Finding {
	host := describeHost()
	findings := []Finding{
		{"processors", host.CPUs >= minCPUs, fmt.Sprintf("%d", host.CPUs), "figures taken on one processor are mostly noise: use a machine with two"},
		{"memory", host.MemoryBytes >= minMemory, fmt.Sprintf("%.1f GiB", float64(host.MemoryBytes)/(1<<30)), "a stack needs 2 GiB"},
	}
	engine, err := fixtures.Connect(ctx)
	if err != nil {
		detail := "none answers"
		if errors.Is(err, fixtures.ErrNoAccess) {
			detail = "it does not let this user in"
		}
		return append(findings, Finding{Name: "engine", Detail: detail, Advice: err.Error()})
	}
	defer engine.Close()
	is, err := engine.Describe(ctx)
	if err != nil {
		return append(findings, Finding{Name: "engine", Detail: err.Error(), Advice: "look into the engine's own log"})
	}
	findings = append(findings, Finding{Name: "engine", OK: true, Detail: fmt.Sprintf("%s %s, API %s, %s", is.Name, is.Version, is.APIVersion, is.StorageDriver)})
	findings = append(findings, examineReach(ctx, engine))
	for _, key := range images.Keys() {
		findings = append(findings, examineImage(ctx, engine, key))
	}
	return findings
}

// examineReach looks whether clients reach what containers publish, once there is an image to look with.
func examineReach(ctx context.Context, e *fixtures.Engine) Finding {
	f := Finding{Name: "published ports", OK: true, Detail: "within reach at 127.0.0.1"}
	reaper := images.Image{Ref: images.Ref("reaper")}
	there, err := e.HasImage(ctx, reaper.Ref)
	if err == nil && !there {
		f.Detail = "not looked at, since the image reaper is not built yet"
		return f
	}
	if err == nil {
		err = e.CheckReach(ctx, fmt.Sprintf("doctor-%08x", rand.Uint32()), reaper)
	}
	switch {
	case errors.Is(err, fixtures.ErrOutOfReach):
		f.OK, f.Detail, f.Advice = false, "out of reach", err.Error()
	case err != nil:
		f.OK, f.Detail, f.Advice = false, err.Error(), "look into the engine's own log"
	}
	return f
}

// examineImage looks for one of our images. One that is not there yet is no fault: a run builds it.
func examineImage(ctx context.Context, e *fixtures.Engine, key string) Finding {
	f := Finding{Name: "image " + key, OK: true, Detail: images.Ref(key)}
	there, err := e.HasImage(ctx, images.Ref(key))
	switch {
	case err != nil:
		f.OK, f.Detail, f.Advice = false, err.Error(), "look into the engine's own log"
	case !there:
		f.Detail += ", not built yet: `drdrill images` builds it, and `drdrill run` does so by itself"
	}
	return f
}
