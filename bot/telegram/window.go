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
// chat that has to wait does not hold up the others.
//
// Telegram shows a hundred updates at a time. When a hundred wait behind slow
// ones, these are parked: acknowledged, and answered when they can be. Only a
// crash before that loses them; the other chats would lose minutes for sure.
type window struct {
	poller   *Poller
	ctx      context.Context // of the answers
	offset   int             // the last one dealt with + 1, not a maximum: ids begin anew after a quiet week
	updates  []*inWork
	latest   map[int64]*inWork // chat: its latest update
	pacer    pacer
	parked   atomic.Int64  // answers under way that are not in updates any more
	notices  chan struct{} // a place for each notice to a press under way
	finished chan struct{} // holds a token when some answer finished
	running  sync.WaitGroup
}

const (
	// maxParked bounds the answers that wait for a chat outside the window.
	maxParked = 1000
	// slow is how long an answer may take before it is parked to make room.
	slow = time.Second
	// maxNotices is how many pressed buttons are told at once that it is too
	// much. More than that are not told; the client gives up waiting by itself.
	maxNotices = 32
)

// inWork is an update whose answer is on its way.
type inWork struct {
	id      int
	chat    int64
	since   time.Time
	done    atomic.Bool   // dealt with: may be acknowledged
	settled chan struct{} // closed when its job has ended, dealt with or not
}

func newWindow(p *Poller, ctx context.Context) *window {
	return &window{
		poller:   p,
		ctx:      ctx,
		latest:   map[int64]*inWork{},
		pacer:    pacer{limits: p.Client.limits, chats: map[int64]*pace{}},
		notices:  make(chan struct{}, maxNotices),
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

// start decides what becomes of an update, by what its chat may get.
func (w *window) start(id int, job Job) {
	u := &inWork{id: id, chat: job.Chat, since: time.Now(), settled: make(chan struct{})}
	w.updates = append(w.updates, u)
	if job.Run == nil {
		u.done.Store(true)
		return
	}
	v, due := w.pacer.admit(job)
	if v == send {
		w.inTurn(u, due, job.Name, job.Run)
		return
	}
	w.poller.Client.observer.Answered(job.Name, "dropped")
	switch {
	case job.Press:
		w.tellPress(u, job)
	case v == notice:
		w.poller.Log.Warn("a chat asks for more than Telegram lets it have, what is over it is dropped")
		w.inTurn(u, due, "notice", job.Busy)
	default:
		u.done.Store(true)
	}
}

// inTurn gives an answer after those of the same chat before it, and not before
// it is due.
func (w *window) inTurn(u *inWork, due time.Time, name string, answer func(context.Context) error) {
	before := w.latest[u.chat]
	w.latest[u.chat] = u
	w.run(u, name, func(ctx context.Context) error {
		if before != nil {
			<-before.settled
		}
		if wait := time.Until(due); wait > 0 && !sleep(ctx, wait) {
			return ctx.Err()
		}
		return answer(ctx)
	})
}

// tellPress answers a press of a button at once: notices have no order.
func (w *window) tellPress(u *inWork, job Job) {
	select {
	case w.notices <- struct{}{}:
		w.run(u, "notice", func(ctx context.Context) error {
			defer func() { <-w.notices }()
			return job.Busy(ctx)
		})
	default:
		u.done.Store(true)
	}
}

func (w *window) run(u *inWork, name string, answer func(context.Context) error) {
	w.running.Go(func() {
		defer close(u.settled)
		if done := w.poller.run(w.ctx, u.id, name, answer); u.done.Swap(done) {
			w.parked.Add(-1)
			if !done {
				w.poller.Log.Error("an answer is lost: its chat had to wait for too long", "update", u.id, "asked", name)
			}
		}
		select {
		case w.finished <- struct{}{}:
		default:
		}
	})
}

// advance forgets what is dealt with from the first on, and moves the offset.
func (w *window) advance() {
	for len(w.updates) > 0 && w.updates[0].done.Load() {
		u := w.updates[0]
		w.offset, w.updates = u.id+1, w.updates[1:]
		if w.latest[u.chat] == u && isClosed(u.settled) {
			delete(w.latest, u.chat)
		}
	}
	if len(w.updates) == 0 && w.parked.Load() == 0 {
		clear(w.latest) // also of chats whose last answer was parked
	}
}

func isClosed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// park makes room in a full window: its slow answers are taken for dealt with.
func (w *window) park() {
	for _, u := range w.updates {
		if time.Since(u.since) < slow || w.parked.Load() >= maxParked {
			continue
		}
		if !u.done.Swap(true) {
			w.parked.Add(1)
		}
	}
	w.advance()
}

// wait returns when all is dealt with, or at the given time if there may be
// more to fetch by then, or when ctx is done.
func (w *window) wait(ctx context.Context, until time.Time) {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	for due := false; ; {
		if w.advance(); due && len(w.updates) >= maxUpdates {
			w.park()
		}
		if len(w.updates) == 0 || due && len(w.updates) < maxUpdates {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
			due = true
			timer.Reset(pollAgain)
		case <-w.finished:
		}
	}
}
