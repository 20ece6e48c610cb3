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
	last  time.Time // when something last failed
	count int
}

// calm is how long nothing may have failed for the trouble to be over.
const calm = 5 * time.Second

// note takes one more outcome: nil when all is well.
func (e *episode) note(trouble error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := time.Now()
	switch {
	case trouble != nil && e.since.IsZero():
		e.since, e.last, e.count = now, now, 1
		e.log.Warn(e.began, "error", trouble)
	case trouble != nil:
		e.last = now
		e.count++
	case !e.since.IsZero() && now.Sub(e.last) >= calm:
		e.log.Info(e.ended, "trouble", e.last.Sub(e.since).Round(time.Millisecond), "failed", e.count)
		e.since = time.Time{}
	}
}
