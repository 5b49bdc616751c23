package reports

import (
	"fmt"
	"slices"
)

// caveat is one thing that a run does not prove.
type caveat struct {
	Title string
	Brief string // as a part of a sentence that begins with “Not proven:”; empty where it is none
	Text  string
}

// caveats say what a run does not prove. Those that hold for every run come first, then those that
// this record gives rise to.
func caveats(r Record) []caveat {
	list := []caveat{
		{"Production", "recovery in production", "The drills ran in containers on one machine. That is no test of production’s hardware, storage, orchestration or access rights."},
		{"Size of the data", "restores of more data than this", dataWords(r)},
		{"Network", "networks between sites", "Latency, bandwidth and packet loss between sites were not rehearsed: all services shared one machine’s network."},
		{"Power loss", "a power cut", "A crash here is a SIGKILL. The operating system’s page cache survives it; it does not survive a power cut."},
		{"The future", "any later version", "A verdict holds for the scripts, images and versions listed in this report, at the time of the run."},
	}
	if anyDeclared(r) {
		list = append(list, caveat{"People", "how fast people respond, which was declared", "Detection and response were declared in the configuration, not measured. They are added to the measured recovery time, and shown apart."})
	} else {
		list = append(list, caveat{"People", "how fast people notice and respond", "The responder sat at the keyboard: no time was counted for an alert to fire or for somebody to answer it."})
	}
	if anyProjected(r) {
		list = append(list, caveat{"Periodic backups", "the loss of a whole backup interval, which is projected", "A drill cannot wait for an hourly or daily backup. Where one protects a class, its loss is projected: the policy’s interval and the measured lag of a backup."})
	}
	return append(list, circumstances(r)...)
}

// circumstances are the caveats that come from how this run was made.
func circumstances(r Record) []caveat {
	var list []caveat
	if r.Run.Parallel > 1 {
		list = append(list, caveat{"Side by side", "the figures of a drill that runs alone", fmt.Sprintf("Up to %d drills ran at the same time and took resources from one another.", r.Run.Parallel)})
	}
	if r.Run.Aborted != "" {
		list = append(list, caveat{"Ended early", "drills that did not run", "The run did not finish: " + clipped(oneLine(r.Run.Aborted), 500) + "."})
	}
	if repeated(r) {
		list = append(list, caveat{"Repetitions", "", "Every repetition is in the record, and the worst one counts."})
	}
	return list
}

// dataWords say how much data the drills had to do with.
func dataWords(r Record) string {
	wrote := fmt.Sprintf("what the workload wrote: %s over all drills", plural(acknowledged(r), "acknowledged write"))
	most := archived(r)
	if most == 0 {
		return "The stores held " + wrote + ". A restore of production’s data takes longer."
	}
	return fmt.Sprintf("The stores of one drill held at most %s beside %s. A restore of more data takes longer.", count(most)+" rows and keys"+scaleWords(r), wrote)
}

// archived is the most that the stores of one drill held beside the workload's writes.
func archived(r Record) int {
	most := 0
	for _, d := range r.Drills {
		n := 0
		for _, a := range d.Archive {
			n += int(a.Rows)
		}
		most = max(most, n)
	}
	return most
}

func scaleWords(r Record) string {
	if r.Run.Scale == "" {
		return ""
	}
	return " (scale " + oneLine(r.Run.Scale) + ")"
}

// acknowledged counts the acknowledged writes of all drills.
func acknowledged(r Record) int {
	n := 0
	for _, d := range r.Drills {
		for _, p := range d.RPO {
			n += p.Acknowledged
		}
	}
	return n
}

func anyDeclared(r Record) bool {
	return slices.ContainsFunc(r.Drills, func(d Drill) bool { return d.RTO.DeclaredSeconds > 0 })
}

func anyProjected(r Record) bool {
	return slices.ContainsFunc(r.Drills, func(d Drill) bool {
		return slices.ContainsFunc(d.RPO, func(p RPO) bool { return p.ProjectedSeconds != nil })
	})
}
