package main

import (
	"io"
	"sync"
	"time"

	"github.com/cogitator-ai/drdrill/drills"
)

// frameInterval is how often the live view is painted anew.
const frameInterval = 100 * time.Millisecond

// liveView keeps a board and paints it at intervals. It reads no input and changes no terminal mode,
// so that a run that is killed leaves the terminal as it was.
type liveView struct {
	now  func() time.Time
	size func() (width, height int)
	pane *pane
	stop func() // ends the painting and waits for it

	mu    sync.Mutex
	board *board
	over  bool
}

// startLive paints the board on out until close.
func startLive(b *board, out io.Writer, size func() (width, height int), now func() time.Time) *liveView {
	v := &liveView{now: now, size: size, pane: &pane{out: out}, board: b}
	done := make(chan struct{})
	var painting sync.WaitGroup
	painting.Go(func() { v.paintUntil(done) })
	v.stop = func() { close(done); painting.Wait() }
	return v
}

func (v *liveView) paintUntil(done <-chan struct{}) {
	tick := time.NewTicker(frameInterval)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			v.paint()
		case <-done:
			return
		}
	}
}

// paint takes a frame under the lock and writes it outside, so that a slow terminal holds up no drill.
func (v *liveView) paint() {
	width, height := v.size()
	v.mu.Lock()
	lasting := v.board.takeLasting(width)
	frame := v.board.frame(v.now(), width, height)
	v.mu.Unlock()
	v.pane.show(lasting, frame, width)
}

func (v *liveView) observe(p drills.Progress) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.over {
		v.board.apply(p, v.now())
	}
}

func (v *liveView) say(news string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.board.parting = oneLine(news)
}

// close prints what is still to be printed and wipes the rest away.
func (v *liveView) close() {
	v.mu.Lock()
	over := v.over
	v.over = true
	v.mu.Unlock()
	if over {
		return
	}
	v.stop()
	width, _ := v.size()
	v.mu.Lock()
	lasting := v.board.takeLasting(width)
	v.mu.Unlock()
	v.pane.show(lasting, nil, width)
}
