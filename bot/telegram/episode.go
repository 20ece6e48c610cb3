package telegram

import (
	"log/slog"
	"sync"
	"time"
)

const (
	// calm is how long after an episode another one is taken for the same, and
	// not told, unless it is a lasting one.
	calm    = time.Minute
	lasting = 5 * time.Second
)

// episode turns a time of trouble into two lines of the log, one when it begins
// and one when it is over, instead of one a second. Trouble that comes and goes
// is one or two lines a minute.
type episode struct {
	log          *slog.Logger
	began, ended string

	mu    sync.Mutex
	since time.Time // zero while all is well
	over  time.Time // the last one that was told of
	told  bool      // that it began
	count int
}

// note takes one more outcome: nil when all is well.
func (e *episode) note(trouble error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if trouble == nil {
		e.end()
		return
	}
	now := time.Now()
	if e.count++; e.since.IsZero() {
		e.since = now
	}
	if !e.told && (now.Sub(e.over) > calm || now.Sub(e.since) > lasting) {
		e.told = true
		e.log.Warn(e.began, "error", trouble)
	}
}

func (e *episode) end() {
	if e.told {
		e.over = time.Now()
		e.log.Info(e.ended, "after", e.over.Sub(e.since).Round(time.Millisecond), "calls", e.count)
	}
	e.since, e.told, e.count = time.Time{}, false, 0
}
