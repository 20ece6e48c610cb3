package telegram

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// pollAgain is how soon after a poll the next one comes while updates are still
// being answered. Telegram gives only one update to whoever asks for the same
// offset within half a second.
const pollAgain = 510 * time.Millisecond

// A window is the updates that Telegram has given and still keeps, in order.
//
// Acknowledging is by offset, so it moves only past updates that are dealt with
// from the first on. Those behind a slow one are fetched with it again and again
// and known by their ids; new ones among them are answered meanwhile, so that a
// chat that has to wait does not hold up the others. Only when a hundred wait
// behind one, which is all that Telegram shows, nothing new is seen until it is
// done.
type window struct {
	poller   *Poller
	ctx      context.Context // of the answers
	offset   int             // the last one dealt with + 1, not a maximum: ids begin anew after a quiet week
	updates  []*inWork
	latest   map[int64]*inWork // chat: its latest update
	pacer    pacer
	finished chan struct{} // holds a token when some answer finished
	running  sync.WaitGroup
}

// inWork is an update whose answer is on its way.
type inWork struct {
	id      int
	chat    int64
	done    atomic.Bool   // dealt with: may be acknowledged
	settled chan struct{} // closed when its job has ended, dealt with or not
}

func newWindow(p *Poller, ctx context.Context) *window {
	return &window{
		poller:   p,
		ctx:      ctx,
		latest:   map[int64]*inWork{},
		pacer:    pacer{limits: p.Client.limits, chats: map[int64]*pace{}},
		finished: make(chan struct{}, 1),
	}
}

// add starts on the updates that are new.
func (w *window) add(batch []received) {
	for _, u := range batch {
		if !slices.ContainsFunc(w.updates, func(known *inWork) bool { return known.id == u.id }) {
			w.start(u.id, w.poller.receive(u))
		}
	}
}

// start has a job done after those of the same chat before it.
func (w *window) start(id int, job Job) {
	u := &inWork{id: id, chat: job.Chat, settled: make(chan struct{})}
	w.updates = append(w.updates, u)
	name, answer, due := w.admit(job)
	if answer == nil {
		u.done.Store(true)
		close(u.settled)
		return
	}
	before := w.latest[job.Chat]
	w.latest[job.Chat] = u
	w.running.Go(func() {
		if before != nil {
			<-before.settled
		}
		if wait := time.Until(due); wait > 0 {
			sleep(w.ctx, wait)
		}
		u.done.Store(w.poller.run(w.ctx, id, name, answer))
		close(u.settled)
		select {
		case w.finished <- struct{}{}:
		default:
		}
	})
}

// admit returns the answer that the chat's allowance lets pass, nil for none,
// what to call it, and when it may be given.
func (w *window) admit(job Job) (name string, answer func(context.Context) error, due time.Time) {
	if job.Run == nil {
		return "", nil, due
	}
	date := job.Date
	if date.IsZero() {
		date = time.Now()
	}
	v, due := w.pacer.admit(job.Chat, job.Group, date)
	if v == send {
		return job.Name, job.Run, due
	}
	w.poller.Client.observer.Answered(job.Name, "dropped")
	if v == notice {
		w.poller.Log.Warn("a chat asks for more than Telegram lets it have, what is over it is dropped")
	}
	if v == notice || job.Press {
		return "notice", job.Busy, due
	}
	return "", nil, due
}

// advance forgets what is dealt with from the first on, and moves the offset.
func (w *window) advance() {
	for len(w.updates) > 0 && w.updates[0].done.Load() {
		u := w.updates[0]
		w.offset, w.updates = u.id+1, w.updates[1:]
		if w.latest[u.chat] == u {
			delete(w.latest, u.chat)
		}
	}
}

// wait returns when all is dealt with, or at the given time if there may be
// more to fetch by then, or when ctx is done.
func (w *window) wait(ctx context.Context, until time.Time) {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	for due := false; ; {
		if w.advance(); len(w.updates) == 0 || due && len(w.updates) < maxUpdates {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
			due = true
		case <-w.finished:
		}
	}
}
