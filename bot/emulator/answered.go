package emulator

import (
	"strings"
	"time"
)

// Answered is a question to the bot, and how it was answered.
type Answered struct {
	Chat      int64
	MessageID int    // the message that asks, or under which a button was pressed
	Query     string // the id of the callback query of a press, "" for a message
	Queued    time.Time
	First     time.Time // when the first answer was carried out; zero if there is none
	Answers   int
}

// Answered is every question there was, in order: each press, each message in private, and in groups and channels each
// that begins with a command, unless it is another bot's.
//
// A press is answered by answerCallbackQuery; a message by what replies to it, also in the supergroup that took its
// group's place. What replies to no question in private is taken for the answer to the oldest without any by then, or
// else for one more to the latest that has one. So where several questions stand in one private chat, an answer given
// twice can hide one that is missing; in a group nothing can.
func (s *Server) Answered() []Answered {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Answered, 0, len(s.deliveries))
	by := questions{map[question]*Answered{}, map[int64]*line{}}
	for _, d := range s.deliveries {
		if d.asks {
			all = append(all, Answered{Chat: d.Chat, MessageID: d.MessageID, Query: d.Query, Queued: d.Queued})
			by.add(&all[len(all)-1], s.home(d.Chat))
		}
	}
	for _, c := range s.journal {
		if q := by.answeredBy(c); q != nil {
			if q.Answers++; q.Answers == 1 {
				q.First = c.Time
			}
		}
	}
	return all
}

// commands reports whether a message begins with a command that is not another bot's.
func (s *Server) commands(m Message) bool {
	found := commands(m.Text)
	if len(found) == 0 || found[0].Offset != 0 {
		return false
	}
	_, name, named := strings.Cut(m.Text[:found[0].Length], "@")
	return !named || strings.EqualFold(name, s.self.Username)
}

// question is how an answer names what it answers: a callback query, or a message in a chat.
type question struct {
	query   string
	chat    int64
	message int
}

// questions is all questions, by their names and, for messages, by their chats.
type questions struct {
	named  map[question]*Answered
	byChat map[int64]*line
}

// line is the questions of one chat; those before next have an answer.
type line struct {
	asked []*Answered
	next  int
}

func (qs questions) add(q *Answered, chat int64) {
	if q.Query != "" {
		qs.named[question{query: q.Query}] = q
		return
	}
	qs.named[question{chat: chat, message: q.MessageID}] = q
	l := qs.byChat[chat]
	if l == nil {
		l = &line{}
		qs.byChat[chat] = l
	}
	l.asked = append(l.asked, q)
}

// answeredBy is the question that a call answers, or nil.
func (qs questions) answeredBy(c Call) *Answered {
	switch {
	case c.Result == nil:
		return nil
	case c.Method == "answerCallbackQuery":
		return qs.named[question{query: c.Params["callback_query_id"]}]
	case c.Method != "sendMessage":
		return nil
	}
	chat := c.Message.Chat
	if q := qs.named[question{chat: chat.ID, message: c.replyTo}]; q != nil {
		return q
	}
	if l := qs.byChat[chat.ID]; l != nil && chat.Type == "private" {
		return l.oldest(c.Time)
	}
	return nil
}

// oldest is the first question without an answer, if it was there at that time, or the last one before it.
func (l *line) oldest(at time.Time) *Answered {
	for l.next < len(l.asked) && l.asked[l.next].Answers > 0 {
		l.next++
	}
	switch {
	case l.next < len(l.asked) && !l.asked[l.next].Queued.After(at):
		return l.asked[l.next]
	case l.next > 0:
		return l.asked[l.next-1]
	}
	return nil
}
