package runbook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/recovery/redact"
)

func TestStepsAreTimedByTheirMarkers(t *testing.T) {
	clock := new(manualClock)
	clock.move(time.Minute) // the drill began long ago
	script := play(func(_ context.Context, out io.Writer) (int, error) {
		clock.move(time.Second)
		fmt.Fprint(out, "==> stop the server\nstopped\n")
		clock.move(2 * time.Second)
		fmt.Fprint(out, "==> restore the dump (deadline 10m)\n")
		clock.move(3 * time.Second)
		fmt.Fprint(out, "17 tables\n")
		return 7, nil
	})
	got := Runner{Exec: script, Clock: clock, Deadline: time.Minute}.Run(t.Context(), restore, nil)
	want := []Step{
		{Script: "restore.sh", Name: "stop the server", From: 61 * time.Second, To: 63 * time.Second, Deadline: time.Minute, Announced: true, Output: "stopped\n"},
		{Script: "restore.sh", Name: "restore the dump", From: 63 * time.Second, To: 66 * time.Second, Deadline: 10 * time.Minute, Announced: true, ExitCode: 7, Output: "17 tables\n"},
	}
	if !slices.Equal(got.Steps, want) {
		t.Errorf("steps\n%+v\nwant\n%+v", got.Steps, want)
	}
	if got.Script != "restore.sh" || got.ExitCode != 7 || got.Err != nil || got.From != time.Minute || got.To != 66*time.Second {
		t.Errorf("transcript %+v", got)
	}
	spans := []recovery.Span{
		{Name: "stop the server", From: 61 * time.Second, To: 63 * time.Second},
		{Name: "restore the dump", From: 63 * time.Second, To: 66 * time.Second},
	}
	if !slices.Equal(got.Spans(), spans) {
		t.Errorf("spans %v, want %v", got.Spans(), spans)
	}
}

// The time before the first step is a step from the start of the script on, once something is printed in it.
func TestUnnamedStepBeginsWithTheScript(t *testing.T) {
	clock := new(manualClock)
	got := Runner{Clock: clock, Exec: play(func(_ context.Context, out io.Writer) (int, error) {
		clock.move(time.Second)
		fmt.Fprintln(out, "hello")
		clock.move(time.Second)
		fmt.Fprintln(out, "==> a")
		return 0, nil
	})}.Run(t.Context(), restore, nil)
	if first := got.Steps[0]; first.From != 0 || first.To != 2*time.Second || first.Announced || !got.Steps[1].Announced {
		t.Errorf("the first step is from %s to %s, want 0s to 2s, and the second alone announced: %+v", first.From, first.To, got.Steps)
	}
}

// outline is what matters of a transcript whose steps take no time.
func outline(t Transcript) string {
	var b strings.Builder
	for _, s := range t.Steps {
		fmt.Fprintf(&b, "%s=%d[%s] ", s.Name, s.ExitCode, strings.ReplaceAll(s.Output, "\n", "|"))
	}
	return strings.TrimSpace(b.String())
}

