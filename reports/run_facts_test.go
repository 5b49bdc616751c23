package reports

import "testing"

func TestRevisionWords(t *testing.T) {
	for want, r := range map[string]Revision{
		"commit abc": {Commit: "abc"},
		"commit abc, with changes that are not committed": {Commit: "abc", Dirty: true},
		"no known commit: no git":                         {Absent: "no git"},
		"no known commit":                                 {},
	} {
		if got := revisionWords(r); got != want {
			t.Errorf("%+v reads %q, want %q", r, got, want)
		}
	}
}
