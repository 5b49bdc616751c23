// Package drills rehearses recoveries. A Drill is a plain value; Run is the one function that owns
// the order of a drill's phases; Rehearse runs the drills of a plan and returns the record.
package drills
