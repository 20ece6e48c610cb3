package emulator

// User is a person or a bot, as the Bot API writes one.
type User struct {
	ID           int64  `json:"id"`
	IsBot        bool   `json:"is_bot"`
	FirstName    string `json:"first_name"`
	Username     string `json:"username,omitempty"`
	LanguageCode string `json:"language_code,omitempty"`
}

// Chat is where messages stand. Type is "private", "group", "supergroup" or "channel".
type Chat struct {
	ID        int64  `json:"id"`
	Type      string `json:"type"`
	Title     string `json:"title,omitempty"`
	FirstName string `json:"first_name,omitempty"`
	Username  string `json:"username,omitempty"`
	IsForum   bool   `json:"is_forum,omitempty"`
}

// Entity marks a part of a text. Offset and Length count UTF-16 code units.
type Entity struct {
	Type           string `json:"type"`
	Offset         int    `json:"offset"`
	Length         int    `json:"length"`
	URL            string `json:"url,omitempty"`              // text_link
	User           *User  `json:"user,omitempty"`             // text_mention
	Language       string `json:"language,omitempty"`         // pre
	CustomEmojiID  string `json:"custom_emoji_id,omitempty"`  // custom_emoji
	UnixTime       int64  `json:"unix_time,omitempty"`        // date_time, in seconds
	DateTimeFormat string `json:"date_time_format,omitempty"` // date_time
}

// Message is one message, as the Bot API writes it. A Message is never changed once it was handed out: an edit makes
// another one.
type Message struct {
	ID              int      `json:"message_id"`
	ThreadID        int      `json:"message_thread_id,omitempty"`
	IsTopicMessage  bool     `json:"is_topic_message,omitempty"`
	From            *User    `json:"from,omitempty"`
	SenderChat      *Chat    `json:"sender_chat,omitempty"`
	Chat            Chat     `json:"chat"`
	Date            int64    `json:"date"`
	EditDate        int64    `json:"edit_date,omitempty"`
	ReplyTo         *Message `json:"reply_to_message,omitempty"`
	Text            string   `json:"text,omitempty"`
	Entities        []Entity `json:"entities,omitempty"`
	Caption         string   `json:"caption,omitempty"`
	CaptionEntities []Entity `json:"caption_entities,omitempty"`
	ReplyMarkup     *Markup  `json:"reply_markup,omitempty"`
}

// Markup is the inline keyboard under a message.
type Markup struct {
	InlineKeyboard Keyboard `json:"inline_keyboard"`
}

// Keyboard is rows of buttons, from top to bottom.
type Keyboard [][]Button

// Button is one button of an inline keyboard: a text and one thing it does.
type Button struct {
	Text         string `json:"text"`
	CallbackData string `json:"callback_data,omitempty"`
	URL          string `json:"url,omitempty"`
}