func TestOutputBecomesSteps(t *testing.T) {
	tests := []struct {
		name   string
		output []string
		code   int
		want   string
	}{
		{name: "silent", want: "restore.sh=0[]"},
		{name: "silent and failed", code: 3, want: "restore.sh=3[]"},
		{name: "no steps", output: []string{"hello\n"}, want: "restore.sh=0[hello|]"},
		{name: "one step", output: []string{"==> a\n"}, want: "a=0[]"},
		{name: "output before the first step", output: []string{"hello\n==> a\nx\n"}, code: 1, want: "restore.sh=0[hello|] a=1[x|]"},
		{name: "blank lines before the first step", output: []string{"\n  \n==> a\n"}, want: "a=0[]"},
		{name: "the last step's code is the script's", output: []string{"==> a\n==> b\n==> c\n"}, code: 9, want: "a=0[] b=0[] c=9[]"},
		{name: "marker in pieces", output: []string{"=", "=> re", "store", "\n", "o", "k"}, want: "restore=0[ok|]"},
		{name: "marker at the very end", output: []string{"==> a\n==> b"}, want: "a=0[] b=0[]"},
		{name: "marker with CR LF", output: []string{"==> a\r", "\nx\r\n"}, want: "a=0[x|]"},
		{name: "marker not at the beginning of a line", output: []string{"==> a\nsee ==> b\n ==> c\n"}, want: "a=0[see ==> b| ==> c|]"},
		{name: "blank lines in a step stay", output: []string{"==> a\n\nx\n\n"}, want: "a=0[|x||]"},
		{name: "two steps of one name", output: []string{"==> a\n1\n==> a\n2\n"}, want: "a=0[1|] a=0[2|]"},
		{name: "progress bar", output: []string{"==> a\n10%\r20%\r100%\n"}, want: "a=0[10%|20%|100%|]"},
		{name: "not text", output: []string{"==> a\nx\x00\xff\x1b[31my\n"}, want: "a=0[x\uFFFD\uFFFD\uFFFD[31my|]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Runner{Exec: prints(tt.code, tt.output...)}.Run(t.Context(), restore, nil)
			if outline(got) != tt.want {
				t.Errorf("got  %s\nwant %s", outline(got), tt.want)
			}
			if got.ExitCode != tt.code || got.Err != nil {
				t.Errorf("exit code %d, error %v; want %d, none", got.ExitCode, got.Err, tt.code)
			}
			// One byte at a time makes no difference.
			bytewise := strings.Split(strings.Join(tt.output, ""), "")
			again := Runner{Exec: prints(tt.code, bytewise...)}.Run(t.Context(), restore, nil)
			if outline(again) != tt.want {
				t.Errorf("byte by byte: got  %s\nwant %s", outline(again), tt.want)
			}
		})
	}
}

func TestCommandIsPassedOn(t *testing.T) {
	var got Command
	exec := recording{&got}
	script := Script{Path: "/opt/scripts/restore.sh", Args: []string{"latest", "two words"}}
	transcript := Runner{Exec: exec}.Run(t.Context(), script, map[string]string{"PGHOST": "postgres"})
	if want := []string{"/opt/scripts/restore.sh", "latest", "two words"}; !slices.Equal(got.Args, want) {
		t.Errorf("arguments %q, want %q", got.Args, want)
	}
	if want := map[string]string{"PGHOST": "postgres"}; !maps.Equal(got.Env, want) {
		t.Errorf("environment %v, want %v", got.Env, want)
	}
	if transcript.Script != "restore.sh" {
		t.Errorf("a script without a name is called %q, want restore.sh", transcript.Script)
	}
}

type recording struct{ cmd *Command }

func (r recording) Exec(_ context.Context, cmd Command, _ io.Writer) (int, error) {
	*r.cmd = cmd
	return 0, nil
}

func TestFacts(t *testing.T) {
	out := "fact early 1\n==> a\nfact restored_from x y.dump \nfact rows 3\nfact rows 4\nfact empty\nin fact no 1\n"
	got := Runner{Exec: prints(0, out)}.Run(t.Context(), restore, nil)
	want := map[string]string{"early": "1", "restored_from": "x y.dump", "rows": "4"}
	if !maps.Equal(got.Facts, want) {
		t.Errorf("facts %v, want %v", got.Facts, want)
	}
	if !strings.Contains(got.Steps[1].Output, "fact rows 4\n") {
		t.Errorf("facts are missing in the output: %q", got.Steps[1].Output)
	}
}

// bubble runs the play on a clock that costs no time.
func bubble(t *testing.T, r Runner, script play) (got Transcript) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r.Exec, r.Clock = script, recovery.NewClock()
		got = r.Run(t.Context(), restore, nil)
	})
	return got
}

