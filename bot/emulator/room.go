package emulator

import (
	"strings"
	"time"
)

// room is a chat the bot knows, with all that stands in it.
type room struct {
	Chat
	messages map[int]posted // nil where they are forgotten
	last     int            // the id of the newest message
	topics   map[int]bool
	upgraded int64 // the supergroup that took its place, if any

	bucket bucket // of the messages the bot sent and edited
	minute window // of the same, where it is no private chat
}

// posted is a message as it stands in a chat.
type posted struct {
	Message
	mine bool // the bot sent it
}

// room finds or makes the room of a chat; the chat's description is brought up to date.
func (s *Server) room(chat Chat) *room {
	c := s.chats[chat.ID]
	if c == nil {
		c = &room{}
		if !s.forgets {
			c.messages = map[int]posted{}
		}
		s.chats[chat.ID] = c
	}
	c.Chat = chat
	if c.Username != "" && c.Type != "private" {
		s.names["@"+strings.ToLower(c.Username)] = c
	}
	return c
}

// open makes a topic.
func (c *room) open(topic int) {
	if c.topics == nil {
		c.topics = map[int]bool{}
	}
	c.topics[topic] = true
}

// put gives a message its id and date and keeps it.
func (c *room) put(m Message, mine bool) Message {
	c.last++
	m.ID, m.Date, m.Chat = c.last, time.Now().Unix(), c.Chat
	c.keep(posted{m, mine})
	return m
}

func (c *room) keep(p posted) {
	if c.messages != nil {
		c.messages[p.ID] = p
	}
}

// find is the message with an id. Where messages are forgotten every id that was given stands for one of the bot's.
func (c *room) find(id int) (posted, bool) {
	if c.messages == nil && 0 < id && id <= c.last {
		return posted{Message{ID: id, Chat: c.Chat, Date: time.Now().Unix()}, true}, true
	}
	p, ok := c.messages[id]
	return p, ok
}

// Migrate upgrades the group from to the supergroup to, which becomes known. What is sent to the group from then on is
// refused, with the supergroup's id. Messages do not move; those in the supergroup get higher ids.
func (s *Server) Migrate(from, to int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.chats[from]
	if old == nil {
		old = s.room(Chat{ID: from, Type: "group"})
	}
	chat := old.Chat
	chat.ID, chat.Type = to, "supergroup"
	c := s.room(chat)
	c.last = max(c.last, old.last)
	old.upgraded = to
}

// home is the supergroup that took a group's place, or the chat itself.
func (s *Server) home(chat int64) int64 {
	if c := s.chats[chat]; c != nil && c.upgraded != 0 {
		return c.upgraded
	}
	return chat
}
