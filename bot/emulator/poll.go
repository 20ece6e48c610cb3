package emulator

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"time"
)

// queue holds the updates that wait for the bot. It is guarded by the Server's mutex.
type queue struct {
	waiting []update      // in ascending order of their ids
	last    int           // the id given last
	allowed []string      // the kinds of updates the bot asked for; empty: all
	changed chan struct{} // closed, and made anew, when waiting or poller changes
	poller  *int          // the latest poll; its address is its identity
	offset  int           // of the latest poll
	started time.Time     // the latest poll
}

type update struct {
	*Delivery
	raw json.RawMessage
}

// maxPoll is what the server clamps a longer timeout to, in seconds.
const maxPoll = 50

func newQueue() queue {
	return queue{last: 700_000_000, changed: make(chan struct{})}
}

// signal wakes everyone who waits for a change.
func (q *queue) signal() {
	close(q.changed)
	q.changed = make(chan struct{})
}

// enqueue queues an update of a kind, unless the bot did not ask for that kind, and returns its id. No kind is always
// asked for. d says what the update is about.
func (s *Server) enqueue(kind string, d Delivery, raw func(id int) json.RawMessage) int {
	q := &s.queue
	q.last++
	if kind != "" && len(q.allowed) > 0 && !slices.Contains(q.allowed, kind) {
		return q.last
	}
	d.UpdateID, d.Queued = q.last, time.Now()
	q.waiting = append(q.waiting, update{&d, raw(q.last)})
	if !s.forgets {
		s.deliveries = append(s.deliveries, &d)
	}
	q.signal()
	return q.last
}

// acknowledge lets go of every update below offset; a negative offset leaves only that many, counted from the end. The
// caller signals it.
func (q *queue) acknowledge(offset int) {
	n := max(0, len(q.waiting)+offset)
	if offset >= 0 {
		n = 0
		for n < len(q.waiting) && q.waiting[n].UpdateID < offset {
			n++
		}
	}
	now := time.Now()
	for _, u := range q.waiting[:n] {
		u.Acknowledged = now
	}
	clear(q.waiting[:n])
	q.waiting = q.waiting[n:]
}

// hurry is the server's rule for a bot that asks for the same offset over and over: within 3 s of the latest poll a
// timeout below 3 s becomes 3 s, and within 0.5 s there is one update at most.
func (q *queue) hurry(offset, timeout, limit int) (int, int) {
	now := time.Now()
	if since := now.Sub(q.started); offset == q.offset {
		if since < 3*time.Second {
			timeout = max(timeout, 3)
		}
		if since < time.Second/2 {
			limit = 1
		}
	}
	q.offset, q.started = offset, now
	return timeout, limit
}

// getUpdates acknowledges, and returns what waits, or waits for it. Of two polls at a time the older one is refused.
func (s *Server) getUpdates(r *request) (any, *Error) {
	q := &s.queue
	if kinds := r.params["allowed_updates"]; kinds != "" && kinds != "null" {
		json.Unmarshal([]byte(kinds), &q.allowed) // isUpdateKinds has tried it
	}
	q.acknowledge(r.int("offset"))
	me := new(int)
	q.poller = me
	q.signal()
	limit := 100
	if r.params["limit"] != "" {
		limit = min(max(1, r.int("limit")), 100)
	}
	timeout, limit := q.hurry(r.int("offset"), min(max(0, r.int("timeout")), maxPoll), limit)
	timer := time.NewTimer(time.Duration(timeout) * time.Second)
	defer timer.Stop()
	for waits := timeout > 0; waits && len(q.waiting) == 0 && q.poller == me; {
		waits = s.sleep(r.ctx, timer.C)
	}
	switch {
	case q.poller != me:
		return nil, conflict
	case r.ctx.Err() != nil:
		limit = 0 // nobody is there to take any
	}
	return q.batch(limit), nil
}

// batch delivers the first updates that wait, as a JSON array of the very bytes that were queued.
func (q *queue) batch(limit int) json.RawMessage {
	now := time.Now()
	var raws [][]byte
	for _, u := range q.waiting[:min(limit, len(q.waiting))] {
		raws = append(raws, u.raw)
		if u.Times++; u.Times == 1 {
			u.Delivered = now
		}
	}
	return slices.Concat([]byte("["), bytes.Join(raws, []byte(",")), []byte("]"))
}

// sleep unlocks the server until the queue changes. It returns false when ctx or the time is over instead.
func (s *Server) sleep(ctx context.Context, timeout <-chan time.Time) bool {
	changed := s.queue.changed
	s.mu.Unlock()
	defer s.mu.Lock()
	select {
	case <-changed:
		return true
	case <-timeout:
	case <-ctx.Done():
	}
	return false
}

// Settled waits until the bot has acknowledged every update that was queued before the call. It returns the error of
// ctx if that ends first.
func (s *Server) Settled(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := s.queue.last
	for len(s.queue.waiting) > 0 && s.queue.waiting[0].UpdateID <= last {
		if !s.sleep(ctx, nil) {
			return ctx.Err()
		}
	}
	return nil
}
