// Package drills rehearses recoveries. A Drill is a plain value; a rehearsal's three acts
// own the order of its phases; Rehearse runs the drills of a plan and returns the record.
package drills
