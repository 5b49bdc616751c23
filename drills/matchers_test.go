package drills

import (
	"strings"
	"testing"

	"github.com/onsi/gomega/types"

	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/reports"
)

func figure(f float64) *float64 { return &f }

// metRecord is the record of a drill that has met everything.
func metRecord() reports.Drill {
	d := reports.Drill{
		Name:     "postgres-kill",
		RTO:      reports.RTO{TargetSeconds: 900, MeasuredSeconds: figure(2), JudgedSeconds: figure(2.25), UncertaintySeconds: 0.03, Verdict: reports.Met},
		Timeline: []reports.Event{{Event: "began"}, {Event: string(recovery.Verified), AtSeconds: 20}},
		Proofs:   []reports.Proof{{Name: "nothing is lost", Verdict: reports.Met}},
		Steps: []reports.Step{
			{Script: "restart.sh", Name: "start the server", Seconds: 1.2344},
			{Script: "restart.sh", Name: "wait for it", Seconds: 1.2346, ExitCode: 3},
			{Script: "restart.sh", Name: "verify", Seconds: 0.1},
		},
	}
	for _, class := range recovery.Classes() {
		d.RPO = append(d.RPO, reports.RPO{Class: string(class), TargetSeconds: 300, ObservedSeconds: figure(0), Judged: "observed", Verdict: reports.Met})
	}
	return d
}

func TestMatchers(t *testing.T) {
	const runs, memory = 0, 3
	miss := func(d *reports.Drill, class int) {
		d.RPO[class].Verdict, d.RPO[class].Lost, d.RPO[class].ObservedSeconds = reports.Missed, 7, figure(1.5)
	}
	accept := func(d *reports.Drill, of string) {
		d.Findings = append(d.Findings, reports.Finding{Of: of, Verdict: reports.Missed, Accepted: &reports.Acceptance{}})
	}
	tests := []struct {
		name    string
		matcher types.GomegaMatcher
		change  func(*reports.Drill)
		says    []string // parts of the failure message; none when it matches
	}{
		{"RTO met", MeetRTO(), nil, nil},
		{"RTO missed", MeetRTO(), func(d *reports.Drill) { d.RTO.Verdict, d.RTO.JudgedSeconds = reports.Missed, figure(1000) },
			[]string{"postgres-kill to meet its RTO", "measured 1000.000 ± 0.030 s", "below 900 s", `"wait for it" of restart.sh: 1.235 s, exit code 3`}},
		{"RTO not measured", MeetRTO(), func(d *reports.Drill) { d.RTO.Verdict, d.RTO.JudgedSeconds, d.Steps = reports.NotProven, nil, nil },
			[]string{"measured nothing", "below 900 s", "no recovery step ran"}},
		{"RTO not judged", MeetRTO(), func(d *reports.Drill) { d.RTO.Verdict = "" }, []string{"measured 2.250"}},
		{"reasons are told", MeetRTO(), func(d *reports.Drill) { d.RTO.Verdict, d.Reasons = reports.NotProven, []string{"no probe failed"} }, []string{"no probe failed"}},

		{"RPO met", MeetRPO(), nil, nil},
		{"RPO missed", MeetRPO(), func(d *reports.Drill) { miss(d, runs) },
			[]string{"to meet its RPO", "runs: missed: 7 writes lost, a window of 1.500 s observed; allowed is below 300 s", "wait for it"}},
		{"RPO missed by projection", MeetRPO(), func(d *reports.Drill) {
			miss(d, memory)
			d.RPO[memory].Judged, d.RPO[memory].ProjectedSeconds = "projected", figure(3601)
		}, []string{"memory: missed", "3601.000 s projected"}},
		{"RPO not measured", MeetRPO(), func(d *reports.Drill) { d.RPO[runs].Verdict, d.RPO[runs].ObservedSeconds = reports.NotProven, nil },
			[]string{"runs: not-proven", "was not measured"}},
		{"RPO of a class is missing", MeetRPO(), func(d *reports.Drill) { d.RPO = d.RPO[1:] }, []string{"4 data classes were judged, not 5"}},
		{"RPO not judged at all", MeetRPO(), func(d *reports.Drill) { d.RPO = nil }, []string{"0 data classes"}},
		{"RPO missed, and accepted", MeetRPO(), func(d *reports.Drill) { miss(d, runs); accept(d, "rpo runs") }, nil},
		{"another finding of the class is accepted", MeetRPO(), func(d *reports.Drill) { miss(d, runs); accept(d, "damage runs") }, []string{"runs: missed"}},
		{"another class is accepted", MeetRPO(), func(d *reports.Drill) { miss(d, memory); accept(d, "rpo runs") }, []string{"memory: missed"}},
		{"accepted and not proven", MeetRPO(), func(d *reports.Drill) { d.RPO[runs].Verdict = reports.NotProven; accept(d, "rpo runs") }, []string{"runs: not-proven"}},

		{"intact", BeIntact(), nil, nil},
		{"intact in spite of a loss", BeIntact(), func(d *reports.Drill) { miss(d, runs) }, nil},
		{"phantom", BeIntact(), func(d *reports.Drill) { d.RPO[runs].Phantom = 1 }, []string{"to be intact", "runs: 1 phantom, 0 mutated, 0 duplicated; allowed is none"}},
		{"mutated", BeIntact(), func(d *reports.Drill) { d.RPO[memory].Mutated = 2 }, []string{"memory: 0 phantom, 2 mutated"}},
		{"duplicated", BeIntact(), func(d *reports.Drill) { d.RPO[memory].Duplicated = 3 }, []string{"3 duplicated"}},
		{"not verified", BeIntact(), func(d *reports.Drill) { d.Timeline = d.Timeline[:1] }, []string{"verification did not come to its end"}},
		{"a proof fails", BeIntact(), func(d *reports.Drill) { d.Proofs[0].Verdict, d.Proofs[0].Detail = reports.Missed, "one is gone" },
			[]string{"nothing is lost: missed: one is gone"}},
		{"a proof could not be made", BeIntact(), func(d *reports.Drill) { d.Proofs[0].Verdict = reports.NotProven }, []string{"nothing is lost: not-proven"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := metRecord()
			if tt.change != nil {
				tt.change(&d)
			}
			matches, err := tt.matcher.Match(d)
			if err != nil || matches != (tt.says == nil) {
				t.Fatalf("matches %t, %v", matches, err)
			}
			if matches {
				if text := tt.matcher.NegatedFailureMessage(d); !strings.Contains(text, d.Name+" not to ") {
					t.Errorf("the negated message is %q", text)
				}
				return
			}
			text := tt.matcher.FailureMessage(d)
			for _, part := range tt.says {
				if !strings.Contains(text, part) {
					t.Errorf("the message lacks %q:\n%s", part, text)
				}
			}
		})
	}
}

func TestMatchersWantADrill(t *testing.T) {
	for _, m := range []types.GomegaMatcher{MeetRTO(), MeetRPO(), BeIntact()} {
		if matches, err := m.Match(reports.Record{}); matches || err == nil {
			t.Errorf("a whole record matches: %t, %v", matches, err)
		}
	}
}