func TestStepThatPassesItsDeadlineEndsTheScript(t *testing.T) {
	tests := []struct {
		name     string
		script   play
		deadline time.Duration // of the runner
		to       time.Duration
		want     string
	}{
		{
			name: "its own deadline", script: hangs("==> a\n==> b (deadline 30s)\nworking"), to: 30 * time.Second,
			want: "a=0[] b=124[[runbook] the step passed its deadline of 30 s and is ended|working==> last word|]",
		},
		{
			name: "the runner's", script: hangs("==> a\n"), deadline: 45 * time.Second, to: 45 * time.Second,
			want: "a=124[[runbook] the step passed its deadline of 45 s and is ended|==> last word|]",
		},
		{
			name: "the default, in silence", script: hangs(), to: DefaultDeadline,
			want: "restore.sh=124[[runbook] the step passed its deadline of 2 min and is ended|==> last word|]",
		},
		{
			name: "before the first step", script: hangs("waiting\n"), to: DefaultDeadline,
			want: "restore.sh=124[waiting|[runbook] the step passed its deadline of 2 min and is ended|==> last word|]",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := bubble(t, Runner{Deadline: tt.deadline}, tt.script)
			if outline(got) != tt.want {
				t.Errorf("got  %s\nwant %s", outline(got), tt.want)
			}
			last := got.Steps[len(got.Steps)-1]
			if !last.TimedOut || last.To != tt.to || got.To != tt.to {
				t.Errorf("timed out: %v, step ended at %s, script at %s; want true, %s", last.TimedOut, last.To, got.To, tt.to)
			}
			if got.ExitCode != ExitDeadline || !errors.Is(got.Err, ErrDeadline) {
				t.Errorf("exit code %d, error %v; want 124, %v", got.ExitCode, got.Err, ErrDeadline)
			}
		})
	}
}

func TestEachStepHasItsOwnDeadline(t *testing.T) {
	got := bubble(t, Runner{Deadline: 30 * time.Second}, func(ctx context.Context, out io.Writer) (int, error) {
		for i := range 10 {
			fmt.Fprintf(out, "==> step %d\n", i)
			time.Sleep(29 * time.Second)
		}
		return 0, ctx.Err()
	})
	if len(got.Steps) != 10 || got.Failure() != nil {
		t.Errorf("%d steps, %v; want 10 that succeed: %s", len(got.Steps), got.Failure(), outline(got))
	}
}

func TestInterruptedScript(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		got := Runner{Exec: hangs("==> a\n"), Clock: recovery.NewClock()}.Run(ctx, restore, nil)
		if got.ExitCode != ExitInterrupted || !errors.Is(got.Err, ErrInterrupted) || !errors.Is(got.Err, context.Canceled) {
			t.Errorf("exit code %d, error %v; want 130, %v", got.ExitCode, got.Err, ErrInterrupted)
		}
		if last := got.Steps[len(got.Steps)-1]; !strings.Contains(last.Output, "[runbook] interrupted: context canceled\n") || last.TimedOut {
			t.Errorf("the last step does not say that it was interrupted: %+v", last)
		}
	})
}

func TestInterruptedBeforeItBegan(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got := Runner{Exec: play(func(context.Context, io.Writer) (int, error) {
		t.Error("the script was run")
		return 0, nil
	})}.Run(ctx, restore, nil)
	if !errors.Is(got.Err, ErrInterrupted) || len(got.Steps) != 1 || got.Steps[0].ExitCode != ExitInterrupted {
		t.Errorf("got %+v, %v", got.Steps, got.Err)
	}
}

// A script that was done when the drill was ended did its work.
func TestSuccessIsNotInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	got := Runner{Exec: play(func(ctx context.Context, out io.Writer) (int, error) {
		cancel()
		fmt.Fprintln(out, "==> a")
		return 0, nil
	})}.Run(ctx, restore, nil)
	// The runner may see the end of the context or the end of the script first: it waits for both.
	if got.Err != nil || got.ExitCode != 0 {
		t.Errorf("exit code %d, error %v; want success", got.ExitCode, got.Err)
	}
}

