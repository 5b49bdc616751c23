package governance

// Plan is the whole of drdrill.yaml. Everything in it is optional; what an auditor expects and is not
// stated is shown as missing. An empty list of excludes, assumptions or actions states that there are
// none; a list that is left out states nothing.
type Plan struct {
	// Scope says what the drills cover and what they leave out.
	Scope Scope `json:"scope,omitzero"`
	// Assumptions are what the drills take for granted, such as that the object store survives. An empty list states that there are none.
	Assumptions []string `json:"assumptions,omitzero"`
	// Participants are those who take part in the drill, with their roles.
	Participants []Participant `json:"participants,omitzero"`
	// Approver is who approved this plan, and when.
	Approver Approver `json:"approver,omitzero"`
	// Runbook is the recovery procedure that is rehearsed.
	Runbook Runbook `json:"runbook,omitzero"`
	// Contacts are whom to call in an emergency, and how a call is escalated.
	Contacts []Contact `json:"contacts,omitzero"`
	// Targets are what the drills are judged by. A target that is left out is the playbook's.
	Targets Targets `json:"targets,omitzero"`
	// Risks are the misses that are accepted for a time. An accepted miss stays a miss; a run that misses nothing else ends with exit code 0.
	Risks []Risk `json:"risks,omitzero"`
	// Actions are the corrective actions that earlier drills led to. An empty list states that there are none.
	Actions []Action `json:"actions,omitzero"`
	// NextDrill is the day of the next drill.
	NextDrill Date `json:"nextDrill,omitzero"`
}

// Scope says what the drills cover and what they leave out.
type Scope struct {
	// System is the name of the system under drill.
	System string `json:"system,omitzero"`
	// Covers are the parts that the drills cover.
	Covers []string `json:"covers,omitzero"`
	// Excludes are the parts that are left out, each with the reason. An empty list states that there are none.
	Excludes []Exclusion `json:"excludes,omitzero"`
}

// Exclusion is a part that the drills leave out.
type Exclusion struct {
	// What is left out.
	What string `json:"what,omitzero"`
	// Why it is left out, and how it is covered instead.
	Why string `json:"why,omitzero"`
}

// Participant is somebody who takes part in the drill.
type Participant struct {
	// Role is the part that the person has in the drill, such as on-call engineer.
	Role string `json:"role,omitzero"`
	// Name of the person.
	Name string `json:"name,omitzero"`
}

// Approver is who approved the plan.
type Approver struct {
	// Role is the office in which the person approves.
	Role string `json:"role,omitzero"`
	// Name of the person.
	Name string `json:"name,omitzero"`
	// Approved is the day of the approval.
	Approved Date `json:"approved,omitzero"`
}

// Runbook is the recovery procedure that is rehearsed.
type Runbook struct {
	// Location is where the runbook is kept: a path or an address.
	Location string `json:"location,omitzero"`
	// Version is the runbook's version, tag or revision. Quote one that is a number.
	Version string `json:"version,omitzero"`
	// Reviewed is the day of the last review.
	Reviewed Date `json:"reviewed,omitzero"`
}

// Contact is whom to call in an emergency.
type Contact struct {
	// Role of the one who is called, such as platform lead.
	Role string `json:"role,omitzero"`
	// Contact is how to reach them.
	Contact string `json:"contact,omitzero"`
	// Escalation is when the call comes to them, or goes on from them.
	Escalation string `json:"escalation,omitzero"`
}

// Action is a corrective action that an earlier drill led to.
type Action struct {
	// What is to be done.
	What string `json:"what,omitzero"`
	// Owner is who does it.
	Owner string `json:"owner,omitzero"`
	// Due is the day by which it is to be done.
	Due Date `json:"due,omitzero"`
	// Done is the day on which it was done; left out as long as it is open.
	Done Date `json:"done,omitzero"`
}
