package recovery_test

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/cogitator-ai/drdrill/recovery"
)

func TestWriteCSV(t *testing.T) {
	var ledger recovery.Ledger
	write := func(c recovery.Class, h recovery.Hash, o recovery.Outcome) {
		seq := ledger.Issue(c, ms(1))
		ledger.Seal(c, seq, h)
		if o != recovery.Unknown {
			ledger.Settle(c, seq, o, ms(3))
		}
	}
	write(recovery.Vectors, 1<<63, recovery.Refused)
	write(recovery.Runs, 0xabc, recovery.Acknowledged)
	write(recovery.Runs, 0, recovery.Unknown)
	answered := ledger.Issue(recovery.Runs, ms(2))
	ledger.Settle(recovery.Runs, answered, recovery.Unknown, ms(502)) // timed out

	var out strings.Builder
	if err := ledger.WriteCSV(&out); err != nil {
		t.Fatal(err)
	}
	want := `class,seq,outcome,hash,issued_ns,settled_ns
runs,0,acknowledged,0000000000000abc,1000000,3000000
runs,1,unknown,0000000000000000,1000000,
runs,2,unknown,0000000000000000,2000000,502000000
vectors,0,refused,8000000000000000,1000000,3000000
`
	if out.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", out.String(), want)
	}
}

func TestWriteCSVOfNoWritesIsItsHeader(t *testing.T) {
	var out strings.Builder
	if err := new(recovery.Ledger).WriteCSV(&out); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(out.String(), "\n"); lines != 1 {
		t.Errorf("%d lines, want the header alone:\n%s", lines, out.String())
	}
}

// The writer streams: it waits for its reader instead of collecting the file in memory.
func TestWriteCSVStreams(t *testing.T) {
	const writes = 20000
	var ledger recovery.Ledger
	for range writes {
		ledger.Issue(recovery.Agents, 0)
	}
	reader, writer := io.Pipe()
	go func() { writer.CloseWithError(ledger.WriteCSV(writer)) }()
	lines := 0
	for scanner := bufio.NewScanner(reader); scanner.Scan(); lines++ {
		if got, want := strings.Count(scanner.Text(), ","), 5; got != want {
			t.Fatalf("line %d has %d commas, want %d: %s", lines, got, want, scanner.Text())
		}
	}
	if lines != writes+1 {
		t.Errorf("%d lines, want %d", lines, writes+1)
	}
}

func TestWriteCSVTellsOfAFullDisk(t *testing.T) {
	full := errors.New("no space left on device")
	for _, writes := range []int{0, 1, 100000} {
		var ledger recovery.Ledger
		for range writes {
			ledger.Issue(recovery.Runs, 0)
		}
		if err := ledger.WriteCSV(failingWriter{full}); !errors.Is(err, full) {
			t.Errorf("%d writes: got %v, want %v", writes, err, full)
		}
	}
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }
