package recovery_test

import (
	"slices"
	"testing"

	"github.com/cogitator-ai/drdrill/recovery"
)

func timelineOf(marks ...recovery.Mark) *recovery.Timeline {
	timeline := new(recovery.Timeline)
	for _, m := range marks {
		timeline.Mark(m.Event, m.At)
	}
	return timeline
}

func TestPhases(t *testing.T) {
	type (
		marks = []recovery.Mark
		steps = []recovery.Span
		want  = []recovery.Phase
	)
	whole := marks{
		{recovery.Injected, ms(100)}, {recovery.Impact, ms(110)}, {recovery.Detected, ms(150)},
		{recovery.RecoveryStarted, ms(160)}, {recovery.Restored, ms(400)},
	}
	tests := []struct {
		name  string
		marks marks
		steps steps
		want  want
	}{
		{name: "nothing happened"},
		{name: "not restored", marks: whole[:4]},
		{name: "not injected", marks: whole[1:]},
		{
			name: "no steps: the rest is settling", marks: whole,
			want: want{{"impact", ms(10)}, {"detection", ms(40)}, {"decision", ms(10)}, {"settle", ms(240)}},
		},
		{
			name: "steps, with time between them", marks: whole,
			steps: steps{{"stop", ms(170), ms(200)}, {"start", ms(250), ms(300)}},
			want: want{{"impact", ms(10)}, {"detection", ms(40)}, {"decision", ms(10)},
				{"stop", ms(90)}, {"start", ms(50)}, {"settle", ms(100)}},
		},
		{
			name: "a step that ends after the service was back", marks: whole,
			steps: steps{{"start", ms(160), ms(350)}, {"check", ms(350), ms(900)}},
			want: want{{"impact", ms(10)}, {"detection", ms(40)}, {"decision", ms(10)},
				{"start", ms(190)}, {"check", ms(50)}},
		},
		{
			name: "a step that begins after the service was back", marks: whole,
			steps: steps{{"start", ms(160), ms(390)}, {"tidy", ms(500), ms(900)}},
			want:  want{{"impact", ms(10)}, {"detection", ms(40)}, {"decision", ms(10)}, {"start", ms(240)}},
		},
		{
			name: "two steps of one name stay two", marks: whole,
			steps: steps{{"retry", ms(160), ms(200)}, {"retry", ms(200), ms(400)}},
			want:  want{{"impact", ms(10)}, {"detection", ms(40)}, {"decision", ms(10)}, {"retry", ms(40)}, {"retry", ms(200)}},
		},
		{
			name: "back before anybody noticed", marks: append(slices.Clone(whole[:4]), recovery.Mark{Event: recovery.Restored, At: ms(130)}),
			want: want{{"impact", ms(10)}, {"detection", ms(20)}},
		},
		{
			name:  "instants that never came",
			marks: marks{{recovery.Injected, ms(100)}, {recovery.Restored, ms(400)}},
			want:  want{{"settle", ms(300)}},
		},
		{
			name:  "restored as it was injected",
			marks: marks{{recovery.Injected, ms(100)}, {recovery.Restored, ms(100)}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := recovery.Phases(timelineOf(tt.marks...), tt.steps); !slices.Equal(got, tt.want) {
				t.Errorf("got  %v\nwant %v", got, tt.want)
			}
		})
	}
}

func TestTimeline(t *testing.T) {
	timeline := timelineOf(
		recovery.Mark{Event: recovery.Restored, At: ms(40)},
		recovery.Mark{Event: recovery.Injected, At: ms(20)},
		recovery.Mark{Event: recovery.Injected, At: ms(10)}, // the first mark stands
		recovery.Mark{Event: recovery.Impact, At: ms(20)},
	)
	if at, ok := timeline.At(recovery.Injected); !ok || at != ms(20) {
		t.Errorf("injected at %s, %v; want 20ms", at, ok)
	}
	if _, ok := timeline.At(recovery.Verified); ok {
		t.Error("an event that did not happen has an instant")
	}
	want := []recovery.Mark{{recovery.Injected, ms(20)}, {recovery.Impact, ms(20)}, {recovery.Restored, ms(40)}}
	got := timeline.Marks()
	if !slices.Equal(got, want) {
		t.Errorf("marks %v, want %v", got, want)
	}
	got[0].At = 0
	if at, _ := timeline.At(recovery.Injected); at != ms(20) {
		t.Error("who reads the marks can change the timeline")
	}
}
