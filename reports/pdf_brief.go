package reports

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cogitator-ai/drdrill/reports/pdf"
)

// A drill that met its targets is brief on paper: all that was judged is there, and what nobody has to look
// into is said in a line. The HTML report and the record have it in full.

// brief is what the drill measured and what that rests on, without what would only say again that all is well.
func (p pages) brief(v drillView) {
	p.rtoBrief(v)
	p.rpo(v)
	p.proofs(v.Proofs)
	p.failedSteps(v.Steps)
	p.trend(v.Drill)
	p.groundBrief(v)
}

// rtoBrief leaves out the picture: the scenario's has every drill against its target.
func (p pages) rtoBrief(v drillView) {
	p.Heading(pdf.Heading{Level: 3, Words: "Recovery time", Badge: pdf.Badge{Words: verdictWords(v.RTO.Verdict), Tone: tone(v.RTO.Verdict)}})
	if v.RTO.DeclaredSeconds > 0 {
		p.Paragraph(tied(rtoSentence(v)))
	}
	if !v.RTO.Targeted() {
		p.Note(noRTOWords)
	}
	if len(v.RTO.Phases) == 0 {
		return
	}
	var keys []pdf.Key
	for i, f := range v.RTO.Phases {
		keys = append(keys, pdf.Key{Colour: paintOf(phaseClass(i)).fill, Words: tied(oneLine(f.Name) + " " + duration(f.Seconds))})
	}
	p.picture(drawPhases(v.RTO.Phases), "", keys)
}

// writesWords say for each outcome of writes how many of which class had it.
func writesWords(v drillView) string {
	var words, none []string
	for _, w := range v.Writes {
		var classes []string
		for i, c := range w.Cells {
			if c.Words != "0" {
				classes = append(classes, tied(oneLine(v.RPO[i].Class)+"\u00a0"+c.Words))
			}
		}
		if len(classes) == 0 {
			none = append(none, strings.ToLower(w.Name))
		} else {
			words = append(words, w.Name+": "+strings.Join(classes, ", ")+".")
		}
	}
	if len(none) > 0 {
		words = append(words, "None was "+strings.Join(none, ", ")+".")
	}
	return "Writes. " + strings.Join(words, " ")
}

// briefLines are how many lines of a failed step's output are on paper; the evidence holds the rest.
const briefLines = 6

// failedSteps are those steps that failed, with the end of what they printed: in a drill that met its targets
// they had to fail.
func (p pages) failedSteps(steps []Step) {
	var list []Step
	for _, s := range steps {
		if !failed(s) {
			continue
		}
		if tail, cut := lastLines(printed(s.Output), briefLines); cut {
			s.Output = "[earlier lines are in report.html]\n" + tail
		}
		list = append(list, s)
	}
	if len(list) > 0 {
		p.Heading(pdf.Heading{Level: 3, Words: "Steps that ended with a failure, as they had to"})
		p.stepTable(list)
	}
}

// stepsWords say how many steps ended well. Their names and times are those of the phases.
func stepsWords(steps []Step) string {
	if len(steps) == 0 {
		return "none ran"
	}
	well := 0
	var scripts []string
	for _, s := range steps {
		if !failed(s) {
			well++
		}
		if name := oneLine(s.Script); !slices.Contains(scripts, name) {
			scripts = append(scripts, name)
		}
	}
	return fmt.Sprintf("%d of %s ended with exit code 0 within their deadlines: %s",
		well, plural(len(steps), "step"), strings.Join(scripts, ", "))
}

// groundBrief is what the drill's figures rest on, a line each; a table only where something in it is not
// as it was to be.
func (p pages) groundBrief(v drillView) {
	d := v.Drill
	steps := stepsWords(d.Steps)
	if v.Longest != "" {
		steps += ". Longest: " + tied(v.Longest)
	}
	facts := []pdf.Fact{{Name: "Steps", Words: steps}}
	if d.Probe.Count > 0 {
		facts = append(facts, pdf.Fact{Name: "Probe", Words: probeWords(d.Probe)})
	}
	if len(d.Versions) > 0 {
		facts = append(facts, pdf.Fact{Name: "Servers, as they say", Words: versionWords(d.Versions)})
	}
	if settings, ok := settingWords(d.Settings); ok {
		facts = append(facts, pdf.Fact{Name: "Settings of the servers", Words: settings})
		d.Settings = nil
	}
	if backups, ok := backupWords(d.Backups); ok {
		facts = append(facts, pdf.Fact{Name: "Backups before the fault", Words: backups})
		d.Backups = nil
	}
	facts = append(facts, pdf.Fact{Name: "Evidence", Words: evidenceWords(d.Evidence)})
	p.Gap(6)
	p.SmallFacts(facts)
	p.settings(d.Settings)
	p.backups(d.Backups)
}

// backupWords sum the backups up by script: how many, and how long until they could be restored. False where one failed,
// or there is none.
func backupWords(backups []Backup) (string, bool) {
	type span struct {
		n           int
		least, most float64
	}
	scripts := map[string]span{}
	for _, b := range backups {
		if b.ExitCode != 0 {
			return "", false
		}
		s, known := scripts[b.Script]
		if !known {
			s.least, s.most = b.LagSeconds, b.LagSeconds
		}
		scripts[b.Script] = span{s.n + 1, min(s.least, b.LagSeconds), max(s.most, b.LagSeconds)}
	}
	var words []string
	for _, name := range slices.Sorted(maps.Keys(scripts)) {
		s := scripts[name]
		lag := duration(s.least)
		if most := duration(s.most); most != lag {
			lag += " to " + most
		}
		words = append(words, fmt.Sprintf("%s of %s, restorable after %s", plural(s.n, "run"), oneLine(name), lag))
	}
	return tied(strings.Join(words, "\n")), len(words) > 0
}

// evidenceWords say how much evidence there is, and where it stands with its digests.
func evidenceWords(files []Evidence) string {
	if len(files) == 0 {
		return "The record lists no evidence for this drill."
	}
	return plural(len(files), "file") + ", listed with their SHA-256 in report.html and manifest.json"
}
