package recovery

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"time"
)

// csvHeader names the columns of WriteCSV. The instants are nanoseconds since the drill began.
const csvHeader = "class,seq,outcome,hash,issued_ns,settled_ns\n"

// WriteCSV writes every entry as a line of comma-separated values, class by class in the order of
// Classes. settled_ns is empty for a write that never had an answer. It holds a few entries in
// memory at a time, however many there are.
func (l *Ledger) WriteCSV(w io.Writer) error {
	out := bufio.NewWriterSize(w, 64<<10)
	if _, err := out.WriteString(csvHeader); err != nil {
		return fmt.Errorf("write the ledger: %w", err)
	}
	line := make([]byte, 0, 128)
	for _, c := range Classes() {
		l.Each(c, func(seq int, e Entry) bool {
			line = appendCSV(line[:0], c, seq, e)
			_, err := out.Write(line) // kept by the bufio.Writer, and given again by Flush
			return err == nil
		})
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write the ledger: %w", err)
	}
	return nil
}

func appendCSV(line []byte, c Class, seq int, e Entry) []byte {
	line = append(line, c...)
	line = append(line, ',')
	line = strconv.AppendInt(line, int64(seq), 10)
	line = append(line, ',')
	line = append(line, e.Outcome.String()...)
	line = append(line, ',')
	line = fmt.Appendf(line, "%016x", uint64(e.Hash))
	line = appendInstant(line, e.Issued)
	if e.Outcome == Unknown && e.Settled == 0 {
		return append(line, ",\n"...)
	}
	return append(appendInstant(line, e.Settled), '\n')
}

func appendInstant(line []byte, at time.Duration) []byte {
	return strconv.AppendInt(append(line, ','), at.Nanoseconds(), 10)
}
