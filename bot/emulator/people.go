package emulator

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

// Declare makes a chat known to the bot without a message, with the topics of a forum if there are any.
func (s *Server) Declare(chat Chat, topics ...int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.room(chat)
	for _, topic := range topics {
		c.open(topic)
	}
}

// DeclareInline makes a message known that was sent through inline mode, so that it can be edited.
func (s *Server) DeclareInline(inlineMessageID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inline[inlineMessageID] = Message{}
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
		c.open(m.ThreadID)
		m.IsTopicMessage = m.Chat.IsForum
	}
	m = c.put(m, false)
	kind := "message"
	if m.Chat.Type == "channel" {
		kind = "channel_post"
	}
	asks := m.Chat.Type == "private" || s.commands(m)
	s.push(kind, Delivery{Chat: m.Chat.ID, MessageID: m.ID, asks: asks}, map[string]any{kind: m})
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
		if p, ok := c.find(messageID); ok {
			message = p.Message
		}
	}
	query := strconv.Itoa(4_000_000_000 + s.presses)
	s.presses++
	s.unanswered[query] = true
	d := Delivery{Chat: chatID, MessageID: messageID, Query: query, asks: true}
	s.push("callback_query", d, map[string]any{"callback_query": map[string]any{
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
	return s.push(kind, Delivery{}, update)
}

func (s *Server) push(kind string, d Delivery, update map[string]any) int {
	return s.enqueue(kind, d, func(id int) json.RawMessage {
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
	return s.enqueue("", Delivery{}, func(id int) json.RawMessage {
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
	p, ok := c.messages[messageID]
	return p.Message, ok
}

// Unanswered is the ids of the callback queries that still show a waiting circle: those without answerCallbackQuery.
func (s *Server) Unanswered() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.unanswered))
}
