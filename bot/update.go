package bot

import (
	"encoding/json"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// update is what the bot reads of a Telegram update. The library's own type
// does not know topics and decodes a hundred fields more, each of which may
// change its form one day and take the message down with it.
type update struct {
	Message       *message       `json:"message"`
	ChannelPost   *message       `json:"channel_post"`
	CallbackQuery *callbackQuery `json:"callback_query"`
}

// UpdateKinds is what the bot wants to hear of, for getUpdates.
var UpdateKinds = []string{"message", "channel_post", "callback_query"}

type message struct {
	MessageID          int                      `json:"message_id"`
	ThreadID           int                      `json:"message_thread_id"`
	IsTopicMessage     bool                     `json:"is_topic_message"`
	IsAutomaticForward bool                     `json:"is_automatic_forward"`
	From               *tgbotapi.User           `json:"from"`
	SenderChat         *struct{}                `json:"sender_chat"` // an anonymous admin, or a channel that speaks in a group
	Chat               chat                     `json:"chat"`
	Date               int64                    `json:"date"` // Unix time
	Text               string                   `json:"text"`
	Entities           []tgbotapi.MessageEntity `json:"entities"`
	Caption            string                   `json:"caption"`
	CaptionEntities    []tgbotapi.MessageEntity `json:"caption_entities"`

	// Notices that Telegram itself puts into a private chat.
	PinnedMessage    json.RawMessage `json:"pinned_message"`
	AutoDeleteTimer  json.RawMessage `json:"message_auto_delete_timer_changed"`
	BackgroundSet    json.RawMessage `json:"chat_background_set"`
	WriteAccess      json.RawMessage `json:"write_access_allowed"`
	TopicCreated     json.RawMessage `json:"forum_topic_created"`
	TopicEdited      json.RawMessage `json:"forum_topic_edited"`
	SuccessfulPaying json.RawMessage `json:"successful_payment"`
}

type chat struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
}

func (c chat) private() bool { return c.Type == "private" }

type callbackQuery struct {
	ID              string        `json:"id"`
	From            tgbotapi.User `json:"from"`
	Message         *message      `json:"message"`
	InlineMessageID string        `json:"inline_message_id"`
	Data            string        `json:"data"`
}

// isNotice reports whether nobody wrote the message.
func (m *message) isNotice() bool {
	for _, field := range []json.RawMessage{m.PinnedMessage, m.AutoDeleteTimer, m.BackgroundSet, m.WriteAccess, m.TopicCreated, m.TopicEdited, m.SuccessfulPaying} {
		if field != nil {
			return true
		}
	}
	return false
}

// fromMachine reports whether no person is behind the message: a bot, or a copy
// of a channel's post in its discussion group. An anonymous admin and a channel
// that speaks in a group come with a bot's name in From, and a sender chat.
func (m *message) fromMachine() bool {
	return m.IsAutomaticForward || m.From != nil && m.From.IsBot && m.SenderChat == nil
}

// topic returns the topic to answer in, 0 for none: the General topic goes
// without an id, and Telegram refuses its 1.
func (m *message) topic() int {
	if !m.IsTopicMessage || m.ThreadID == 1 {
		return 0
	}
	return m.ThreadID
}
