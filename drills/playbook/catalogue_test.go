package playbook

import (
	"encoding/json"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/recovery/scripts"
	"github.com/cogitator-ai/drdrill/reports/controls"
)

// The catalogue as data. These tests need no engine: go test -run Catalogue ./drills/playbook

// catalogue are the drills' names, which reports, history and CI refer to, and what each is held to.
var catalogue = []struct {
	name     string
	rto      time.Duration
	scenario string // of the label
	stores   []string
}{
	{"worker-kill", time.Minute, "worker", []string{"redis", "postgres"}},
	{"worker-freeze", time.Minute, "worker", []string{"redis", "postgres"}},
	{"worker-oom", time.Minute, "worker", []string{"redis", "postgres"}},
	{"worker-poison-run", time.Minute, "worker", []string{"redis", "postgres"}},
	{"redis-kill", 5 * time.Minute, "redis", []string{"redis"}},
	{"redis-volume-loss", 5 * time.Minute, "redis", []string{"redis"}},
	{"redis-replica-promote", 5 * time.Minute, "redis", []string{"redis"}},
	{"redis-cluster-failover", 5 * time.Minute, "redis", []string{"redis"}},
	{"redis-backup-corrupt", 5 * time.Minute, "redis", []string{"redis"}},
	{"redis-memory-full", 5 * time.Minute, "redis", []string{"redis"}},
	{"redis-partition", 5 * time.Minute, "redis", []string{"redis"}},
	{"redis-aof-truncated", 5 * time.Minute, "redis", []string{"redis"}},
	{"redis-aof-corrupt", 5 * time.Minute, "redis", []string{"redis"}},
	{"postgres-kill", 15 * time.Minute, "postgres", []string{"postgres"}},
	{"postgres-volume-loss-dump", 15 * time.Minute, "postgres", []string{"postgres"}},
	{"postgres-backup-corrupt", 15 * time.Minute, "postgres", []string{"postgres"}},
	{"postgres-volume-loss-pitr", 15 * time.Minute, "postgres", []string{"postgres"}},
	{"postgres-operator-error", 15 * time.Minute, "postgres", []string{"postgres"}},
	{"postgres-page-corruption", 15 * time.Minute, "postgres", []string{"postgres"}},
	{"postgres-standby-promote", 15 * time.Minute, "postgres", []string{"postgres"}},
	{"postgres-connections-exhausted", 15 * time.Minute, "postgres", []string{"postgres"}},
	{"postgres-lock-pileup", 15 * time.Minute, "postgres", []string{"postgres"}},
	{"postgres-disk-full", 15 * time.Minute, "postgres", []string{"postgres"}},
	{"cluster-loss", 30 * time.Minute, "cluster", []string{"postgres", "redis"}},
	{"corrupt-json", time.Hour, "corruption", []string{"postgres"}},
	{"wrong-vector-dimensions", time.Hour, "corruption", []string{"postgres"}},
	{"inconsistent-agent-state", time.Hour, "corruption", []string{"postgres"}},
	{"vector-index-corrupt", time.Hour, "corruption", []string{"postgres"}},
	{"sandbox-stuck", time.Minute, "sandbox", []string{"sandbox"}},
	{"sandbox-image-removed", time.Minute, "sandbox", []string{"sandbox"}},
	{"sandbox-image-corrupt", time.Minute, "sandbox", []string{"sandbox"}},
	{"sandbox-registry-down", time.Minute, "sandbox", []string{"sandbox"}},
	{"wasm-cache-corrupt", time.Minute, "wasm", []string{"wasm"}},
	{"wasm-runtime-broken", time.Minute, "wasm", []string{"wasm"}},
	{"backup-postgres", 0, "backup", []string{"postgres"}},
	{"backup-redis", 0, "backup", []string{"redis"}},
	{"backup-config", 0, "backup", []string{"config"}},
}

func TestCatalogue(t *testing.T) {
	all := Drills()
	if len(all) != len(catalogue) {
		t.Fatalf("%d drills, want %d", len(all), len(catalogue))
	}
	for i, want := range catalogue {
		d := all[i]
		if d.Name != want.name {
			t.Errorf("drill %d is %s, want %s", i, d.Name, want.name)
		}
		labels := []string{"scenario=" + want.scenario}
		for _, store := range want.stores {
			labels = append(labels, "store="+store)
		}
		if !slices.Equal(d.Labels, labels) {
			t.Errorf("%s: labels %v, want %v", d.Name, d.Labels, labels)
		}
		if d.Objective.RTO != want.rto {
			t.Errorf("%s: the RTO is %s, the playbook's %s", d.Name, d.Objective.RTO, want.rto)
		}
	}
}

// The playbook's recovery point objectives hold in every drill.
func TestCatalogueObjectives(t *testing.T) {
	rpo := map[recovery.Class]time.Duration{
		recovery.Runs: 0, recovery.Audit: 0, recovery.Agents: 5 * time.Minute, recovery.Memory: time.Hour, recovery.Vectors: 24 * time.Hour,
	}
	for _, d := range Drills() {
		if !maps.Equal(d.Objective.RPO, rpo) {
			t.Errorf("%s: RPO %v, the playbook's %v", d.Name, d.Objective.RPO, rpo)
		}
		if d.Objective.Hold < time.Second || d.Settle <= 0 {
			t.Errorf("%s: it counts as restored after %s, and may take %s", d.Name, d.Objective.Hold, d.Settle)
		}
	}
}

