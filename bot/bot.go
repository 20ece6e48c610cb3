package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"articlebot/content"
)

// Bot answers updates about a library of articles. It never changes, and is
// safe for use by several goroutines at once.
type Bot struct {
	lib       *content.Library
	username  string
	stands    map[Address]stand // by complete addresses
	addresses []Address
}

// New returns a bot by that user name, as getMe gives it. It refuses a library
// with an edition in a language that the interface has no words for; the error
// is [content.Problems].
func New(lib *content.Library, username string) (*Bot, error) {
	var problems content.Problems
	b := &Bot{lib: lib, username: username, stands: map[Address]stand{}}
	for _, article := range lib.Articles {
		for _, edition := range article.Editions {
			words := languages[edition.Lang]
			if words == nil {
				problems = append(problems, content.Problem{
					File: article.Slug + "/" + edition.Lang + ".md",
					What: "the interface has no words in this language",
					Cure: "add them as bot/words_" + edition.Lang + ".go, or remove the edition",
				})
				continue
			}
			b.layOut(view{words, article, edition})
		}
	}
	if problems != nil {
		return nil, problems
	}
	return b, nil
}

// Call is one request to the Bot API.
type Call struct {
	Method string
	Params tgbotapi.Params
	Else   *Call // to be made where Telegram refuses this one; may be nil
}

// Answer is what an update asked for and the calls that answer it, in order.
type Answer struct {
	Kind  string // of the update, as the Bot API names it
	Asked string // for the log: a command of ours, or what else it was; never the reader's words
	Chat  int64  // whose updates are answered one after the other
	Group bool   // the chat is a group or a channel
	Date  int64  // when it was asked, Unix time; 0 where Telegram does not say
	Calls []Call // none where silence is the answer
	Press bool   // a button was pressed

	// Busy is the call in place of Calls where the chat asks for more than it
	// can be sent; nil where there are none.
	Busy func() Call
}

// Answer answers one update of the Bot API. An update that cannot be read is
// an error; its text names no word of the reader's.
func (b *Bot) Answer(raw []byte) (Answer, error) {
	var u update
	if err := json.Unmarshal(raw, &u); err != nil {
		return Answer{}, unreadable(err)
	}
	var answer Answer
	switch {
	case u.Message != nil:
		answer = b.message(u.Message)
		answer.Kind = "message"
	case u.ChannelPost != nil:
		answer = b.message(u.ChannelPost)
		answer.Kind = "channel_post"
	case u.CallbackQuery != nil:
		answer = b.press(u.CallbackQuery)
		answer.Kind = "callback_query"
	default:
		answer = Answer{Kind: "other", Asked: "nothing"}
	}
	return answer, nil
}

// unreadable is the error of an update that is not in the form the Bot API
// promises. What json says of it may quote the update, so it is not passed on.
func unreadable(err error) error {
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("not an update: %q is not of the type it should be", e.Field)
	}
	return errors.New("not an update: not JSON")
}

// message answers what somebody wrote.
func (b *Bot) message(m *message) Answer {
	address, asked, ok := b.route(m)
	if !ok {
		return Answer{Asked: "nothing"}
	}
	group := !m.Chat.private()
	send := func(s Screen) Call {
		call := s.Send(m.Chat.ID, m.topic())
		if group {
			call.Params["reply_parameters"] = fmt.Sprintf(`{"message_id":%d,"allow_sending_without_reply":true}`, m.MessageID)
		}
		return call
	}
	return Answer{
		Asked: asked,
		Chat:  m.Chat.ID,
		Group: group,
		Date:  m.Date,
		Calls: []Call{send(b.Screen(address, !group))},
		Busy:  func() Call { return send(Screen{params: tgbotapi.Params{"text": b.wordsAt(address).Busy}}) },
	}
}

// route decides which address a message leads to, and what to call it in the
// log; false is silence.
func (b *Bot) route(m *message) (a Address, asked string, ok bool) {
	private := m.Chat.private()
	if m.fromMachine() {
		return Address{}, "", false
	}
	if c, ok := m.command(); ok {
		section, known := lookup(c.name)
		forUs := private || c.bot == "" || strings.EqualFold(c.bot, b.username)
		if known && forUs {
			return destination(section, c.args), c.name, true
		}
		return Address{Section: unknown}, "unknown command", private
	}
	if !private || m.isNotice() {
		return Address{}, "", false
	}
	if a, ok := labelled(m.Text); ok {
		return a, string(a.Section), true
	}
	return Address{Section: chatter}, "words", true
}

// destination returns the address that a command leads to. /start leads to the
// one that a deep link carries; a payload that is none greets as /start alone.
func destination(section Section, args string) Address {
	if a, ok := ParseAddress(args); ok && section == Start {
		return a
	}
	return Address{Section: section}
}

// labelled finds the section whose name was typed, in any language.
func labelled(text string) (Address, bool) {
	text = strings.TrimSpace(text)
	for lang, w := range languages {
		for _, s := range sections {
			if strings.EqualFold(text, w.label(s)) {
				return Address{Section: s, Lang: lang}, true
			}
		}
	}
	return Address{}, false
}

// press answers a pressed button: the query, so that the client stops waiting,
// and the message, in place. Where that cannot be edited any more, the screen
// is sent anew.
func (b *Bot) press(q *callbackQuery) Answer {
	address, ok := ParseAddress(q.Data)
	answer := Answer{Asked: "button " + string(address.Section), Chat: q.From.ID, Press: true}
	if !ok {
		address, answer.Asked = Address{Section: gone}, "stale button"
	}
	query := Call{Method: "answerCallbackQuery", Params: tgbotapi.Params{"callback_query_id": q.ID}}
	answer.Busy = func() Call {
		return Call{Method: query.Method, Params: tgbotapi.Params{"callback_query_id": q.ID, "text": b.wordsAt(address).Busy}}
	}
	var edit Call
	if q.Message == nil { // under a message that was sent through inline mode
		answer.Group = true
		edit = b.Screen(address, false).call("editMessageText", tgbotapi.Params{"inline_message_id": q.InlineMessageID})
	} else {
		chat := q.Message.Chat
		answer.Chat, answer.Group = chat.ID, !chat.private()
		screen := b.Screen(address, chat.private())
		edit = screen.call("editMessageText", tgbotapi.Params{
			"chat_id":    strconv.FormatInt(chat.ID, 10),
			"message_id": strconv.Itoa(q.Message.MessageID),
		})
		anew := screen.Send(chat.ID, q.Message.topic())
		edit.Else = &anew
	}
	answer.Calls = []Call{query, edit}
	return answer
}

// Send returns the call that puts a screen into a chat, and there into a topic
// unless that is 0.
func (s Screen) Send(chat int64, topic int) Call {
	p := tgbotapi.Params{"chat_id": strconv.FormatInt(chat, 10)}
	p.AddNonZero("message_thread_id", topic)
	return s.call("sendMessage", p)
}

// call adds a screen to the parameters that say where it goes.
func (s Screen) call(method string, where tgbotapi.Params) Call {
	maps.Copy(where, s.params)
	return Call{Method: method, Params: where}
}
