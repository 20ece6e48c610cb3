package telegram

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"
)

// Job is the answer to one update, to be carried out. The zero Job is silence.
type Job struct {
	Kind  string    // of the update, for metrics
	Name  string    // of what was asked, for log and metrics
	Chat  int64     // jobs of one chat are run one after the other
	Group bool      // not a private chat: it may get less
	Date  time.Time // when it was asked, if known
	// Run answers. It keeps on trying until its context is done, and only then
	// the update counts as not answered; an error else is a refusal.
	Run func(context.Context) error
	// Busy answers instead where the chat had its allowance. That of a pressed
	// button costs no message and is given each time, that of a message once in
	// a flood.
	Busy  func(context.Context) error
	Press bool
}

// receive makes a job of an update; one that cannot be read is silence.
func (p *Poller) receive(u received) (job Job) {
	defer func() { p.panicked(u.id, recover()) }()
	job, err := p.Receive(u.raw)
	if err != nil {
		p.Log.Error("an update is passed over", "update", u.id, "error", err)
		job = Job{Kind: "unreadable"}
	}
	p.Client.observer.Received(job.Kind)
	return job
}

// run carries out one of a job's answers and reports whether the update is
// dealt with.
func (p *Poller) run(ctx context.Context, id int, name string, answer func(context.Context) error) (done bool) {
	outcome := "lost"
	defer func() {
		if p.panicked(id, recover()) {
			done = true
		}
		p.Client.observer.Answered(name, outcome)
	}()
	start := time.Now()
	err := answer(ctx)
	about := []any{"update", id, "asked", name, "duration", time.Since(start).Round(time.Millisecond)}
	switch {
	case err == nil:
		outcome = "answered"
		p.Log.Info("answered", about...)
	case ctx.Err() != nil:
		outcome = "unfinished"
		p.Log.Warn("not answered before the stop", about...)
	default:
		outcome = "refused"
		p.Log.Warn("not answered", append(about, "error", err)...)
	}
	return outcome != "unfinished"
}

// panicked turns a panic into a line of the log.
func (p *Poller) panicked(id int, r any) bool {
	if r != nil {
		p.Log.Error("an answer is lost", "update", id, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
	}
	return r != nil
}
