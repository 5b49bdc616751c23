package reports

import (
	"encoding/xml"
	"errors"
	"html/template"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestScalesKeepPlacesWithinThePicture(t *testing.T) {
	values := []float64{0, 1e-300, 1e-9, .01, 1, 59, 3600, 86400, 1e12, math.MaxFloat64, -1, -math.MaxFloat64, math.NaN(), math.Inf(1), math.Inf(-1)}
	for _, from := range values {
		for _, to := range values {
			for _, s := range []scale{linear(from, to, 10, 300), logarithmic(from, to, 10, 300)} {
				for _, v := range values {
					if p := s.place(v); !(p >= 10 && p <= 300) {
						t.Fatalf("scale %v…%v (log %t) puts %v at %v", from, to, s.log, v, p)
					}
				}
			}
		}
	}
}

func TestScalePlaces(t *testing.T) {
	for _, c := range []struct {
		s    scale
		v    float64
		want float64
	}{
		{linear(0, 10, 0, 100), 5, 50},
		{linear(0, 10, 100, 0), 2.5, 75},
		{linear(5, 5, 0, 100), 5, 0},
		{logarithmic(1, 100, 0, 100), 10, 50},
		{logarithmic(0, 1, 0, 60), 1e-3, 30},
		{logarithmic(1, 100, 0, 100), 0, 0},
	} {
		if got := c.s.place(c.v); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%+v puts %v at %v, want %v", c.s, c.v, got, c.want)
		}
	}
}

func TestTicksAreFewRoundAndWithin(t *testing.T) {
	for _, span := range []float64{1e-4, 1e-3, .3, 1, 7, 61, 4000, 90000, 1e9} {
		s := linear(3, 3+span, 0, 100)
		ticks := s.ticks(3, 6)
		if len(ticks) < 2 || len(ticks) > 7 {
			t.Errorf("%d ticks for a span of %v", len(ticks), span)
		}
		for _, v := range ticks {
			if v < s.from || v > s.to {
				t.Errorf("tick %v is outside %v…%v", v, s.from, s.to)
			}
		}
	}
	if ticks := linear(0, math.MaxFloat64, 0, 1).ticks(0, 0); ticks != nil {
		t.Errorf("%v where no tick was wanted", ticks)
	}
}

func TestMagnitudesAroundValues(t *testing.T) {
	for _, c := range []struct{ least, greatest float64 }{{0, 0}, {.84, 300}, {1e-9, 1e12}, {60, 60}, {5, 5.1}} {
		m := magnitudesAround(c.least, c.greatest)
		if len(m) < 2 {
			t.Fatalf("magnitudes around %v: %v", c, m)
		}
		if first, last := m[0], m[len(m)-1]; (first > c.least && first > magnitudes[0]) || (last < c.greatest && last < magnitudes[len(magnitudes)-1]) {
			t.Errorf("magnitudes around %v: %v…%v", c, first, last)
		}
	}
}

// TestLabelsNeverOverlap throws labels at an axis, close to each other most of the time.
func TestLabelsNeverOverlap(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		width := []float64{narrow, wide}[random.IntN(2)]
		var labels []label
		for range 1 + random.IntN(8) {
			x := random.Float64() * width
			if random.IntN(2) == 0 && len(labels) > 0 { // near or at an earlier one
				x = min(max(labels[0].x+float64(random.IntN(5)-2), 0), width)
			}
			labels = append(labels, label{words: strings.Repeat("x", 4+random.IntN(18)), x: x})
		}
		placed, lanes := staggered(labels, width)
		checkLabels(t, placed, lanes, width == wide)
	}
}

// checkLabels holds that no texts overlap and, where there is room enough, that no line crosses a
// text. On a narrow picture two texts can lie across each other's lines whatever the lanes.
func checkLabels(t *testing.T, placed []label, lanes int, roomy bool) {
	t.Helper()
	for i, a := range placed {
		if a.lane < 0 || a.lane >= lanes {
			t.Fatalf("label %+v is in no lane of %d", a, lanes)
		}
		for j, b := range placed {
			if i == j {
				continue
			}
			if a.lane == b.lane && a.overlaps(b) {
				t.Fatalf("%+v and %+v overlap", a, b)
			}
			if roomy && a.lane <= b.lane && a.covers(b.x) {
				t.Fatalf("the line of %+v crosses the text of %+v", b, a)
			}
		}
	}
}