func TestCatalogueIsComplete(t *testing.T) {
	for _, d := range Drills() {
		for what, text := range map[string]string{
			"scenario": d.Scenario, "title": d.Title, "recovery": d.Recovery, "proof": d.Proves, "probe": d.Probe.Describe(),
		} {
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s has no %s", d.Name, what)
			}
		}
		if d.Fault == nil || d.Fault.Describe() == "" {
			t.Errorf("%s has no fault", d.Name)
		}
		if _, passes := d.Fault.(faults.Passing); len(d.Scripts) == 0 && !passes {
			t.Errorf("%s recovers by itself: it rehearses nothing", d.Name)
		}
		checkProofs(t, d)
		names := []string{}
		for _, s := range d.Scripts {
			names = append(names, s.Name)
		}
		for _, b := range d.Backups {
			names = append(names, b.Script)
			checkBackup(t, d, b)
		}
		for _, name := range names {
			if _, err := fs.Stat(scripts.Files, name); err != nil || slices.Contains(scripts.Libraries, name) {
				t.Errorf("%s runs %s, which is none of the scripts: %v", d.Name, name, err)
			}
		}
	}
}

// checkProofs checks the drill's own checks. What one takes down before the fault is kept by its name.
func checkProofs(t *testing.T, d drills.Drill) {
	t.Helper()
	if len(d.Checks) == 0 {
		t.Errorf("%s proves nothing beside RTO and RPO", d.Name)
	}
	seen := map[string]bool{}
	for _, check := range d.Checks {
		if check.Name == "" || seen[check.Name] || check.After == nil {
			t.Errorf("%s: the check %q has no name, has another's, or does nothing", d.Name, check.Name)
		}
		seen[check.Name] = true
	}
}

// checkBackup checks that a policy's interval leaves room for the strictest target that a backup can meet.
func checkBackup(t *testing.T, d drills.Drill, b drills.Backup) {
	t.Helper()
	if b.Every <= 0 || b.Every >= b.Policy {
		t.Errorf("%s: %s runs every %s, for a policy of %s", d.Name, b.Script, b.Every, b.Policy)
	}
	for _, class := range b.Protect {
		if target := d.Objective.RPO[class]; target > 0 && b.Policy >= target {
			t.Errorf("%s: a policy of %s cannot keep the RPO of %s, %s", d.Name, b.Policy, class, target)
		}
	}
}

// A store that is lost needs a backup; one that is only killed has its own log.
func TestCatalogueBacksUpWhatIsLost(t *testing.T) {
	for _, d := range Drills() {
		protected := []recovery.Class{}
		for _, b := range d.Backups {
			protected = append(protected, b.Protect...)
		}
		slices.Sort(protected)
		want := map[string][]recovery.Class{
			"redis-volume-loss":         {recovery.Memory},
			"redis-aof-corrupt":         {recovery.Memory},
			"redis-backup-corrupt":      {recovery.Memory},
			"cluster-loss":              {recovery.Memory},
			"postgres-volume-loss-dump": {recovery.Agents, recovery.Audit, recovery.Runs, recovery.Vectors},
			"postgres-backup-corrupt":   {recovery.Agents, recovery.Audit, recovery.Runs, recovery.Vectors},
		}[d.Name]
		if !slices.Equal(protected, want) && len(protected)+len(want) > 0 {
			t.Errorf("%s: backups protect %v, want %v", d.Name, protected, want)
		}
	}
}

// Every call makes the catalogue anew: a run that changes a drill changes it for nobody else.
func TestCatalogueIsAValue(t *testing.T) {
	first := Drills()
	first[0].Objective.RPO[recovery.Runs] = time.Hour
	first[0].Labels[0] = "changed"
	if second := Drills(); second[0].Objective.RPO[recovery.Runs] != 0 || second[0].Labels[0] == "changed" {
		t.Error("two calls share a drill")
	}
}

// A drill can be listed, printed before it runs, and written into the record.
func TestCatalogueIsData(t *testing.T) {
	encoded, err := json.Marshal(Drills())
	if err != nil {
		t.Fatal(err)
	}
	var decoded []map[string]any
	if err := json.Unmarshal(encoded, &decoded); err != nil {
		t.Fatal(err)
	}
	for i, d := range Drills() {
		if decoded[i]["Name"] != d.Name {
			t.Errorf("%s is written as %v", d.Name, decoded[i]["Name"])
		}
		checks, _ := decoded[i]["Checks"].([]any)
		if len(checks) != len(d.Checks) || checks[0] != d.Checks[0].Name {
			t.Errorf("%s: the checks are written as %v", d.Name, checks)
		}
	}
	again, err := json.Marshal(Drills())
	if err != nil || !reflect.DeepEqual(encoded, again) {
		t.Error("the catalogue is written in another way the second time")
	}
}

// TestCatalogueAndControlsNameTheSameDrills holds that no control rests on a drill that does not exist, and
// that every drill evidences something.
func TestCatalogueAndControlsNameTheSameDrills(t *testing.T) {
	named := controls.Names()
	for _, d := range Drills() {
		i, found := slices.BinarySearch(named, d.Name)
		if !found {
			t.Errorf("no control names %s: put it into a group of reports/controls/controls.yaml", d.Name)
			continue
		}
		named = slices.Delete(named, i, i+1)
	}
	for _, name := range named {
		t.Errorf("a control names %s, which is no drill", name)
	}
}
