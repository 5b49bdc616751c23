package drills

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cogitator-ai/drdrill/fixtures"
)

// ByHand does what the drill rehearses without the drill: on the same kind of stack, with the same clients, data, backups and
// fault, it runs the recovery scripts as `docker exec` in a shell would, while nobody watches. It returns how long they took. What
// it keeps goes below the folder dir.
func ByHand(ctx context.Context, d Drill, seed uint64, dir string) (took time.Duration, err error) {
	engine, err := fixtures.Connect(ctx)
	if err != nil {
		return 0, err
	}
	defer engine.Close()
	scripts, err := ReadScripts(nil)
	if err != nil {
		return 0, err
	}
	had, err := ensure(ctx, engine, Plan{Drills: []Drill{d}}.keys(), nil, func(string) {})
	if err != nil {
		return 0, err
	}
	r := newRehearsal(d, Setting{
		Engine: engine, RunID: fmt.Sprintf("by-hand-%d", time.Now().UnixNano()%1e9), Repetition: 1, Seed: seed, Images: had,
		Scripts: scripts.files, Scale: Plan{}.scale(), Dir: dir,
	})
	r.prepare(ctx)
	r.workload.Start(ctx)
	defer r.workload.Stop()
	r.pass(ctx, PhaseBackup, r.backUp)
	r.canaries, r.victims = r.pick(canaryCount), r.pick(victimCount)
	r.pass(ctx, PhaseFault, r.inject)
	if !r.broken {
		took, err = r.scriptsByHand(ctx)
	} else {
		err = fmt.Errorf("before the recovery: %v", r.judgement.Findings())
	}
	return took, errors.Join(err, r.stack.Close())
}

// scriptsByHand runs the scripts with nothing around them.
func (r *rehearsal) scriptsByHand(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	for _, s := range r.drill.Scripts {
		command := strings.Join(append([]string{r.stack.ScriptPath(s.Name)}, s.Args...), " ")
		for name, value := range s.Env {
			command = fmt.Sprintf("%s='%s' %s", name, value, command)
		}
		if _, err := r.stack.RunOn(ctx, "operator", command); err != nil {
			return 0, err
		}
	}
	return time.Since(began), nil
}
