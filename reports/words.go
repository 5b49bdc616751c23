package reports

import (
	"fmt"
	"slices"
	"strings"
)

// hostWords describe the machine in a line.
func hostWords(h Host) string {
	parts := []string{fmt.Sprintf("%s/%s", h.OS, h.Arch), plural(h.CPUs, "CPU")}
	if h.MemoryBytes > 0 {
		parts = append(parts, bytesSize(h.MemoryBytes)+" of memory")
	}
	if h.Kernel != "" {
		parts = append(parts, "kernel "+h.Kernel)
	}
	return strings.Join(parts, ", ")
}

// engineWords describe the container engine in a line.
func engineWords(e Engine) string {
	if e.Name == "" && e.Version == "" {
		return notRecorded
	}
	words := strings.TrimSpace(e.Name + " " + e.Version)
	if e.APIVersion != "" {
		words += ", API " + e.APIVersion
	}
	if e.StorageDriver != "" {
		words += ", storage " + e.StorageDriver
	}
	return words
}

// workerWords are the queue's settings in a line; empty where there were no workers.
func workerWords(w *Workers) string {
	if w == nil {
		return ""
	}
	if w.LockSeconds == 0 {
		return oneLine(w.Settings) + "; the workers state no figures"
	}
	return fmt.Sprintf("%s: a lock of %s, a stalled check every %s, %s allowed, %s at a time",
		oneLine(w.Settings), duration(w.LockSeconds), duration(w.StalledCheckSeconds),
		plural(w.MaxStalledCount, "stall"), plural(w.Concurrency, "run"))
}

// archiveWords say what the stores held beside the workload's writes; empty where that was nothing.
func archiveWords(archive []Archive) string {
	var parts []string
	for _, a := range archive {
		if a.Rows > 0 {
			parts = append(parts, fmt.Sprintf("%s × %s", count(uint64(a.Rows)), oneLine(a.Table)))
		}
	}
	return strings.Join(parts, ", ")
}

// changeWords are what a drill's recovery has to leave otherwise, each with its reason alone: the expression that it is
// told by is in the record.
func changeWords(changes []Change) string {
	var reasons []string
	for _, c := range changes {
		reasons = append(reasons, oneLine(c.Reason))
	}
	return strings.Join(reasons, "; ")
}

// deadlineWords are a step's deadline.
func deadlineWords(s Step) string {
	if s.DeadlineSeconds <= 0 {
		return "none"
	}
	return duration(s.DeadlineSeconds)
}

// yours marks what the user put in place of drdrill's own.
func yours(custom bool) string {
	if custom {
		return " (replaced)"
	}
	return ""
}

// capital makes one of our own words begin a heading.
func capital(word string) string {
	if word == "" {
		return word
	}
	return strings.ToUpper(word[:1]) + word[1:]
}

// rpoWords are the judged figure of a class in words.
func rpoWords(p RPO) string {
	words := against(judgedRPO(p), p.TargetSeconds, notMeasured)
	if p.Judged == "projected" && p.ProjectedSeconds != nil {
		return words + " projected"
	}
	return words
}

// worstRPOWords name the class that came off worst and its figure.
func worstRPOWords(d Drill) string {
	p, ok := worstRPO(d)
	if !ok {
		return "no class"
	}
	return fmt.Sprintf("%s: %s of %s", oneLine(p.Class), rpoWords(p), duration(p.TargetSeconds))
}

// lostWords are the lost writes in words. What was not read back is not counted as a zero.
func lostWords(d Drill) string {
	unread := 0
	for _, p := range d.RPO {
		if p.ObservedSeconds == nil {
			unread++
		}
	}
	switch lost := lostWrites(d); {
	case unread == 0 && len(d.RPO) > 0:
		return count(lost)
	case lost > 0:
		return "at least " + count(lost)
	default:
		return notMeasured
	}
}

// foundWords are a count that only reading the stores back can give. Without a loss window nothing
// was read, and a zero would be no result.
func foundWords(p RPO, n int) string {
	if n == 0 && p.ObservedSeconds == nil {
		return notMeasured
	}
	return count(n)
}

// rtoWords are the measured recovery time, its uncertainty and the declared delays.
func rtoWords(t RTO) string {
	if !t.Targeted() {
		return noTarget
	}
	words := plusMinus(t.MeasuredSeconds, t.UncertaintySeconds, notRestored)
	if t.DeclaredSeconds > 0 && t.MeasuredSeconds != nil {
		words += " + " + duration(t.DeclaredSeconds) + " declared"
	}
	return words
}

// rtoMeasured is the measured recovery time with its uncertainty, on one line.
func rtoMeasured(t RTO) string {
	if !t.Targeted() {
		return noTarget
	}
	return tied(plusMinus(t.MeasuredSeconds, t.UncertaintySeconds, notRestored))
}

// noTarget stands for a recovery time that nothing is held to.
const noTarget = "–"

// rtoTarget is the target in words.
func rtoTarget(t RTO) string {
	if !t.Targeted() {
		return noTarget
	}
	return duration(t.TargetSeconds)
}

// reasonsOf are why a drill is not met; where the record gives none, it says so. Where the drill is not accepted as a
// whole, each says whether it is.
func reasonsOf(d Drill) []string {
	if len(d.Reasons) == 0 && d.Verdict != Met {
		return []string{"the record gives no reason"}
	}
	if d.Accepted() != nil {
		return d.Reasons
	}
	reasons := slices.Clone(d.Reasons)
	for i, f := range d.Findings {
		if f.Accepted != nil && i < len(reasons) {
			reasons[i] += " (" + f.Accepted.words() + ")"
		}
	}
	return reasons
}

// runSentence says how the run ended, in one sentence.
func runSentence(r Record) string {
	if len(r.Drills) == 0 {
		return "No drill was run, so nothing is proven."
	}
	t := tallied(r)
	switch {
	case r.Run.Aborted != "":
		return "The run ended early, so it proves nothing as a whole; its finished drills stand below."
	case t.Met == len(r.Drills):
		return "Every drill met its targets: " + plural(t.Met, "drill") + "."
	case r.WithinRisks():
		return fmt.Sprintf("%d of %d drills met their targets; what the others missed is within accepted risks.", t.Met, len(r.Drills))
	default:
		return fmt.Sprintf("%d of %d drills met their targets; the worst verdict is the run’s.", t.Met, len(r.Drills))
	}
}

// printed is what a step printed, safe to show, without empty lines at its end.
func printed(output string) string { return strings.TrimRight(plain(output), "\n ") }