func TestExecutorThatDoesNotReturnIsLeftBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		returned := make(chan error)
		script := play(func(ctx context.Context, out io.Writer) (int, error) {
			fmt.Fprint(out, "==> a (deadline 30s)\n")
			time.Sleep(time.Hour)
			_, err := fmt.Fprint(out, "too late\n")
			returned <- err
			return 0, nil
		})
		got := Runner{Exec: script, Clock: recovery.NewClock()}.Run(t.Context(), restore, nil)
		if !errors.Is(got.Err, ErrDeadline) || !errors.Is(got.Err, ErrStuck) {
			t.Errorf("error %v, want both %v and %v", got.Err, ErrDeadline, ErrStuck)
		}
		if want := 30*time.Second + killGrace; got.To != want {
			t.Errorf("the transcript ends at %s, want %s", got.To, want)
		}
		if err := <-returned; !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("writing to a finished transcript gives %v, want %v", err, io.ErrClosedPipe)
		}
	})
}

func TestScriptThatCannotBeStarted(t *testing.T) {
	fails := func(err error) play {
		return func(context.Context, io.Writer) (int, error) { return 0, err }
	}
	tests := []struct {
		name   string
		script play
		code   int
		says   string
		err    bool
	}{
		{"exit code 126", prints(126), 126, "/opt/scripts/restore.sh, or a command in it, is not executable", false},
		{"exit code 127", prints(127, "no such file\n"), 127, "/opt/scripts/restore.sh, its interpreter or a command in it was not found", false},
		{"not executable", fails(&fs.PathError{Op: "exec", Path: "x", Err: fs.ErrPermission}), 126, "run /opt/scripts/restore.sh: exec x: permission denied", true},
		{"not found", fails(&fs.PathError{Op: "exec", Path: "x", Err: fs.ErrNotExist}), 127, "run /opt/scripts/restore.sh: exec x: file does not exist", true},
		{"engine gone", fails(errors.New("connection refused")), ExitNotRun, "run /opt/scripts/restore.sh: connection refused", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Runner{Exec: tt.script}.Run(t.Context(), restore, nil)
			if len(got.Steps) != 1 || got.Steps[0].Name != "restore.sh" || got.Steps[0].ExitCode != tt.code || got.ExitCode != tt.code {
				t.Errorf("got %s, want one step restore.sh with exit code %d", outline(got), tt.code)
			}
			if !strings.Contains(got.Steps[0].Output, tt.says) {
				t.Errorf("output %q, want %q in it", got.Steps[0].Output, tt.says)
			}
			if (got.Err != nil) != tt.err {
				t.Errorf("error %v, want one: %v", got.Err, tt.err)
			}
			if got.Failure() == nil {
				t.Error("no failure")
			}
		})
	}
}

// A script whose step misses a command is no script that could not be started.
func TestMissingCommandInAStep(t *testing.T) {
	got := Runner{Exec: prints(127, "==> a\n")}.Run(t.Context(), restore, nil)
	if outline(got) != "a=127[]" {
		t.Errorf("got %s", outline(got))
	}
}

// What looks like a marker and is a part of a line too long to be kept whole begins no step.
func TestMarkerInALongLine(t *testing.T) {
	long := strings.Repeat("x", maxPiece)
	for _, line := range []string{long + "==> b\n", "==> b " + long + "\n"} {
		got := Runner{Exec: prints(0, "==> a\n"+line)}.Run(t.Context(), restore, nil)
		if len(got.Steps) != 1 || got.Steps[0].Output != line {
			t.Errorf("%d steps, want 1 whose output is the line", len(got.Steps))
		}
	}
}

// A timer that fires while its step ends changes nothing.
func TestLateTimerIsOfNoStep(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	rec := newRecorder(Runner{}.withDefaults(), restore, cancel)
	rec.start()
	fmt.Fprint(rec, "==> a\n")
	rec.expire(rec.armed-1, time.Second)
	if ctx.Err() != nil {
		t.Error("the timer of the time before the step ended the step")
	}
	number := rec.armed
	got := rec.finish(t.Context(), 0, nil)
	rec.expire(number, time.Second)
	if ctx.Err() != nil || got.Err != nil || outline(got) != "a=0[]" {
		t.Errorf("got %s, %v, context %v", outline(got), got.Err, ctx.Err())
	}
}

