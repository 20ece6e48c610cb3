package telegram

import (
	"slices"
	"time"

	"golang.org/x/time/rate"
)

// Limits is how fast a bot sends messages; edits count as messages. The zero
// value is no limits.
type Limits struct {
	PerSecond float64 // to all chats together
	Private   []Allowance
	Group     []Allowance // also a channel's
}

// Allowance is how many messages a chat may get in any Period.
type Allowance struct {
	Messages int
	Period   time.Duration
}

// TelegramLimits keeps a little below what Telegram allows: about 30 messages a
// second in all, one a second in one chat with short bursts, 20 a minute in one
// group. See https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
//
// 29 a second, evenly spaced, are at most 30 in any second.
var TelegramLimits = Limits{
	PerSecond: 29,
	Private:   []Allowance{burst},
	Group:     []Allowance{burst, {20, 61 * time.Second}},
}

var burst = Allowance{6, 6500 * time.Millisecond}

// limiter returns the limit of all chats together.
func (l Limits) limiter() *rate.Limiter {
	if l.PerSecond == 0 {
		return rate.NewLimiter(rate.Inf, 0)
	}
	return rate.NewLimiter(rate.Limit(l.PerSecond), 1)
}

const (
	// memory is how long a chat is remembered: no shorter than any Period.
	memory = 61 * time.Second
	// chatTable is how many chats are remembered at once. PerSecond times
	// memory, some 1,770, are sent something within it; the others are as good
	// as new and are forgotten.
	chatTable = 4096
	// backlog is how old a message is that has waited for the bot, rather than
	// for the network.
	backlog = 5 * time.Second
	// patience is how long an answer may have to wait for its chat at most.
	patience = 3 * time.Minute
)

// pacer keeps each chat to its allowances. It is not safe for use by several
// goroutines.
//
// Who asks for more than a chat may get is told once and then left unanswered: a
// queue would grow without bound and hold up the others. What counts is when it
// was asked: commands that were sent now and then, and have all waited for a bot
// that was away, are no flood; they are answered as fast as the chat allows.
type pacer struct {
	limits Limits
	chats  map[int64]*pace
	swept  time.Time // when chats were last forgotten
}

// pace is what a chat asked for and what it is sent, the latest of it.
type pace struct {
	asked   []time.Time
	sent    []time.Time // rising; the last ones may be still to come
	dropped time.Time   // when a message last was
	touched time.Time
}

// verdict is what becomes of an answer.
type verdict int

const (
	send   verdict = iota
	notice         // say that it is too much; the answer is dropped
	drop           // in silence: it was said
)

// admit decides about one more message to a chat, asked for at that time, and
// returns when it may be sent.
//
// The last message of an allowance is kept for the notice. A flood has one
// notice, however long it lasts: it is over when nothing was dropped for a while.
// A press has its own, which costs no message, and is only ever dropped.
func (p *pacer) admit(job Job) (v verdict, due time.Time) {
	now := time.Now()
	allowances := p.limits.Private
	if job.Group {
		allowances = p.limits.Group
	}
	if len(allowances) == 0 {
		return send, now
	}
	asked := job.Date
	if asked.IsZero() || now.Sub(asked) < backlog {
		asked = now
	}
	c := p.chat(job.Chat, now)
	due = c.next(allowances, now)
	flooding := now.Sub(c.dropped) < memory
	free := c.free(allowances, asked)
	if free < 1 || free == 1 && !flooding || due.Sub(now) > patience {
		if job.Press {
			return drop, now
		}
		c.dropped = now
		if v = notice; flooding {
			return drop, now
		}
	}
	c.asked = latest(append(c.asked, asked), allowances)
	c.sent = latest(append(c.sent, due), allowances)
	return v, due
}

// free returns how many messages may be asked for at that time.
func (c *pace) free(allowances []Allowance, at time.Time) int {
	free := allowances[0].Messages
	for _, a := range allowances {
		n := a.Messages
		for _, t := range c.asked {
			if at.Sub(t).Abs() < a.Period {
				n--
			}
		}
		free = min(free, n)
	}
	return free
}

// next returns when the chat may be sent one more message.
func (c *pace) next(allowances []Allowance, due time.Time) time.Time {
	for _, a := range allowances {
		if n := len(c.sent) - a.Messages; n >= 0 {
			if t := c.sent[n].Add(a.Period); t.After(due) {
				due = t
			}
		}
	}
	return due
}

// latest returns as many of the last times as an allowance can ask about.
func latest(times []time.Time, allowances []Allowance) []time.Time {
	most := 0
	for _, a := range allowances {
		most = max(most, a.Messages)
	}
	return slices.Delete(times, 0, max(0, len(times)-most))
}

func (p *pacer) chat(id int64, now time.Time) *pace {
	if now.Sub(p.swept) >= memory || len(p.chats) >= chatTable {
		p.forget(now)
	}
	c := p.chats[id]
	if c == nil {
		c = &pace{}
		p.chats[id] = c
	}
	c.touched = now
	return c
}

// forget makes room in the table: chats that are as good as new go, and if
// there is none, any one.
func (p *pacer) forget(now time.Time) {
	p.swept = now
	for id, c := range p.chats {
		if now.Sub(c.touched) >= memory {
			delete(p.chats, id)
		}
	}
	for id := range p.chats {
		if len(p.chats) < chatTable {
			return
		}
		delete(p.chats, id)
	}
}
