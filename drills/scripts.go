package drills

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/recovery/scripts"
	"github.com/cogitator-ai/drdrill/reports"
)

// CheckScripts says which names a scripts folder replaces; none is a UsageError that lists the
// known names.
func CheckScripts(folder fs.FS) ([]string, error) {
	known, err := fs.Glob(scripts.Files, "*.sh")
	if err != nil {
		return nil, err
	}
	known = slices.DeleteFunc(known, func(name string) bool { return slices.Contains(scripts.Libraries, name) })
	var replaced []string
	for _, name := range known {
		if _, err := fs.Stat(folder, name); err == nil {
			replaced = append(replaced, name)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, UsageError{fmt.Errorf("read the scripts folder: %w", err)}
		}
	}
	if len(replaced) == 0 {
		return nil, UsageError{fmt.Errorf("the scripts folder holds none of the names that it could replace: %s", strings.Join(known, ", "))}
	}
	return replaced, nil
}

// executable and plain are the modes of files in the operator container. A replaced script keeps
// its owner's execute bits: one that is not executable fails in the drill as it would at night.
const (
	executable = 0o755
	plain      = 0o644
)

// scriptFiles are the scripts of a run: drdrill's own, replaced by those of the folder. All files
// of the folder are taken, since scripts may need others beside them.
func scriptFiles(folder fs.FS) (map[string]fixtures.File, map[string]reports.Script, error) {
	files, used := map[string]fixtures.File{}, map[string]reports.Script{}
	if err := addScripts(files, used, scripts.Files, false); err != nil {
		return nil, nil, err
	}
	if folder == nil {
		return files, used, nil
	}
	if _, err := CheckScripts(folder); err != nil {
		return nil, nil, err
	}
	if err := addScripts(files, used, folder, true); err != nil {
		return nil, nil, UsageError{err}
	}
	return files, used, nil
}

func addScripts(files map[string]fixtures.File, used map[string]reports.Script, from fs.FS, custom bool) error {
	return fs.WalkDir(from, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := fs.Stat(from, path) // of what a link leads to: mounted configuration is made of links
		if err != nil {
			return fmt.Errorf("read script %s: %w", path, err)
		}
		if info.IsDir() {
			return nil
		}
		content, err := fs.ReadFile(from, path)
		if err != nil {
			return fmt.Errorf("read script %s: %w", path, err)
		}
		mode := int64(executable)
		if custom && info.Mode().Perm()&0o111 == 0 {
			mode = plain
		}
		sum := sha256.Sum256(content)
		files[path] = fixtures.File{Content: content, Mode: mode}
		used[path] = reports.Script{SHA256: hex.EncodeToString(sum[:]), Custom: custom}
		return nil
	})
}
