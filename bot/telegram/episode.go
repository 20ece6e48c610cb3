package telegram

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"errors"
)

// episode turns a time of failing calls into two lines of the log, one when it
// begins and one when it is over, instead of one a second.
type episode struct {
	log    *slog.Logger
	mu     sync.Mutex
	since  time.Time // zero while calls go through
	failed int
}

// note takes the outcome of a call. A refusal is an answer, so Telegram is
// there; the end of ctx says nothing.
func (e *episode) note(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	_, bad := errors.AsType[*badAnswer](err)
	failing := err != nil && (bad || serverError(err) || refusal(err).Code == 0)
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case failing && e.since.IsZero():
		e.since, e.failed = time.Now(), 1
		e.log.Warn("Telegram cannot be reached, trying until it can", "error", err)
	case failing:
		e.failed++
	case !e.since.IsZero():
		e.log.Info("Telegram answers again", "after", time.Since(e.since).Round(time.Millisecond), "failed_calls", e.failed)
		e.since = time.Time{}
	}
}
