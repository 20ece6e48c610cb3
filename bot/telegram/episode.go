package telegram

import (
	"log/slog"
	"sync"
	"time"
)

// episode turns a time of trouble into two lines of the log, one when it begins
// and one when it is over, instead of one a second.
type episode struct {
	log          *slog.Logger
	began, ended string

	mu    sync.Mutex
	since time.Time // zero while all is well
	count int
}

// note takes one more outcome: nil when all is well.
func (e *episode) note(trouble error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case trouble != nil && e.since.IsZero():
		e.since, e.count = time.Now(), 1
		e.log.Warn(e.began, "error", trouble)
	case trouble != nil:
		e.count++
	case !e.since.IsZero():
		e.log.Info(e.ended, "after", time.Since(e.since).Round(time.Millisecond), "calls", e.count)
		e.since = time.Time{}
	}
}
