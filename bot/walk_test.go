package bot_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"articlebot/bot"
	"articlebot/bot/emulator"
	"articlebot/content"
)

func shipped(t testing.TB) *bot.Bot {
	t.Helper()
	lib, err := content.Load(content.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	b, err := bot.New(lib, "ThisBot")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// From every screen the buttons lead to every other, and Telegram accepts each.
func TestEveryScreenIsReachedFromEveryOther(t *testing.T) {
	b := shipped(t)
	all := slices.DeleteFunc(slices.Clone(b.Addresses()), func(a bot.Address) bool {
		_, ok := bot.ParseAddress(a.String())
		return !ok // where only the bot itself leads
	})
	if len(all) < 7 {
		t.Fatalf("%d addresses can be written and read", len(all))
	}
	for _, from := range all {
		reached := map[bot.Address]bool{from: true}
		for queue := []bot.Address{from}; len(queue) > 0; queue = queue[1:] {
			for _, private := range []bool{true, false} {
				screen := b.Screen(queue[0], private)
				call := screen.Send(1, 0)
				if err := emulator.Validate(call.Method, call.Params); err != nil {
					t.Fatalf("%s: %v", queue[0], err)
				}
				for _, row := range screen.Keyboard {
					for _, button := range row {
						to, ok := bot.ParseAddress(button.Data)
						if !ok && button.URL == "" {
							t.Errorf("%s: the button %q leads nowhere", queue[0], button.Text)
						}
						if ok && !reached[to] {
							reached[to] = true
							queue = append(queue, to)
						}
					}
				}
			}
		}
		for _, to := range all {
			if !reached[to] {
				t.Errorf("there is no way from %s to %s", from, to)
			}
		}
	}
}

// The five sections a reader comes for have buttons to each other directly.
func TestSectionsAreOnePressApart(t *testing.T) {
	b := shipped(t)
	sections := []bot.Section{bot.Summary, bot.Text, bot.Quotes, bot.Source, bot.Help}
	for _, from := range append(sections, bot.Start, bot.Privacy) {
		screen := b.Screen(bot.Address{Section: from}, true)
		buttons := fmt.Sprint(screen.Keyboard)
		for _, to := range sections {
			if from != to && !strings.Contains(buttons, string(to)+"_ru") {
				t.Errorf("%s has no button to %s", from, to)
			}
		}
	}
}

// Any update is answered or passed over, without a panic, and what is answered
// is accepted by Telegram, in a private chat with at least one message.
func FuzzAnyUpdate(f *testing.F) {
	b := shipped(f)
	data, err := os.ReadFile("testdata/updates.jsonl")
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		answer, err := b.Answer(raw)
		if err != nil {
			if len(answer.Calls) > 0 || !utf8.ValidString(err.Error()) {
				t.Errorf("%v, and yet %v", err, answer)
			}
			return
		}
		for _, call := range answer.Calls {
			judge(t, call)
			if call.Else != nil {
				judge(t, *call.Else)
			}
		}
		var u struct {
			Message *struct {
				Chat struct{ Type string }
				From *struct {
					IsBot bool `json:"is_bot"`
				}
				Text string
			}
			Query *struct{} `json:"callback_query"`
		}
		if json.Unmarshal(raw, &u) != nil {
			return
		}
		if m := u.Message; m != nil && m.Chat.Type == "private" && m.Text != "" && m.From != nil && !m.From.IsBot && len(answer.Calls) != 1 &&
			!telegramsOwn.Match(raw) {
			t.Errorf("silence in private: %s", raw)
		}
		if u.Query != nil && u.Message == nil && answer.Kind == "callback_query" && (len(answer.Calls) != 2 || answer.Calls[0].Method != "answerCallbackQuery") {
			t.Errorf("a press is not answered: %s", raw)
		}
	})
}

// telegramsOwn finds the fields of messages that nobody wrote.
var telegramsOwn = regexp.MustCompile(`(?i)pinned_message|auto_delete_timer|background_set|access_allowed|forum_topic|successful_payment|automatic_forward`)

// judge passes over what an update lacked: an id of a chat, a message, a query.
func judge(t *testing.T, call bot.Call) {
	t.Helper()
	params := map[string]string{}
	for name, value := range call.Params {
		switch {
		case strings.HasSuffix(name, "_id") || name == "reply_parameters":
		default:
			params[name] = value
		}
	}
	switch call.Method {
	case "answerCallbackQuery":
		params["callback_query_id"] = "1"
	case "editMessageText":
		params["inline_message_id"] = "1"
	default:
		params["chat_id"] = "1"
	}
	if err := emulator.Validate(call.Method, params); err != nil {
		t.Errorf("%s: %v", call.Method, err)
	}
}

// Whatever an editor writes, if it loads, every screen of it is one that
// Telegram accepts.
func FuzzAnyContent(f *testing.F) {
	for _, name := range []string{"testdata/library/bridge/ru.md", "../content/articles/kazakhstan-china-science/ru.md"} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data), 1)
		f.Add(string(data), 300) // long enough for pages
	}
	f.Fuzz(func(t *testing.T, edition string, times int) {
		if head, body, ok := strings.Cut(edition, "\n---\n"); ok && 0 < times && times*len(body) < 1<<20 {
			edition = head + "\n---\n" + strings.Repeat(body+"\n\n", times)
		}
		lib, err := content.Load(fstest.MapFS{"a/ru.md": {Data: []byte(edition)}})
		if err != nil {
			return
		}
		b, err := bot.New(lib, "ThisBot")
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range b.Addresses() {
			for _, private := range []bool{true, false} {
				screen := b.Screen(a, private)
				call := screen.Send(1, 0)
				if err := emulator.Validate(call.Method, call.Params); err != nil {
					t.Errorf("%s: %v", a, err)
				}
			}
		}
	})
}