func TestFailure(t *testing.T) {
	tests := []struct {
		name   string
		script play
		want   string
	}{
		{"success", prints(0, "==> a\n"), ""},
		{"exit code", prints(3, "==> a\n==> b\n"), `restore.sh: step "b" ended with exit code 3`},
		{"missing command", prints(127, "==> a\n"), `restore.sh: step "a" ended with exit code 127 (command not found)`},
		{"deadline", hangs("==> a (deadline 5s)\n"), `restore.sh: step "a": passed its deadline of 5 s`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			if err := bubble(t, Runner{}, tt.script).Failure(); err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestEventsComeInOrder(t *testing.T) {
	var events []string
	observe := func(e StepEvent) {
		kind := map[StepEventKind]string{StepBegan: "began", StepEnded: "ended"}[e.Kind]
		events = append(events, fmt.Sprintf("%s %s %d %q", e.Step.Name, kind, e.Step.ExitCode, e.Step.Output))
	}
	Runner{Exec: prints(2, "x\n==> a\n==> b\ny\n"), Observe: observe}.Run(t.Context(), restore, nil)
	want := []string{
		`restore.sh began 0 ""`, `restore.sh ended 0 "x\n"`,
		`a began 0 ""`, `a ended 0 ""`,
		`b began 0 ""`, `b ended 2 "y\n"`,
	}
	if !slices.Equal(events, want) {
		t.Errorf("events %q\nwant   %q", events, want)
	}
}

func TestLogHoldsEveryLineWithItsInstant(t *testing.T) {
	var log strings.Builder
	bubble(t, Runner{Log: &log}, func(_ context.Context, out io.Writer) (int, error) {
		fmt.Fprint(out, "==> a\n")
		time.Sleep(1500 * time.Millisecond)
		fmt.Fprint(out, "one\ntwo")
		time.Sleep(time.Minute)
		fmt.Fprint(out, " and a half\nfact n 1\n")
		return 0, nil
	})
	want := `     0.000s  run /opt/scripts/restore.sh
     0.000s  ==> a
     1.500s  one
    61.500s  two and a half
    61.500s  fact n 1
    61.500s  exit code 0
`
	if log.String() != want {
		t.Errorf("got\n%s\nwant\n%s", log.String(), want)
	}
}

func TestLogIsWhole(t *testing.T) {
	var log strings.Builder
	long := strings.Repeat("0123456789abcdef", 3*excerptSize/16)
	got := Runner{Exec: prints(0, "==> a\n"+long+"\n"), Log: &log}.Run(t.Context(), restore, nil)
	if !strings.Contains(log.String(), long+"\n") {
		t.Error("a long line is not whole in the log")
	}
	if n := len(got.Steps[0].Output); n > 2*excerptSize+200 {
		t.Errorf("%d bytes of output kept, want at most twice %d", n, excerptSize)
	}
	if !strings.Contains(got.Steps[0].Output, "bytes left out here") {
		t.Error("the output does not say that something is left out")
	}
}

func TestLogKeepsItsRemarksOnTheirOwnLines(t *testing.T) {
	var log strings.Builder
	bubble(t, Runner{Log: &log}, hangs("==> a\n"+strings.Repeat("x", maxPiece)))
	if !strings.Contains(log.String(), "x\n   120.000s  [runbook] the step passed its deadline") {
		t.Errorf("the remark does not begin a line:\n%.100s … %s", log.String(), log.String()[maxPiece:])
	}
}

func TestLogThatCannotBeWrittenMakesTheTranscriptIncomplete(t *testing.T) {
	full := errors.New("no space left on device")
	got := Runner{Exec: prints(0, "==> a\n"), Log: brokenWriter{full}}.Run(t.Context(), restore, nil)
	if !errors.Is(got.Err, full) || got.ExitCode != 0 {
		t.Errorf("error %v, exit code %d; want %v, 0", got.Err, got.ExitCode, full)
	}
}

type brokenWriter struct{ err error }

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.err }

// What was held back because it may have been the beginning of a secret comes at the end.
func TestBeginningOfASecretIsNoSecret(t *testing.T) {
	got := Runner{Exec: prints(0, "==> a\nhunte"), Secrets: []string{"hunter2"}}.Run(t.Context(), restore, nil)
	if outline(got) != "a=0[hunte|]" {
		t.Errorf("got %s", outline(got))
	}
}

func TestSecretsAppearNowhere(t *testing.T) {
	const secret = "s3cret/pa55"
	output := "==> log in with s3cret/pa55 (deadline 1m)\npassword s3cret/pa55\nfact url postgres://u:s3cret%2Fpa55@h\n" +
		"fact s3cret s3cret/pa55\n" + strings.Repeat("x", maxPiece-4) + "s3cret/pa55\n"
	var events, log strings.Builder
	runner := Runner{
		Secrets: []string{secret, "", "  \n"},
		Observe: func(e StepEvent) { fmt.Fprintf(&events, "%+v\n", e) },
		Log:     &log,
	}
	script := Script{Name: "restore.sh", Path: "/opt/restore.sh", Args: []string{"--password=" + secret}}
	for name, exec := range map[string]play{
		"whole":          prints(1, output),
		"byte by byte":   prints(1, strings.Split(output, "")...),
		"executor fails": func(context.Context, io.Writer) (int, error) { return 0, errors.New("bad argument " + secret) },
	} {
		t.Run(name, func(t *testing.T) {
			events.Reset()
			log.Reset()
			runner.Exec = exec
			got := runner.Run(t.Context(), script, map[string]string{"PGPASSWORD": secret})
			all := fmt.Sprintf("%+v\n%v\n%v\n%s\n%s", got, got.Err, got.Failure(), events.String(), log.String())
			for _, form := range []string{secret, "s3cret%2Fpa55"} {
				if strings.Contains(all, form) {
					t.Errorf("%q appears in\n%.2000s", form, all)
				}
			}
			if !strings.Contains(all, redact.Redaction) {
				t.Error("nothing was redacted")
			}
		})
	}
}

func TestTranscriptIsBounded(t *testing.T) {
	var out strings.Builder
	for i := range 2 * maxSteps {
		fmt.Fprintf(&out, "==> step %d\nfact name%d %d\n", i, i, i)
	}
	got := Runner{Exec: prints(5, out.String()+"fact name0 new\n")}.Run(t.Context(), restore, nil)
	if len(got.Steps) != maxSteps || len(got.Facts) != maxFacts {
		t.Errorf("%d steps, %d facts; want %d, %d", len(got.Steps), len(got.Facts), maxSteps, maxFacts)
	}
	if last := got.Steps[maxSteps-1]; last.ExitCode != 5 || !strings.Contains(last.Output, "==> step 999\n") {
		t.Errorf("the last step kept has exit code %d and lacks the rest of the output", last.ExitCode)
	}
	if got.Facts["name0"] != "new" {
		t.Errorf("a known fact was not renewed: %q", got.Facts["name0"])
	}
}

// What nobody named as a secret and looks like one is in no step, no fact, no error and not in the log. A key
// that the excerpt of a step would cut in two is hidden before it is cut.
func TestWhatLooksLikeASecretAppearsNowhere(t *testing.T) {
	key := "-----BEGIN PRIVATE KEY-----\n" + strings.Repeat(strings.Repeat("K3y", 21)+"\n", 3000) + "-----END PRIVATE KEY-----\n"
	var log strings.Builder
	runner := Runner{Exec: prints(1, "==> leak\nPGPASSWORD=hunter2 psql\n"+key+"after it\n"), Log: &log}
	got := runner.Run(t.Context(), restore, nil)
	for _, text := range []string{log.String(), got.Steps[0].Output, fmt.Sprint(got.Facts)} {
		if strings.Contains(text, "hunter2") || strings.Contains(text, "K3y") {
			t.Errorf("it is told: %.200s", text)
		}
	}
	if !strings.Contains(got.Steps[0].Output, "PGPASSWORD="+redact.Redaction) || !strings.HasSuffix(got.Steps[0].Output, "after it\n") {
		t.Errorf("the rest is not there: %.200q", got.Steps[0].Output)
	}
}
