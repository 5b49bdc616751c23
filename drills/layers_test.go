package drills_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/cogitator-ai/drdrill/"

// below are the folders of ours that a package may import: its own and those under it. A package
// that is not named has its nearest parent's.
var below = map[string][]string{
	"cmd":                    {"cmd", "drills", "fixtures", "faults", "recovery", "reports"},
	"drills":                 {"drills", "fixtures", "faults", "recovery", "reports"},
	"fixtures":               {"fixtures", "recovery"},
	"fixtures/archive":       {"fixtures/archive", "fixtures/workload", "recovery"},
	"fixtures/images":        {"fixtures/images", "recovery/outagetest"},
	"fixtures/images/reaper": {},
	"fixtures/inventory":     {},
	"fixtures/workload":      {"fixtures/workload", "recovery"},
	"faults":                 {},
	"recovery":               {"recovery/outagetest"},
	"recovery/outagetest":    {"recovery"},
	"recovery/runbook":       {"recovery"},
	"recovery/scripts":       {},
	"reports":                {"reports"},
	"reports/attest":         {"reports"},
	"reports/controls":       {},
	"reports/governance":     {"reports/governance"},
	"reports/pdf":            {"reports/pdf"},
}

// homes are the folders in which alone a library may be used; tests may use the matchers' anywhere.
var homes = []struct {
	library string
	folder  string
	tests   bool
}{
	{"github.com/docker/", "fixtures", false},
	{"github.com/moby/", "fixtures", false},
	{"github.com/testcontainers/", "fixtures", false},
	{"github.com/onsi/ginkgo", "drills", true},
	{"github.com/onsi/gomega", "drills", true},
}

// goPackage is what `go list` tells of a package.
type goPackage struct {
	Dir, ImportPath                    string
	GoFiles                            []string
	Imports, TestImports, XTestImports []string
}

func (p goPackage) name() string { return strings.TrimPrefix(p.ImportPath, module) }

// within says whether a package is a folder's or lies below it.
func within(name, folder string) bool { return name == folder || strings.HasPrefix(name, folder+"/") }

// violation says why a package may not import another; empty when it may.
func violation(from, to string, test bool) string {
	for _, h := range homes {
		if strings.HasPrefix(to, h.library) && !within(from, h.folder) && (!test || !h.tests) {
			return "it belongs in " + h.folder
		}
	}
	imported, ours := strings.CutPrefix(to, module)
	if !ours || imported == from { // a package's own tests import it
		return ""
	}
	for folder := from; folder != "."; folder = filepath.Dir(folder) {
		if allowed, named := below[folder]; named {
			if slices.ContainsFunc(allowed, func(under string) bool { return within(imported, under) }) {
				return ""
			}
			return "imports point down only"
		}
	}
	return "its place in the house is not known: name it in this test"
}

func listPackages(t *testing.T) (packages []goPackage) {
	t.Helper()
	list := exec.Command("go", "list", "-json=Dir,ImportPath,GoFiles,Imports,TestImports,XTestImports", "./...")
	list.Dir = ".."
	var complaint bytes.Buffer
	list.Stderr = &complaint
	out, err := list.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", list, err, complaint.Bytes())
	}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

func TestImportsPointDown(t *testing.T) {
	packages := listPackages(t)
	for folder := range below {
		if !slices.ContainsFunc(packages, func(p goPackage) bool { return within(p.name(), folder) }) {
			t.Errorf("there is no package %s", folder)
		}
	}
	for _, p := range packages {
		for _, imported := range p.Imports {
			if why := violation(p.name(), imported, false); why != "" {
				t.Errorf("%s imports %s: %s", p.name(), imported, why)
			}
		}
		for _, imported := range slices.Concat(p.TestImports, p.XTestImports) {
			if why := violation(p.name(), imported, true); why != "" {
				t.Errorf("a test of %s imports %s: %s", p.name(), imported, why)
			}
		}
	}
}

// A drill is data: what runs and tests drills knows Gomega, and drills know it in one file.
func TestGomegaIsInOneFile(t *testing.T) {
	var users []string
	for _, p := range listPackages(t) {
		for _, file := range p.GoFiles {
			parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, file), nil, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, imported := range parsed.Imports {
				if path, _ := strconv.Unquote(imported.Path.Value); strings.HasPrefix(path, "github.com/onsi/") {
					users = append(users, p.name()+"/"+file)
				}
			}
		}
	}
	if want := []string{"drills/matchers.go"}; !slices.Equal(users, want) {
		t.Errorf("Ginkgo and Gomega are used in %v, want %v", users, want)
	}
}

// The rules themselves: what they let through, and what they do not.
func TestViolation(t *testing.T) {
	for _, tt := range []struct {
		from, to string
		test     bool
		allowed  bool
	}{
		{"cmd/drdrill", module + "drills/playbook", false, true},
		{"drills/playbook", module + "drills", false, true},
		{"drills", module + "recovery/runbook", false, true},
		{"fixtures", module + "recovery/runbook", false, true},
		{"fixtures/workload", module + "recovery", false, true},
		{"recovery/runbook", module + "recovery", false, true},
		{"recovery", module + "recovery", true, true},
		{"fixtures/images", "github.com/docker/docker/client", false, true},
		{"recovery", "github.com/onsi/gomega", true, true},
		{"faults", "context", false, true},
		{"reports", module + "reports/governance", false, true},

		{"drills", module + "cmd/drdrill", false, false},
		{"fixtures", module + "drills", false, false},
		{"fixtures", module + "faults", false, false},
		{"fixtures", module + "reports", false, false},
		{"fixtures/workload", module + "fixtures", false, false},
		{"fixtures/images", module + "recovery", false, false},
		{"faults", module + "fixtures", false, false},
		{"faults", module + "recovery", false, false},
		{"recovery", module + "recovery/runbook", false, false},
		{"recovery", module + "drills", true, false},
		{"recovery/runbook", module + "fixtures", false, false},
		{"reports", module + "recovery", false, false},
		{"reports/governance", module + "reports", false, false},
		{"drills", "github.com/docker/docker/client", false, false},
		{"drills", "github.com/docker/docker/client", true, false},
		{"cmd/drdrill", "github.com/testcontainers/testcontainers-go", false, false},
		{"reports", "github.com/onsi/gomega/types", false, false},
		{"attic", module + "recovery", false, false},
	} {
		if why := violation(tt.from, tt.to, tt.test); (why == "") != tt.allowed {
			t.Errorf("%s imports %s: %q, want allowed %t", tt.from, tt.to, why, tt.allowed)
		}
	}
}
