package emulator

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
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
}

type update struct {
	id  int
	raw json.RawMessage
}

// maxPoll is what the server clamps a longer timeout to.
const maxPoll = 50 * time.Second

func newQueue() queue {
	return queue{last: 700_000_000, changed: make(chan struct{})}
}

// signal wakes everyone who waits for a change.
func (q *queue) signal() {
	close(q.changed)
	q.changed = make(chan struct{})
}

// add queues an update of a kind, unless the bot did not ask for that kind, and returns its id. No kind is always asked
// for.
func (q *queue) add(kind string, raw func(id int) json.RawMessage) int {
	q.last++
	if kind == "" || len(q.allowed) == 0 || slices.Contains(q.allowed, kind) {
		q.waiting = append(q.waiting, update{q.last, raw(q.last)})
		q.signal()
	}
	return q.last
}

// acknowledge forgets every update below offset; a negative offset leaves only that many, counted from the end. The
// caller signals it.
func (q *queue) acknowledge(offset int) {
	n := max(0, len(q.waiting)+offset)
	if offset >= 0 {
		n = 0
		for n < len(q.waiting) && q.waiting[n].id < offset {
			n++
		}
	}
	q.waiting = q.waiting[n:]
}

// getUpdates acknowledges, and returns what waits, or waits for it. Of two polls at a time the older one is refused.
func (s *Server) getUpdates(ctx context.Context, r *request) (json.RawMessage, *Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := &s.queue
	if kinds := r.params["allowed_updates"]; kinds != "" && kinds != "null" {
		json.Unmarshal([]byte(kinds), &q.allowed) // isUpdateKinds has tried it
	}
	q.acknowledge(r.int("offset"))
	me := new(int)
	q.poller = me
	q.signal()
	timer := time.NewTimer(min(max(0, time.Duration(r.int("timeout"))*time.Second), maxPoll))
	defer timer.Stop()
	for waits := r.int("timeout") > 0; waits && len(q.waiting) == 0 && q.poller == me; {
		waits = s.sleep(ctx, timer.C)
	}
	if q.poller != me {
		return nil, &Error{Code: http.StatusConflict, Description: "Conflict: terminated by other getUpdates request; " +
			"make sure that only one bot instance is running"}
	}
	limit := 100
	if r.params["limit"] != "" {
		limit = min(max(1, r.int("limit")), 100)
	}
	return q.batch(limit), nil
}

// batch is the first updates that wait, as a JSON array of the very bytes that were queued.
func (q *queue) batch(limit int) json.RawMessage {
	var raws [][]byte
	for _, u := range q.waiting[:min(limit, len(q.waiting))] {
		raws = append(raws, u.raw)
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
	for len(s.queue.waiting) > 0 && s.queue.waiting[0].id <= last {
		if !s.sleep(ctx, nil) {
			return ctx.Err()
		}
	}
	return nil
}
