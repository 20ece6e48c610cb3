package emulator

import (
	"fmt"
	"time"
)

// Limits is how many messages a bot may send or edit; 0 is no limit. An edit of an inline message counts in All only.
type Limits struct {
	All   int // in any second, in all chats together
	Chat  int // at once in one chat, and one more a second
	Group int // in any minute in one group, supergroup or channel
}

// TelegramLimits is Telegram's own: 30 a second in all, one a second in a chat where short bursts pass, 20 a minute in a
// group (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). It does not say how short a
// burst is; here five more pass.
var TelegramLimits = Limits{All: 30, Chat: 6, Group: 20}

// Limit makes the server refuse what goes beyond l, with a 429 that tells the seconds to wait. What is refused, for this
// or another reason, does not count. Counting begins anew.
func (s *Server) Limit(l Limits) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits, s.second = l, window{}
	for _, c := range s.chats {
		c.bucket, c.minute = bucket{}, window{}
	}
}

// limited refuses one more message in chat c, which is nil for an inline message, if it goes beyond the limits.
func (s *Server) limited(c *room, now time.Time) *Error {
	wait := s.second.wait(s.limits.All, time.Second, now)
	if c != nil {
		wait = max(wait, c.bucket.wait(s.limits.Chat, now), c.minute.wait(s.limits.Group, time.Minute, now))
	}
	if wait <= 0 {
		return nil
	}
	return tooMany(int((wait + time.Second - 1) / time.Second))
}

// count counts a message in chat c, which is nil for an inline message.
func (s *Server) count(c *room, now time.Time) {
	s.second.add(s.limits.All, now)
	if c != nil {
		c.bucket.add(now)
		if c.Type != "private" {
			c.minute.add(s.limits.Group, now)
		}
	}
}

// tooMany is the refusal of a call that may pass in that many seconds, at least one.
func tooMany(seconds int) *Error {
	seconds = max(1, seconds)
	return &Error{
		Code:        429,
		Description: fmt.Sprintf("Too Many Requests: retry after %d", seconds),
		Parameters:  &Parameters{RetryAfter: seconds},
	}
}

// window remembers when the last n messages were, so that any span of time can be kept from having more than n.
type window struct {
	times []time.Time
	next  int // the oldest of times, once there are n
}

// wait is how long it takes until one more message makes no more than n in a span.
func (w *window) wait(n int, span time.Duration, now time.Time) time.Duration {
	if n == 0 || len(w.times) < n {
		return 0
	}
	return w.times[w.next].Add(span).Sub(now)
}

func (w *window) add(n int, now time.Time) {
	switch {
	case n == 0:
	case len(w.times) < n:
		w.times = append(w.times, now)
	default:
		w.times[w.next] = now
		w.next = (w.next + 1) % n
	}
}

// bucket lets n messages pass at once and one more each second. It is the time when it would be as good as new.
type bucket struct{ full time.Time }

func (b *bucket) wait(n int, now time.Time) time.Duration {
	if n == 0 {
		return 0
	}
	return max(0, b.full.Sub(now)) - time.Duration(n-1)*time.Second
}

func (b *bucket) add(now time.Time) {
	if b.full.Before(now) {
		b.full = now
	}
	b.full = b.full.Add(time.Second)
}
