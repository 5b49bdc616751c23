package faults_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/cogitator-ai/drdrill/faults"
)

var obstacles = []faults.Obstacle{
	faults.Down{Service: "store"}, faults.FullBackupDisk{}, faults.RefusingStore{}, faults.MissingConfiguration{},
}

func TestInTurnTakesEachObstacleAwayBeforeTheNext(t *testing.T) {
	s := &system{running: map[string]bool{"store": true}, printed: "something\n"}
	var tried, after []string
	hit, err := faults.InTurn(obstacles).Each(context.Background(), faults.Target{System: s}, func(o faults.Obstacle) (func() error, error) {
		tried = append(tried, o.Describe())
		standing := len(s.calls)
		return func() error {
			if len(s.calls) == standing {
				t.Errorf("%s still stands", o.Describe())
			}
			after = append(after, o.Describe())
			return nil
		}, nil
	})
	if err != nil || hit != "killed store; something; something; something" {
		t.Errorf("hit %q, %v", hit, err)
	}
	if len(tried) != len(obstacles) || !slices.Equal(tried, after) {
		t.Errorf("tried %q, and then %q", tried, after)
	}
	if !slices.Equal(s.called("start"), []string{"start store"}) {
		t.Errorf("the store was not started again: %q", s.calls)
	}
}

func TestInTurnLeavesNoObstacleStanding(t *testing.T) {
	s := &system{running: map[string]bool{"store": true}}
	_, err := faults.InTurn{faults.Down{Service: "store"}}.Each(context.Background(), faults.Target{System: s}, func(faults.Obstacle) (func() error, error) {
		return func() error { t.Error("it went on"); return nil }, errBroken
	})
	if !errors.Is(err, errBroken) || len(s.called("start store")) != 1 {
		t.Errorf("%v after %q", err, s.calls)
	}
}

func TestDownThatStaysIsLeftToTheRecovery(t *testing.T) {
	s := &system{running: map[string]bool{"postgres": true}}
	hit, err := inject(faults.InTurn{faults.Down{Service: "postgres", Stays: true}}, s, 1)
	if err != nil || hit != "killed postgres" || len(s.called("start")) > 0 {
		t.Errorf("hit %q, %v after %q", hit, err, s.calls)
	}
}

func TestObstaclesHitSomethingOrFail(t *testing.T) {
	for _, o := range obstacles {
		if !strings.Contains(faults.InTurn{o}.Describe(), o.Describe()) {
			t.Errorf("%s is not named", o.Describe())
		}
		if _, err := inject(o, &system{}, 1); !errors.Is(err, faults.ErrNothingHit) {
			t.Errorf("%s: %v, want %v", o.Describe(), err, faults.ErrNothingHit)
		}
		for _, broken := range []string{"run on operator", "start store"} {
			s := &system{running: map[string]bool{"store": true}, printed: "something", fail: broken}
			if _, err := inject(faults.InTurn{o}, s, 1); len(s.called(broken)) > 0 && !errors.Is(err, errBroken) {
				t.Errorf("%s, %s fails: %v", o.Describe(), broken, err)
			}
		}
	}
}

func TestSequenceStopsAtTheFirstThatDoesNotHit(t *testing.T) {
	both := faults.Sequence{faults.Kill{Service: "redis"}, faults.Destroy{Service: "redis"}}
	hit, err := inject(both, &system{running: map[string]bool{"redis": true}, volumes: []string{"volume data"}}, 1)
	if err != nil || hit != "killed redis; then removed container redis, volume data" {
		t.Errorf("hit %q, %v", hit, err)
	}
	s := &system{volumes: []string{"volume data"}}
	if hit, err := inject(both, s, 1); !errors.Is(err, faults.ErrNothingHit) || hit != "" || len(s.called("destroy")) > 0 {
		t.Errorf("hit %q, %v after %q", hit, err, s.calls)
	}
	if words := both.Describe(); !strings.Contains(words, "; then ") {
		t.Errorf("described as %q", words)
	}
}

func TestSpoiledBackupIsSpoiledAtBothPlaces(t *testing.T) {
	spoiled := faults.SpoiledBackup{Kind: "redis", Object: "dump.rdb"}
	ways := map[string]bool{}
	for seed := range uint64(20) {
		s := &system{printed: "redis-1/dump.rdb"}
		hit, err := inject(spoiled, s, seed)
		if err != nil || !strings.Contains(hit, "dump.rdb of the newest backup of redis") {
			t.Fatalf("hit %q, %v", hit, err)
		}
		ways[strings.Fields(hit)[0]] = true
		if len(s.called("run on operator")) != 1 || len(s.called("run on store")) != 1 {
			t.Errorf("damaged by %q", s.calls)
		}
	}
	if len(ways) != 3 {
		t.Errorf("twenty seeds draw %v", ways)
	}
	if _, err := inject(spoiled, &system{}, 1); !errors.Is(err, faults.ErrNothingHit) {
		t.Errorf("nothing changed: %v", err)
	}
	for _, broken := range []string{"run on operator", "run on store"} {
		if _, err := inject(spoiled, &system{printed: "x", fail: broken}, 1); !errors.Is(err, errBroken) {
			t.Errorf("%s fails: %v", broken, err)
		}
	}
}
