package reports

import (
	"strings"
	"testing"
)

func TestOriginsAreSaidOnceOrMarked(t *testing.T) {
	governed := governedRecord()
	dump := volumeLoss()
	dump.RPO[3].ScheduleFrom = FromConfig
	tests := map[string]struct {
		run    Run
		drills []Drill
		want   string
	}{
		"one place":      {Run{}, []Drill{postgresKill(), volumeLoss()}, "the playbook"},
		"mixed RTO":      {governed.Run, governed.Drills, "recovery times: drdrill.yaml or the playbook, as marked; data loss: the playbook"},
		"mixed schedule": {governed.Run, []Drill{dump}, "recovery times: the playbook; data loss: the playbook; backup schedules: drdrill.yaml or the playbook, as marked"},
		"older record":   {Run{}, []Drill{corruptJSON()}, "not recorded"},
		"no drill":       {Run{}, nil, ""},
	}
	for name, tt := range tests {
		if got := originsOf(tt.run, tt.drills...).String(); got != tt.want {
			t.Errorf("%s:\ngot  %q\nwant %q", name, got, tt.want)
		}
	}
	o := originsOf(governed.Run, dump)
	if got := o.Formula(dump.RPO[3]); !strings.HasSuffix(got, "; interval: drdrill.yaml") {
		t.Errorf("the configured schedule reads %q", got)
	}
	if got := o.Formula(dump.RPO[2]); !strings.HasSuffix(got, "; interval: playbook") {
		t.Errorf("the playbook's schedule reads %q", got)
	}
	if got := o.Schedule(dump.RPO[0]); got != "" {
		t.Errorf("a class without a backup has its schedule from %q", got)
	}
}
