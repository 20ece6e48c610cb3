package emulator_test

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"articlebot/bot/emulator"
)

const keyboard = `{"inline_keyboard":[[{"text":"En","callback_data":"en"},{"text":"Web","url":"https://example.com/"}]]}`

// send sends a message that must be accepted and returns it.
func send(t *testing.T, s *emulator.Server, chat int64, params ...string) emulator.Message {
	t.Helper()
	return sent(t, s, "sendMessage", append(params, "chat_id", strconv.FormatInt(chat, 10))...)
}

func sent(t *testing.T, s *emulator.Server, method string, params ...string) emulator.Message {
	t.Helper()
	result, err := invoke(t.Context(), s, method, params...)
	if err != nil {
		t.Fatal(err)
	}
	var m emulator.Message
	if err := json.Unmarshal(result, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestWhatIsSentStandsInTheChat(t *testing.T) {
	s, _ := inPrivate(t)
	m := send(t, s, aida.ID, "text", " \n<b>Аты</b> 😀<i>x</i> \n", "parse_mode", "HTML", "reply_markup", keyboard)
	stands, ok := s.Message(aida.ID, m.ID)
	if !ok || !reflect.DeepEqual(m, stands) {
		t.Errorf("sent %+v, stands %+v", m, stands)
	}
	want := []emulator.Entity{{Type: "bold", Length: 3}, {Type: "italic", Offset: 6, Length: 1}}
	if m.Text != "Аты 😀x" || m.From.ID != bot.ID || m.Date == 0 || m.Chat.ID != aida.ID {
		t.Errorf("got %+v", m)
	}
	if !reflect.DeepEqual(m.Entities, want) {
		t.Errorf("got %+v", m.Entities)
	}
	if rows := m.ReplyMarkup.InlineKeyboard; len(rows) != 1 || rows[0][0].CallbackData != "en" || rows[0][1].Text != "Web" {
		t.Errorf("got %+v", rows)
	}
}

func TestTextIsTrimmed(t *testing.T) {
	s, _ := inPrivate(t)
	for markup, want := range map[string]string{
		" a ":                 "a",
		"\n\na\n ":            "a",
		"<b>a </b> ":          "a",
		" <b> a</b>":          " a",
		"a\tb\rc":             "a bc",
		"<b>a</b> <i> </i>  ": "a",
	} {
		m := send(t, s, aida.ID, "text", markup, "parse_mode", "HTML")
		if m.Text != want {
			t.Errorf("%q: got %q, want %q", markup, m.Text, want)
		}
		for _, e := range m.Entities {
			if e.Length == 0 || e.Offset+e.Length > emulator.UTF16Len(m.Text) {
				t.Errorf("%q: got %+v", markup, e)
			}
		}
	}
}

func TestTrimmedEntitiesAreInOrder(t *testing.T) {
	s, _ := inPrivate(t)
	m := send(t, s, aida.ID, "text", "<i><b>a</b> </i>", "parse_mode", "HTML")
	want := []emulator.Entity{{Type: "bold", Length: 1}, {Type: "italic", Length: 1}}
	if !reflect.DeepEqual(m.Entities, want) {
		t.Errorf("got %+v", m.Entities)
	}
}

func TestWithoutParseModeTagsAreText(t *testing.T) {
	s, _ := inPrivate(t)
	if m := send(t, s, aida.ID, "text", "<b>&amp;", "entities", "null"); m.Text != "<b>&amp;" || m.Entities != nil {
		t.Errorf("got %+v", m)
	}
}

func TestLimitsAreInclusive(t *testing.T) {
	s, _ := inPrivate(t)
	send(t, s, aida.ID, "text", strings.Repeat("😀", 2048))
	send(t, s, aida.ID, "text", "  "+strings.Repeat("x", 4096)+"  ")
	send(t, s, aida.ID, "text", strings.Repeat("<b>x</b>y", 100), "parse_mode", "HTML")
	row := "[" + strings.Repeat(`{"text":"x","callback_data":"`+strings.Repeat("ы", 32)+`"},`, 7) +
		`{"text":"` + strings.Repeat("ы", 64) + `","url":"tg://resolve?domain=durov"}]`
	half := `[` + strings.Repeat(`{"text":"x","callback_data":"x"},`, 3) + `{"text":"x","callback_data":"x"}]`
	send(t, s, aida.ID, "text", "x", "reply_markup", `{"inline_keyboard":[`+strings.Repeat(row+",", 12)+half+`]}`)
	send(t, s, aida.ID, "text", "x", "reply_markup",
		`{"inline_keyboard":[[{"text":"x","url":"https://example.com/`+strings.Repeat("x", 2028)+`"}]]}`)
}

func TestReplyKeyboards(t *testing.T) {
	s, _ := inPrivate(t)
	for _, markup := range []string{
		`{"keyboard":[["a",{"text":"b"}]],"resize_keyboard":true,"is_persistent":true,"one_time_keyboard":false,` +
			`"input_field_placeholder":"c","selective":true}`,
		`{"remove_keyboard":true,"selective":true}`,
		`{"remove_keyboard":true}`,
	} {
		if m := send(t, s, aida.ID, "text", "x", "reply_markup", markup); m.ReplyMarkup != nil {
			t.Errorf("%s: got %+v", markup, m.ReplyMarkup)
		}
	}
}

func TestReplyLandsInTheTopicOfTheMessage(t *testing.T) {
	s := emulator.New(token, bot)
	asked := s.Write(emulator.Message{From: &aida, Chat: forum, ThreadID: 5, Text: "/summary@article_bot"})
	id := strconv.Itoa(asked.ID)
	for _, params := range [][]string{
		{"reply_parameters", `{"message_id":` + id + `}`},
		{"reply_parameters", `{"message_id":` + id + `,"quote":"<b>summary</b>","quote_parse_mode":"HTML"}`},
		{"reply_to_message_id", id},
		{"message_thread_id", "5"},
	} {
		m := send(t, s, forum.ID, append(params, "text", "x")...)
		if m.ThreadID != 5 || !m.IsTopicMessage || (m.ReplyTo == nil) != (params[0] == "message_thread_id") {
			t.Errorf("%v: got %+v", params, m)
		}
	}
}

func TestReplyDoesNotBringAllItsAncestors(t *testing.T) {
	s, _ := inPrivate(t)
	send(t, s, aida.ID, "text", "child", "reply_to_message_id", "1")
	m := send(t, s, aida.ID, "text", "grandchild", "reply_to_message_id", "2")
	if m.ReplyTo.Text != "child" || m.ReplyTo.ReplyTo != nil {
		t.Errorf("got %+v", m.ReplyTo)
	}
}

func TestGeneralTopicHasNoThread(t *testing.T) {
	s := emulator.New(token, bot)
	s.Declare(forum, 1)
	_, err := call(s, "sendMessage", "-200", "text", "x", "message_thread_id", "1")
	if want := "400 Bad Request: message thread not found"; describe(err) != want {
		t.Errorf("got %v", err)
	}
}

func TestReplyMayDoWithoutTheMessage(t *testing.T) {
	s, _ := inPrivate(t)
	for _, params := range [][]string{
		{"reply_parameters", `{"message_id":99,"allow_sending_without_reply":true}`},
		{"reply_to_message_id", "99", "allow_sending_without_reply", "true"},
		{"reply_parameters", `{}`},
	} {
		if m := send(t, s, aida.ID, append(params, "text", "x")...); m.ReplyTo != nil {
			t.Errorf("%v: got %+v", params, m.ReplyTo)
		}
	}
}

func TestDeclaredChatsAreKnown(t *testing.T) {
	s := emulator.New(token, bot)
	s.Declare(forum, 5)
	s.Declare(news)
	send(t, s, forum.ID, "text", "x", "message_thread_id", "5")
	if m := sent(t, s, "sendMessage", "chat_id", "@News", "text", "x"); m.From != nil || m.SenderChat.ID != news.ID {
		t.Errorf("a post in a channel is the channel's: %+v", m)
	}
}

func TestEditTakesThePlaceOfTheMessage(t *testing.T) {
	s, _ := inPrivate(t)
	m := send(t, s, aida.ID, "text", "<b>x</b>", "parse_mode", "HTML", "reply_markup", keyboard)
	edit := []string{"chat_id", "7", "message_id", strconv.Itoa(m.ID), "text"}
	same := append(edit[:5:5], "<strong>x</strong>", "parse_mode", "HTML", "reply_markup", keyboard)
	_, err := invoke(t.Context(), s, "editMessageText", same...)
	if want := "400 Bad Request: message is not modified: specified new message content and reply markup are exactly the " +
		"same as a current content and reply markup of the message"; describe(err) != want {
		t.Errorf("got %v", err)
	}
	for _, params := range [][]string{
		{"x", "reply_markup", keyboard},
		{"<b>x</b>", "parse_mode", "HTML", "reply_markup", keyboard},
		{"<b>x</b>", "parse_mode", "HTML"},
		{"y"},
	} {
		m = sent(t, s, "editMessageText", append(edit[:5:5], params...)...)
		if stands, _ := s.Message(7, m.ID); m.EditDate == 0 || !reflect.DeepEqual(m, stands) {
			t.Errorf("%v: answered %+v, stands %+v", params, m, stands)
		}
	}
	if m.ReplyMarkup != nil || m.Text != "y" {
		t.Errorf("an edit without a keyboard must remove it: %+v", m)
	}
}

func TestInlineMessagesAreEdited(t *testing.T) {
	s := emulator.New(token, bot)
	s.DeclareInline("abc")
	for _, want := range []string{"accepted", "not modified"} {
		result, err := invoke(t.Context(), s, "editMessageText", "inline_message_id", "abc", "text", "x")
		if got := describe(err); !strings.Contains(got, want) || err == nil && string(result) != "true" {
			t.Errorf("got %s, %s", result, got)
		}
	}
}

func TestPressBringsTheMessageAsItIsNow(t *testing.T) {
	s, _ := inPrivate(t)
	m := send(t, s, aida.ID, "text", "x", "reply_markup", keyboard)
	sent(t, s, "editMessageText", "chat_id", "7", "message_id", strconv.Itoa(m.ID), "text", "y")
	s.Press(aida, aida.ID, m.ID, "forged")
	s.Press(aida, aida.ID, 99, "en")
	result, err := invoke(t.Context(), s, "getUpdates", "offset", "-2")
	var updates []struct {
		Query struct {
			From    emulator.User
			Message emulator.Message
			Data    string
		} `json:"callback_query"`
	}
	if err != nil || json.Unmarshal(result, &updates) != nil || len(updates) != 2 {
		t.Fatalf("got %s, %v", result, err)
	}
	if q := updates[0].Query; q.Message.Text != "y" || q.Data != "forged" || q.From != aida {
		t.Errorf("got %+v", q)
	}
	if q := updates[1].Query; q.Message.ID != 99 || q.Message.Date != 0 || q.Message.Text != "" {
		t.Errorf("a message that is gone is inaccessible: %+v", q)
	}
}

func TestQueryIsAnsweredOnce(t *testing.T) {
	s, _ := inPrivate(t)
	first, second := s.Press(aida, 7, 1, "x"), s.Press(aida, 7, 1, "x")
	if got := s.Unanswered(); !reflect.DeepEqual(got, []string{first, second}) {
		t.Errorf("got %v", got)
	}
	params := []string{"callback_query_id", first, "text", strings.Repeat("ы", 200), "show_alert", "true",
		"url", "https://t.me/article_bot?start=x", "cache_time", "5"}
	for _, want := range []string{
		"accepted",
		"400 Bad Request: query is too old and response timeout expired or query ID is invalid",
	} {
		if _, err := invoke(t.Context(), s, "answerCallbackQuery", params...); describe(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if got := s.Unanswered(); !reflect.DeepEqual(got, []string{second}) {
		t.Errorf("got %v", got)
	}
}

func TestCommandsAreFoundInWhatPeopleWrite(t *testing.T) {
	s := emulator.New(token, bot)
	m := s.Write(emulator.Message{From: &aida, Chat: group, Text: "😀 /quotes@article_bot en", Caption: "/a"})
	if want := []emulator.Entity{{Type: "bot_command", Offset: 3, Length: 19}}; !reflect.DeepEqual(m.Entities, want) {
		t.Errorf("got %+v", m.Entities)
	}
	if want := []emulator.Entity{{Type: "bot_command", Length: 2}}; !reflect.DeepEqual(m.CaptionEntities, want) {
		t.Errorf("got %+v", m.CaptionEntities)
	}
	forged := []emulator.Entity{{Type: "bot_command", Length: 99}}
	if m := s.Write(emulator.Message{From: &aida, Text: "/a", Entities: forged}); !reflect.DeepEqual(m.Entities, forged) {
		t.Errorf("entities of one's own stay: %+v", m.Entities)
	}
}

func TestPostsInChannelsAreChannelPosts(t *testing.T) {
	s := emulator.New(token, bot)
	s.Write(emulator.Message{SenderChat: &news, Chat: news, Text: "/summary"})
	result, err := invoke(t.Context(), s, "getUpdates")
	if err != nil || !strings.Contains(string(result), `"channel_post":{"message_id":1,"sender_chat":`) {
		t.Errorf("got %s, %v", result, err)
	}
}

func TestJournalHasEveryCallButPolls(t *testing.T) {
	s, chat := inPrivate(t)
	invoke(t.Context(), s, "getMe")
	invoke(t.Context(), s, "getUpdates")
	invoke(t.Context(), s, "getUpdates", "offset", "x")
	call(s, "sendMessage", chat, "text", "<b>x</b>", "parse_mode", "HTML")
	call(s, "sendMessage", chat)
	call(s, "sendPigeon", chat)
	var got []string
	for _, c := range s.Journal() {
		line := c.Method + " " + c.Params["chat_id"]
		if c.Err != nil {
			line += " " + c.Err.Description
		}
		if c.Message != nil && strings.Contains(string(c.Result), `"text":"x"`) && !c.Time.IsZero() {
			line += " " + c.Message.Text + " " + c.Message.Entities[0].Type
		}
		got = append(got, line)
	}
	want := []string{"sendMessage 7 x bold", "sendMessage 7 Bad Request: message text is empty", "sendPigeon 7 Not Found"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
}
