package drills

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/recovery/scripts"
	"github.com/cogitator-ai/drdrill/reports"
)

// ScriptSet is what a run puts into the operator container: drdrill's own scripts, replaced by those of a
// folder. All files of the folder are taken, since scripts may need others beside them.
type ScriptSet struct {
	// Replaced are the names of those of drdrill's scripts that the folder replaces.
	Replaced []string
	// LeftOut are the entries of the folder that cannot be taken, each with the reason.
	LeftOut []string
	files   map[string]fixtures.File
	used    map[string]reports.Script
}

// ReadScripts reads a scripts folder; nil replaces nothing. What cannot be rehearsed is a UsageError: a folder with
// none of the names that it could replace, a name that is no file, a script whose lines end with CR.
func ReadScripts(folder fs.FS) (ScriptSet, error) {
	set := ScriptSet{files: map[string]fixtures.File{}, used: map[string]reports.Script{}}
	if err := set.add(scripts.Files, false); err != nil || folder == nil {
		return set, err
	}
	var err error
	if set.Replaced, err = replaced(folder); err == nil {
		err = set.add(folder, true)
	}
	if err != nil {
		return ScriptSet{}, UsageError{err}
	}
	return set, nil
}

// replaced says which of drdrill's scripts a folder replaces, and why it is of no use where it replaces none.
func replaced(folder fs.FS) (names []string, err error) {
	shipped, err := fs.Glob(scripts.Files, "*.sh")
	if err != nil {
		return nil, err
	}
	isLibrary := func(name string) bool { return slices.Contains(scripts.Libraries, name) }
	for _, name := range shipped {
		if _, err := fs.Lstat(folder, name); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		_, what, err := examine(folder, name)
		switch {
		case err != nil:
			return nil, fmt.Errorf("script %s: %w", name, err)
		case what != "":
			return nil, fmt.Errorf("%s is %s: put the script itself there, or take the name away", name, what)
		case !isLibrary(name):
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("the scripts folder holds none of the names that it could replace: %s",
			strings.Join(slices.DeleteFunc(shipped, isLibrary), ", "))
	}
	return names, nil
}

// examine says what an entry is where it is no file: a pipe would be waited for without end. Of a link it is
// what it leads to that counts: mounted configuration is made of links.
func examine(folder fs.FS, name string) (info fs.FileInfo, what string, err error) {
	entry, err := fs.Lstat(folder, name)
	if err != nil {
		return nil, "", err
	}
	info, err = fs.Stat(folder, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, "a link to nowhere", nil
	case err != nil:
		return nil, "", err
	case info.Mode().IsRegular():
		return info, "", nil
	case info.IsDir():
		what = "a folder"
	case info.Mode()&fs.ModeNamedPipe != 0:
		what = "a named pipe"
	default:
		what = "no file"
	}
	if entry.Mode()&fs.ModeSymlink != 0 {
		what = "a link to " + what
	}
	return info, what, nil
}

// gitFolder holds the history of what is beside it; in a linked working tree it is a file.
const gitFolder = ".git"

// executable and plain are the modes of files in the operator container. A replaced script keeps
// its owner's execute bits: one that is not executable fails in the drill as it would at night.
const (
	executable = 0o755
	plain      = 0o644
)

// add takes all files of a folder.
func (s *ScriptSet) add(from fs.FS, custom bool) error {
	return fs.WalkDir(from, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.Name() == gitFolder && entry.IsDir():
			return fs.SkipDir
		case entry.Name() == gitFolder || entry.IsDir():
			return nil
		}
		info, what, err := examine(from, name)
		if what != "" {
			s.LeftOut = append(s.LeftOut, name+", "+what)
			return nil
		}
		if err == nil {
			err = s.addFile(from, name, info.Mode(), custom)
		}
		if err != nil {
			return fmt.Errorf("script %s: %w", name, err)
		}
		return nil
	})
}

func (s *ScriptSet) addFile(from fs.FS, name string, is fs.FileMode, custom bool) error {
	content, err := fs.ReadFile(from, name)
	if err != nil {
		return err
	}
	if line := endsWithCR(string(content)); line > 0 && (path.Ext(name) == ".sh" || path.Ext(name) == ".bash") {
		return fmt.Errorf("line %d ends with CR LF, and bash takes the CR for a part of the command: remove it, as with sed -i 's/\\r$//'", line)
	}
	mode := int64(executable)
	if custom && is.Perm()&0o111 == 0 {
		mode = plain
	}
	sum := sha256.Sum256(content)
	s.files[name] = fixtures.File{Content: content, Mode: mode}
	s.used[name] = reports.Script{SHA256: hex.EncodeToString(sum[:]), Custom: custom}
	return nil
}

// endsWithCR is the number of the first line that ends with CR LF; 0 where none does.
func endsWithCR(text string) int {
	before, _, found := strings.Cut(text, "\r\n")
	if !found {
		return 0
	}
	return strings.Count(before, "\n") + 1
}
