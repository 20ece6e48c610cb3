package emulator

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// staleQuery is the refusal of a callback query that cannot be answered, or not again.
const staleQuery = "query is too old and response timeout expired or query ID is invalid"

// replyTo is the message to reply to: none where ID is not positive.
type replyTo struct {
	ID       int    `json:"message_id"`
	Optional bool   `json:"allow_sending_without_reply"`
	Quote    string `json:"quote"`
	Mode     string `json:"quote_parse_mode"`
}

func readReply(r *request, value string) *Error {
	o, err := readObject(value, "reply parameters", map[string]string{
		"message_id":                  "Number",
		"allow_sending_without_reply": "Boolean",
		"quote":                       "String",
		"quote_parse_mode":            "String",
		"quote_position":              "Number",
	})
	switch {
	case err != nil:
		return err
	case len(o) == 0:
		return nil
	case o["message_id"] == nil:
		return bad(`can't find field "message_id"`)
	case json.Unmarshal([]byte(value), &r.reply) != nil:
		return bad("can't parse reply parameters JSON object")
	case r.reply.Mode == "":
		return nil
	}
	if err := isParseMode(r, r.reply.Mode); err != nil {
		return err
	}
	quote, _, wrong := ParseHTML(r.reply.Quote)
	if wrong != nil {
		return bad(wrong.Error())
	}
	r.reply.Quote = quote
	return nil
}

// chat is the chat a call names by its id or by its @name.
func (s *Server) chat(name string) (*room, *Error) {
	c := s.names[strings.ToLower(name)]
	if c != nil && !strings.EqualFold("@"+c.Username, name) { // it has another name by now
		c = nil
	}
	if id, err := strconv.ParseInt(name, 10, 64); err == nil {
		c = s.chats[id]
	}
	switch {
	case c == nil:
		return nil, bad("chat not found")
	case c.upgraded != 0:
		err := bad("group chat was upgraded to a supergroup chat")
		err.Parameters = &Parameters{MigrateToChatID: c.upgraded}
		return nil, err
	}
	return c, nil
}

func (s *Server) sendMessage(r *request) (any, *Error) {
	c, err := s.chat(r.params["chat_id"])
	if err != nil {
		return nil, err
	}
	m := Message{Text: r.text, Entities: r.entities, ReplyMarkup: r.markup}
	if m.ReplyTo, err = c.replied(r.reply); err != nil {
		return nil, err
	}
	if thread := r.int("message_thread_id"); thread != 0 {
		if !c.topics[thread] || thread == 1 { // 1 is General, which has no thread of its own
			return nil, bad("message thread not found")
		}
		m.ThreadID, m.IsTopicMessage = thread, c.IsForum
	}
	if m.ReplyTo != nil {
		m.ThreadID, m.IsTopicMessage = m.ReplyTo.ThreadID, m.ReplyTo.IsTopicMessage
	}
	if c.Type == "channel" {
		m.SenderChat = new(c.Chat)
	} else {
		m.From = &s.self
	}
	m = c.put(m, true)
	r.sent = &m
	return m, nil
}

// replied is the message to reply to, without the one it replied to itself.
func (c *room) replied(to replyTo) (*Message, *Error) {
	if to.ID <= 0 {
		return nil, nil
	}
	p, ok := c.find(to.ID)
	switch {
	case !ok && to.Optional:
		return nil, nil
	case !ok:
		return nil, bad("message to be replied not found")
	case !strings.Contains(p.Text+p.Caption, to.Quote):
		return nil, bad("QUOTE_TEXT_INVALID")
	}
	p.ReplyTo = nil
	return &p.Message, nil
}

func (s *Server) editMessageText(r *request) (any, *Error) {
	if id := r.params["inline_message_id"]; id != "" {
		m, ok := s.inline[id]
		if !ok {
			return nil, bad("MESSAGE_ID_INVALID")
		}
		if err := m.edit(r); err != nil {
			return nil, err
		}
		s.inline[id] = m
		return true, nil
	}
	c, err := s.chat(r.params["chat_id"])
	if err != nil {
		return nil, err
	}
	p, ok := c.find(r.int("message_id"))
	switch {
	case !ok:
		return nil, bad("message to edit not found")
	case !p.mine:
		return nil, bad("message can't be edited")
	}
	if err := p.edit(r); err != nil {
		return nil, err
	}
	c.keep(p)
	return p.Message, nil
}

// edit puts another text and keyboard into a message, which must differ from what stands there.
func (m *Message) edit(r *request) *Error {
	if m.Text == r.text && reflect.DeepEqual(m.Entities, r.entities) && reflect.DeepEqual(m.ReplyMarkup, r.markup) {
		return bad("message is not modified: specified new message content and reply markup are exactly the same as " +
			"a current content and reply markup of the message")
	}
	m.Text, m.Entities, m.ReplyMarkup = r.text, r.entities, r.markup
	m.EditDate = time.Now().Unix()
	r.sent = new(*m)
	return nil
}

func (s *Server) answerCallbackQuery(r *request) (any, *Error) {
	query := r.params["callback_query_id"]
	if !s.unanswered[query] {
		return nil, bad(staleQuery)
	}
	delete(s.unanswered, query)
	return true, nil
}
