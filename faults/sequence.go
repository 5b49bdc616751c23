package faults

import (
	"context"
	"strings"
)

// Sequence is several faults, one after another, such as a damaged backup and then the loss of what
// it was to bring back. Each of them must hit.
type Sequence []Fault

// Describe implements Fault.
func (s Sequence) Describe() string {
	var words []string
	for _, fault := range s {
		words = append(words, fault.Describe())
	}
	return strings.Join(words, "; then ")
}

// Inject implements Fault.
func (s Sequence) Inject(ctx context.Context, t Target) (string, error) {
	var hits []string
	for _, fault := range s {
		hit, err := fault.Inject(ctx, t)
		if err != nil {
			return strings.Join(hits, "; then "), err
		}
		hits = append(hits, hit)
	}
	return strings.Join(hits, "; then "), nil
}
