package reports

// outcome is one thing that can become of a write.
type outcome struct {
	name, meaning string
	read          bool // found by reading the stores back; any but a zero is bad
	of            func(RPO) int
}

// outcomes are all of them, in the order of the reports.
var outcomes = []outcome{
	{"Acknowledged", "the store said yes", false, func(p RPO) int { return p.Acknowledged }},
	{"Lost", "acknowledged, and not there", true, func(p RPO) int { return p.Lost }},
	{"Mutated", "there with another payload", true, func(p RPO) int { return p.Mutated }},
	{"Phantom", "there, and never attempted or refused", true, func(p RPO) int { return p.Phantom }},
	{"Duplicated", "there more than once", true, func(p RPO) int { return p.Duplicated }},
	{"Refused", "the store said no", false, func(p RPO) int { return p.Refused }},
	{"Unknown", "no answer: may be there or not", false, func(p RPO) int { return p.Unknown }},
}
