// Package governance holds what an organization states about its drills in drdrill.yaml: scope,
// people, targets and what follows from earlier drills. It reads the file strictly and adds nothing
// to it: what is not stated is missing.
package governance
