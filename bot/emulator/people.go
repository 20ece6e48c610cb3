package emulator

import (
	"bytes"
	"encoding/json"
	"maps"
	"strconv"
	"time"
)

// room is a chat the bot knows, with all that stands in it.
type room struct {
	Chat
	messages map[int]Message
	mine     map[int]bool // which of them the bot sent
	last     int          // the id of the newest message
	topics   map[int]bool
}

// press is a press of a button.
type press struct {
	query    string
	answered bool
}

// Declare makes a chat known to the bot without a message, with the topics of a forum if there are any.
func (s *Server) Declare(chat Chat, topics ...int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.room(chat)
	for _, topic := range topics {
		c.topics[topic] = true
	}
}

// DeclareInline makes a message known that was sent through inline mode, so that it can be edited.
func (s *Server) DeclareInline(inlineMessageID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inline[inlineMessageID] = Message{}
}

// room finds or makes the room of a chat; the chat's description is brought up to date.
func (s *Server) room(chat Chat) *room {
	c := s.chats[chat.ID]
	if c == nil {
		c = &room{messages: map[int]Message{}, mine: map[int]bool{}, topics: map[int]bool{}}
		s.chats[chat.ID] = c
	}
	c.Chat = chat
	return c
}

// put gives a message its id and date and keeps it.
func (c *room) put(m Message) Message {
	c.last++
	m.ID, m.Date, m.Chat = c.last, time.Now().Unix(), c.Chat
	c.messages[m.ID] = m
	return m
}

// Write is a person's message, or a post where m.Chat is a channel. It gets an id and a date; bot_command entities are
// found where m has no entities of its own; a message without a chat goes to the bot in private. The message is
// returned as the bot is going to receive it.
func (s *Server) Write(m Message) Message {
	if m.Chat.ID == 0 && m.From != nil {
		m.Chat = Chat{ID: m.From.ID, Type: "private", FirstName: m.From.FirstName, Username: m.From.Username}
	}
	if m.Entities == nil {
		m.Entities = commands(m.Text)
	}
	if m.CaptionEntities == nil {
		m.CaptionEntities = commands(m.Caption)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.room(m.Chat)
	if m.ThreadID != 0 {
		c.topics[m.ThreadID] = true
		m.IsTopicMessage = m.Chat.IsForum
	}
	m = c.put(m)
	kind := "message"
	if m.Chat.Type == "channel" {
		kind = "channel_post"
	}
	s.push(kind, map[string]any{kind: m})
	return m
}

// Press is a press of a button under a message; the query brings the message as it stands now, or an inaccessible one
// if there is none. The data need not be the button's. The id of the callback query is returned.
func (s *Server) Press(from User, chatID int64, messageID int, data string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	message := Message{ID: messageID, Chat: Chat{ID: chatID, Type: "private"}}
	if c := s.chats[chatID]; c != nil {
		message.Chat = c.Chat
		if m, ok := c.messages[messageID]; ok {
			message = m
		}
	}
	query := strconv.Itoa(4_000_000_000 + len(s.presses))
	s.presses = append(s.presses, press{query: query})
	s.push("callback_query", map[string]any{"callback_query": map[string]any{
		"id":            query,
		"from":          from,
		"message":       message,
		"chat_instance": strconv.FormatInt(chatID, 10),
		"data":          data,
	}})
	return query
}

// Push queues any update, of the kind its field names, and returns the update_id it was given. If the bot did not ask
// for that kind the update is dropped.
func (s *Server) Push(update map[string]any) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	update = maps.Clone(update)
	delete(update, "update_id")
	kind := ""
	for kind = range update {
	}
	return s.push(kind, update)
}

func (s *Server) push(kind string, update map[string]any) int {
	return s.queue.add(kind, func(id int) json.RawMessage {
		update["update_id"] = id
		return mustJSON(update)
	})
}

// PushRaw queues the bytes of an update as they are, well-formed or not, and returns the update_id that acknowledges
// it: its own, if it has one above all before it, else the next. An object without any is given that one.
func (s *Server) PushRaw(raw json.RawMessage) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	var own struct {
		ID *int `json:"update_id"`
	}
	json.Unmarshal(raw, &own)
	if own.ID != nil && *own.ID > s.queue.last {
		s.queue.last = *own.ID - 1
	}
	return s.queue.add("", func(id int) json.RawMessage {
		if own.ID == nil && bytes.HasPrefix(raw, []byte(`{"`)) {
			return append([]byte(`{"update_id":`+strconv.Itoa(id)+`,`), raw[1:]...)
		}
		return raw
	})
}

// Message is a message as it stands now, a person's or the bot's.
func (s *Server) Message(chatID int64, messageID int) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[chatID]
	if c == nil {
		return Message{}, false
	}
	m, ok := c.messages[messageID]
	return m, ok
}

// Unanswered is the ids of the callback queries that still show a waiting circle: those without answerCallbackQuery.
func (s *Server) Unanswered() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	for _, p := range s.presses {
		if !p.answered {
			ids = append(ids, p.query)
		}
	}
	return ids
}
