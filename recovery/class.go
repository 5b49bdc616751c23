package recovery

// Class is a class of data with a recovery point objective of its own.
type Class string

// The data classes of the playbook.
const (
	Runs    Class = "runs"
	Audit   Class = "audit"
	Agents  Class = "agents"
	Memory  Class = "memory"
	Vectors Class = "vectors"
)

// Classes returns all classes in the order in which they are reported.
func Classes() []Class { return []Class{Runs, Audit, Agents, Memory, Vectors} }

// index is the class's place in Classes, or -1.
func (c Class) index() int {
	switch c {
	case Runs:
		return 0
	case Audit:
		return 1
	case Agents:
		return 2
	case Memory:
		return 3
	case Vectors:
		return 4
	default:
		return -1
	}
}
