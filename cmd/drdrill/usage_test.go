package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestUsage gives command lines that cannot be carried out: each gets an error that says what to try
// next, exit code 3, and starts nothing. Those that are about files are in testdata/script.
func TestUsage(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []struct{ line, want string }{
		{"rnu", `unknown command "rnu": did you mean "run"\? drdrill --help shows them all`},
		{"help rnu", `unknown command "rnu": did you mean "run"\? drdrill --help shows them all`},
		{"run --repeet 2", `unknown flag: --repeet: did you mean --repeat\? See drdrill run --help`},
		{"-x", `unknown shorthand flag: 'x' in -x; see drdrill --help`},
		{"list all", `list takes no arguments, got "all"`},
		{"show", `show needs one drill, got 0; see drdrill show --help`},
		{"report", `report needs one folder, got 0; see drdrill report --help`},
		{"history a b", `history takes one drill, got 2; see drdrill history --help`},
		{"history --last 0", `--last 0: give 1 or more`},
		{"compare a", `compare needs two runs, got 1; see drdrill compare --help`},
		{"run --baseline last", `--baseline last: there is no history at drill-results/history.jsonl: .*`},
		{"show redis-kil", `unknown drill "redis-kil": did you mean "redis-kill"\? drdrill list shows them all`},
		{"run redis-kill postgres-kil", `unknown drill "postgres-kil": did you mean "postgres-kill"\? .*`},
		{"run --label store=postgre", `unknown label "store=postgre": did you mean "store=postgres"\? ` +
			`The labels are scenario=postgres, scenario=redis, store=postgres, store=redis`},
		{"run redis-kill --label store=postgres", `no drill among redis-kill carries store=postgres; drdrill list shows the labels`},
		{"run --label store=redis --label store=postgres", `no drill carries store=redis and store=postgres; .*`},
		{"run --repeat 0", `--repeat 0: give 1 or more`},
		{"run --repeat many", `invalid argument "many" for "--repeat" flag: .*; see drdrill run --help`},
		{"run --parallel 0", `--parallel 0: give 1 or more`},
		{"run --rate -1", `--rate -1: give 1 or more, or 0 for each drill's own`},
		{"run --scale huge", `--scale "huge": did you mean "large"\? The scales are small, medium, large`},
		{"run --scale=", `--scale "": did you mean "small"\? The scales are small, medium, large`},
		{"run --seed -1", `invalid argument "-1" for "--seed" flag: .*`},
		{"run --image postgres", `--image "postgres": want key=reference, such as postgres=pgvector/pgvector:pg17`},
		{"run --set worker.settings", `--set "worker.settings": want key=value, such as worker.settings=defaults`},
		{"run --set worker.setting=defaults", `--set "worker.setting=defaults": unknown key "worker.setting": did you mean "worker.settings"\? The keys are worker.settings`},
		{"run --set worker.settings=default", `--set "worker.settings=default": unknown value "default": did you mean "defaults"\? worker.settings can be tuned or defaults`},
		{"images --image =x", `--image "=x": want key=reference, .*`},
		{"run --image postgre=x", `--image "postgre=x": unknown key "postgre": did you mean "postgres"\? The keys are .*redis.*`},
	} {
		code, stdout, stderr := invoke(strings.Fields(c.line)...)
		if code != exitUsage || stdout != "" {
			t.Errorf("drdrill %s: exit code %d, stdout %q", c.line, code, stdout)
		}
		if want := regexp.MustCompile(`^drdrill: ` + c.want + `\n$`); !want.MatchString(stderr) {
			t.Errorf("drdrill %s: got %q, want %s", c.line, stderr, want)
		}
	}
	if left, err := os.ReadDir("."); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// invoke runs a command line in the fake world.
func invoke(args ...string) (code exitCode, stdout, stderr string) {
	var out, errs strings.Builder
	p := fakeProgram()
	p.stdout, p.stderr = &out, &errs
	code = execute(p, args)
	return code, out.String(), errs.String()
}