func TestPicturesAreWellFormed(t *testing.T) {
	drills := append([]Drill{{}, extremeDrill()}, showcase().Drills...)
	for _, d := range drills {
		for _, width := range []float64{wide, narrow} {
			for _, p := range []template.HTML{
				timelinePicture(d, width, "c"), activityPicture(d, width, "c"), rtoPicture(d.RTO, width, "c"), phasesPicture(d.RTO.Phases),
				trendPicture(d, width, "c"), overviewPicture([]drillView{{Drill: d, Heading: d.Name}}, width, "c"),
			} {
				checkPicture(t, string(p))
			}
		}
	}
}

// extremeDrill has figures that no drill should have.
func extremeDrill() Drill {
	d := volumeLoss()
	d.RTO.MeasuredSeconds, d.RTO.JudgedSeconds = seconds(math.MaxFloat64), seconds(math.Inf(1))
	d.RTO.TargetSeconds, d.RTO.UncertaintySeconds = 0, math.NaN()
	d.RTO.Phases = append(d.RTO.Phases, Phase{"endless", math.MaxFloat64}, Phase{"odd", math.NaN()}, Phase{"negative", -3})
	d.Timeline = append(d.Timeline, Event{"far", 1e300}, Event{"nowhere", math.NaN()})
	d.Activity = []Second{{AtSecond: -5, Refused: -3}, {AtSecond: 1 << 40, Acknowledged: math.MaxInt32}}
	return d
}

func checkPicture(t *testing.T, svg string) {
	t.Helper()
	if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
		t.Errorf("a number that is none: %s", svg)
	}
	dec := xml.NewDecoder(strings.NewReader(svg))
	for {
		_, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
	}
}

func TestCloseUp(t *testing.T) {
	short, long := postgresKill(), volumeLoss()
	if w := closeUp(short); w.to < 12.402+2.3 || w.to > 12.402+9 {
		t.Errorf("a verification long after a short outage stays out of the picture: it ends at %v", w.to)
	}
	if w := closeUp(long); w.to < 31.5+52.4 {
		t.Errorf("a verification soon after a long outage is in the picture: it ends at %v", w.to)
	}
	if w := closeUp(Drill{}); w.to <= w.from {
		t.Errorf("the window of an empty drill is %v…%v", w.from, w.to)
	}
}

func TestBinnedKeepsARefusedWriteVisible(t *testing.T) {
	seconds := make([]Second, 0, 1000)
	for i := range 1000 {
		seconds = append(seconds, Second{AtSecond: i, Acknowledged: 50})
	}
	seconds[500].Refused = 1
	bars, per := binned(seconds, 100)
	if len(bars) != 100 || per != 10 {
		t.Fatalf("%d bars of %d seconds, want 100 of 10", len(bars), per)
	}
	if b := bars[50]; b.Refused != 1 || b.Acknowledged != 50 {
		t.Errorf("bar %+v, want 50 acknowledged and 1 refused", b)
	}
}

// The words of a step are beside its bar where there is room, and never on it or outside of the picture.
func TestStepWordsKeepOffTheirBars(t *testing.T) {
	x := linear(0, 100, edge, 400)
	steps := []Step{{Name: "early", AtSeconds: 0, Seconds: 2}, {Name: "late", AtSeconds: 96, Seconds: 4}, {Name: "all the time", AtSeconds: 0, Seconds: 100}}
	bars, end := stepBars(steps, x, 10)
	if bars[0].wordsFrom < bars[0].to || bars[0].above {
		t.Errorf("words of an early step at %+v", bars[0])
	}
	if bars[1].wordsFrom+textWidth(bars[1].words) > bars[1].from || bars[1].above {
		t.Errorf("words of a late step at %+v", bars[1])
	}
	if !bars[2].above || bars[2].wordsFrom < x.left || end != 10+2*besideRoom+aboveRoom {
		t.Errorf("words of a long step at %+v, the steps end at %g", bars[2], end)
	}
}
