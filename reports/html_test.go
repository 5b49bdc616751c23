package reports

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
)

func htmlOf(t *testing.T, r Record) string {
	t.Helper()
	var b bytes.Buffer
	if err := HTML(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// outside matches what would make the page fetch something or run a script.
var outside = regexp.MustCompile(`(?i)<script|<iframe|<img|<link [^>]*href="[^d]|@import|url\(|<[^>]*\son[a-z]+=|href="javascript:|(src|href)="(https?:)?//`)

func TestHTMLIsOneFileWithoutScript(t *testing.T) {
	for _, s := range samples() {
		if found := outside.FindString(htmlOf(t, s.record)); found != "" {
			t.Errorf("%s: the page holds %q", s.name, found)
		}
	}
}

// TestHTMLIsBalanced holds that what a record says never ends an element of the page.
func TestHTMLIsBalanced(t *testing.T) {
	for _, s := range samples() {
		page := htmlOf(t, s.record)
		for _, name := range []string{"html", "body", "main", "article", "section", "table", "tbody", "tr", "td", "details", "pre", "dl", "div", "svg", "figure", "ul"} {
			opened := len(regexp.MustCompile(`<`+name+`[\s>]`).FindAllString(page, -1))
			if closed := strings.Count(page, "</"+name+">"); opened != closed {
				t.Errorf("%s: %d of %s opened, %d closed", s.name, opened, name, closed)
			}
		}
	}
}

func TestHTMLAnchorsAndNames(t *testing.T) {
	page := htmlOf(t, showcase())
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(`\sid="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if ids[m[1]] {
			t.Errorf("two elements have the id %q", m[1])
		}
		ids[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`(?:href="#|aria-labelledby=")([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !ids[m[1]] {
			t.Errorf("nothing has the id %q", m[1])
		}
	}
	for _, svg := range regexp.MustCompile(`<svg[^>]*>`).FindAllString(page, -1) {
		if !strings.Contains(svg, `role="img"`) || !strings.Contains(svg, `aria-label="`) {
			t.Errorf("a picture without a name: %s", svg)
		}
	}
	for _, th := range regexp.MustCompile(`<th[\s>][^>]*`).FindAllString(page, -1) {
		if !strings.Contains(th, "scope=") {
			t.Errorf("a header cell without a scope: %s", th)
		}
	}
}

func TestHTMLSaysWhatIsMissing(t *testing.T) {
	page := htmlOf(t, sampleRecord(corruptJSON()))
	for _, want := range []string{notRestored, notMeasured, notProjected, notStated, "What this run does not prove"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

func TestCaveats(t *testing.T) {
	titles := func(r Record) string {
		var list []string
		for _, c := range caveats(r) {
			list = append(list, c.Title)
		}
		return strings.Join(list, ",")
	}
	if got := titles(repeatedRecord()); !strings.Contains(got, "Side by side") || !strings.Contains(got, "Repetitions") {
		t.Errorf("caveats %s", got)
	}
	if got := titles(sampleRecord(volumeLoss())); !strings.Contains(got, "Periodic backups") {
		t.Errorf("caveats %s", got)
	}
	if got := titles(sampleRecord(postgresKill())); strings.Contains(got, "Periodic backups") || strings.Contains(got, "Side by side") {
		t.Errorf("caveats %s", got)
	}
}

// TestColoursHaveContrast computes the contrast of text and ground in both schemes and on paper.
func TestColoursHaveContrast(t *testing.T) {
	style, err := htmlFiles.ReadFile("html/style.css")
	if err != nil {
		t.Fatal(err)
	}
	roots := regexp.MustCompile(`(?s):root \{(.*?)\}`).FindAllStringSubmatch(string(style), -1)
	if len(roots) != 3 {
		t.Fatalf("%d schemes in the style sheet, want light, dark and paper", len(roots))
	}
	pairs := [][2]string{
		{"ink", "page"}, {"ink", "paper"}, {"ink", "faint"}, {"soft", "page"}, {"soft", "paper"}, {"link", "paper"},
		{"good", "paper"}, {"good", "good-wash"}, {"bad", "paper"}, {"bad", "bad-wash"}, {"bad", "outage"}, {"open", "paper"}, {"open", "open-wash"},
		{"ink", "bad-wash"}, {"ink", "open-wash"}, {"ink", "outage"}, {"plain", "paper"}, {"page", "good"}, {"page", "bad"}, {"page", "open"},
	}
	for i, root := range roots {
		colours := coloursOf(root[1])
		for _, p := range pairs {
			if c := contrast(t, colours[p[0]], colours[p[1]]); c < 4.5 {
				t.Errorf("scheme %d: %s on %s has a contrast of %.2f", i, p[0], p[1], c)
			}
		}
	}
}
