package recovery

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"sync"
	"time"
)

// Outcome is what is known of one write.
type Outcome uint8

// The outcomes. A write is Unknown until its client has an answer, and stays so when none comes:
// it may be in the store or not.
const (
	Unknown      Outcome = iota
	Acknowledged         // the store said that it is there
	Refused              // the store, or the way to it, said that it is not
)

func (o Outcome) String() string {
	return [...]string{"unknown", "acknowledged", "refused"}[o]
}

// Hash identifies a payload: the first eight bytes of its SHA-256.
type Hash uint64

// HashOf is the hash of a payload.
func HashOf(payload []byte) Hash {
	sum := sha256.Sum256(payload)
	return HashFrom(sum[:])
}

// HashFrom takes the hash from a SHA-256 that was made elsewhere, such as in the database.
func HashFrom(sum []byte) Hash { return Hash(binary.BigEndian.Uint64(sum)) }

// Entry is one attempted write.
type Entry struct {
	Issued  time.Duration // when the client sent it
	Settled time.Duration // when its answer came; zero while there is none
	Hash    Hash
	Outcome Outcome
}

// Ledger holds every write that was attempted, by class and sequence number. Sequence numbers
// count from zero in each class. It is safe for concurrent use; classes do not wait for each other.
type Ledger struct {
	// Lane says which of the store's logs a write goes into, where a class has several, such as a log for each shard of a
	// cluster; nil where all of a class go into one.
	Lane func(c Class, seq int) int

	books [5]book
}

// A book grows by chunks, so that growing never copies what is there and 10 million entries take
// no more than their own size.
const chunkSize = 1 << 13

type book struct {
	mu     sync.Mutex
	chunks []*[chunkSize]Entry
	length int
}

func (b *book) at(seq int) *Entry { return &b.chunks[seq/chunkSize][seq%chunkSize] }

// book panics for a class that is none of Classes: that is a mistake in the program.
func (l *Ledger) book(c Class) *book { return &l.books[c.index()] }

// Issue notes a write before it is sent and returns its sequence number. The payload depends on
// that number, so it is made by the caller and its hash noted with Seal.
func (l *Ledger) Issue(c Class, at time.Duration) int {
	b := l.book(c)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.length%chunkSize == 0 {
		b.chunks = append(b.chunks, new([chunkSize]Entry))
	}
	seq := b.length
	b.length++
	b.at(seq).Issued = at
	return seq
}

// Seal notes the payload of a write, before it is sent.
func (l *Ledger) Seal(c Class, seq int, h Hash) {
	b := l.book(c)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.at(seq).Hash = h
}

// Settle notes the answer to a write.
func (l *Ledger) Settle(c Class, seq int, o Outcome, at time.Duration) {
	b := l.book(c)
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.at(seq)
	e.Outcome, e.Settled = o, at
}

// Len is the number of writes attempted of the class.
func (l *Ledger) Len(c Class) int {
	b := l.book(c)
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.length
}

// Entry is one write, and whether it was ever attempted.
func (l *Ledger) Entry(c Class, seq int) (Entry, bool) {
	b := l.book(c)
	b.mu.Lock()
	defer b.mu.Unlock()
	if seq < 0 || seq >= b.length {
		return Entry{}, false
	}
	return *b.at(seq), true
}

// errNotAcknowledged is what a client has learned of a write that was refused, or of which it knows nothing.
var errNotAcknowledged = errors.New("not acknowledged")

// Answered are the writes of the class that have been answered or given up, as observations of the service.
func (l *Ledger) Answered(c Class) (writes []Observation) {
	l.Each(c, func(_ int, e Entry) bool {
		o := Observation{Asked: e.Issued, Answered: e.Settled}
		if e.Outcome != Acknowledged {
			o.Err = errNotAcknowledged
		}
		if e.Settled > 0 {
			writes = append(writes, o)
		}
		return true
	})
	return writes
}

// A reader copies so many entries under one lock: few enough that writers hardly wait, and a
// divisor of chunkSize, so that a batch lies in one chunk.
const batchSize = 1 << 8

// Each calls yield for the writes of the class in their order, until it returns false. It sees
// the writes issued before the call. No lock is held while yield runs.
func (l *Ledger) Each(c Class, yield func(seq int, e Entry) bool) {
	l.first(c, l.Len(c), yield)
}

// first is Each for the first n writes.
func (l *Ledger) first(c Class, n int, yield func(seq int, e Entry) bool) {
	b := l.book(c)
	var batch [batchSize]Entry
	for from := 0; from < n; from += batchSize {
		for i, e := range b.read(batch[:min(batchSize, n-from)], from) {
			if !yield(from+i, e) {
				return
			}
		}
	}
}

// read fills the batch with the entries from a multiple of batchSize on.
func (b *book) read(batch []Entry, from int) []Entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	copy(batch, b.chunks[from/chunkSize][from%chunkSize:])
	return batch
}
