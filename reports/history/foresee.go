package history

import (
	"errors"
	"fmt"
)

// Foresee says before a run whether its comparison with a baseline could show anything: an error names
// what is in the way. Planned is the run as far as it is known.
func Foresee(b Baseline, planned Summary, drills []string, repeat int) error {
	var whys []error
	for _, drill := range drills {
		base, why := b.Against(drill, planned)
		if why != "" {
			whys = append(whys, fmt.Errorf("%s: %s", drill, why))
			continue
		}
		if was := len(recoveryTimes(base.Of(drill))); !enough(was, repeat) {
			return fmt.Errorf("%s was measured %s in run %s: give --repeat %d or more, or nothing can be told from the noise",
				drill, times(was), base.ID, Needed(was))
		}
	}
	if len(drills) > 0 && len(whys) == len(drills) {
		return errors.Join(append(whys, errors.New("run without --baseline first, to have one"))...)
	}
	return nil
}
