package drills

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/recovery/redact"
	"github.com/cogitator-ai/drdrill/reports"
)

// transcriptLog collects what all scripts of a drill printed.
type transcriptLog struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *transcriptLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// keepEvidence writes the files behind the record and returns their digests. It keeps what it can:
// an error says what could not be kept.
func (r *rehearsal) keepEvidence(ctx context.Context) ([]reports.Evidence, error) {
	keeper := r.keeper()
	var ledger bytes.Buffer
	err := r.ledger.WriteCSV(&ledger)
	keeper.write("ledger.csv", ledger.Bytes(), err)
	keeper.write("probe.csv", r.probeCSV(keeper.redact), nil)
	keeper.write("readback.csv", r.readbackCSV(), nil)
	keeper.keep("positions.csv", r.positionsCSV(), nil)
	keeper.keep("transcript.log", r.log.text.Bytes(), nil)
	versions, err := json.MarshalIndent(map[string]any{
		"servers": r.versions, "images": r.setting.Images, "settings": r.settings, "drill": r.drill,
	}, "", "  ")
	keeper.keep("versions.json", versions, err)
	if r.stack != nil {
		for _, part := range r.drill.Needs.Parts() {
			var log bytes.Buffer
			err := r.stack.Logs(ctx, part, &log)
			keeper.keep(part+".log", log.Bytes(), err)
		}
	}
	return keeper.kept, errors.Join(keeper.errs...)
}

// keeper keeps the files of this drill.
func (r *rehearsal) keeper() *keeper {
	k := &keeper{
		root:   r.setting.Dir,
		folder: filepath.Join("evidence", r.drill.Name),
		redact: redact.NewStream(r.secrets()).Text,
	}
	if r.setting.Repetition > 1 {
		k.folder = filepath.Join(k.folder, strconv.Itoa(r.setting.Repetition))
	}
	return k
}

// probeCSV is every answer that the recovery time is measured from. Of an answer only what it says is redacted:
// its figures are no secret, whatever they are.
func (r *rehearsal) probeCSV(redact func(string) string) []byte {
	var out bytes.Buffer
	out.WriteString("asked_ns,answered_ns,error\n")
	for _, o := range r.watch.Observations() {
		failure := ""
		if o.Err != nil {
			failure = strconv.Quote(redact(o.Err.Error()))
		}
		fmt.Fprintf(&out, "%d,%d,%s\n", o.Asked.Nanoseconds(), o.Answered.Nanoseconds(), failure)
	}
	return out.Bytes()
}

// positionsCSV is how far each store had written its own log at which instant.
func (r *rehearsal) positionsCSV() []byte {
	var out bytes.Buffer
	out.WriteString("store,at_ns,life,bytes\n")
	for _, store := range []struct {
		name      string
		positions *fixtures.Positions
	}{{"postgres", r.writeAhead}, {"redis", r.appendLog}} {
		if store.positions == nil {
			continue // the drill ended before it was followed
		}
		store.positions.Each(func(at time.Duration, life string, size int64) {
			fmt.Fprintf(&out, "%s,%d,%s,%d\n", store.name, at.Nanoseconds(), life, size)
		})
	}
	return out.Bytes()
}

// readbackCSV is every row that verification found: the other side of the ledger.
func (r *rehearsal) readbackCSV() []byte {
	var out bytes.Buffer
	out.WriteString("class,seq,hash\n")
	for _, class := range recovery.Classes() {
		for _, row := range r.rows[class] {
			fmt.Fprintf(&out, "%s,%d,%016x\n", class, row.Seq, uint64(row.Hash))
		}
	}
	return out.Bytes()
}

// keeper writes evidence below the run's folder.
type keeper struct {
	root, folder string
	redact       func(string) string
	kept         []reports.Evidence
	errs         []error
}

// keep writes a file with what came from outside: secrets are hidden in it.
func (k *keeper) keep(name string, content []byte, err error) {
	k.write(name, []byte(k.redact(string(content))), err)
}

// write writes a file as it is.
func (k *keeper) write(name string, content []byte, err error) {
	path := filepath.Join(k.folder, name)
	if err == nil {
		err = os.MkdirAll(filepath.Join(k.root, k.folder), 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(k.root, path), content, 0o644)
	}
	if err != nil {
		k.errs = append(k.errs, fmt.Errorf("keep evidence %s: %w", path, err))
		return
	}
	sum := sha256.Sum256(content)
	k.kept = append(k.kept, reports.Evidence{Path: filepath.ToSlash(path), SHA256: hex.EncodeToString(sum[:])})
}
