package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"

	"articlebot/bot"
	"articlebot/bot/emulator"
	"articlebot/bot/telegram"
	"articlebot/content"
)

// A message that cannot be edited any more is sent anew, and a refused call does
// not keep the next one from being made.
func TestWhatIsRefusedIsDoneOtherwise(t *testing.T) {
	server := emulator.New(previewToken, previewBot)
	client := telegram.NewClient(previewToken, telegram.DefaultURL, slog.New(slog.NewTextHandler(io.Discard, nil)), telegram.Options{Transport: server})
	library, err := content.Load(content.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	b, err := bot.New(library, "ThisBot")
	if err != nil {
		t.Fatal(err)
	}
	server.Declare(emulator.Chat{ID: 7, Type: "private"})
	answer, err := b.Answer([]byte(`{"callback_query":{"id":"unknown","from":{"id":7},"data":"source_ru","message":{"message_id":99,"chat":{"id":7,"type":"private"},"date":0}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if err := carryOut(t.Context(), client, answer.Calls...); err != nil {
		t.Error(err)
	}
	var made []string
	for _, call := range server.Journal() {
		made = append(made, fmt.Sprint(call.Method, " ", call.Err == nil))
	}
	if got := strings.Join(made, ", "); got != "answerCallbackQuery false, editMessageText false, sendMessage true" {
		t.Error(got)
	}
}

// A screen that Telegram would refuse is a problem of the article it is of.
func TestAScreenThatWouldBeRefusedIsAProblem(t *testing.T) {
	edition := &content.Edition{Lang: "ru", Title: "Мост", Body: []content.Block{{Spans: []content.Span{{Text: "Мост."}}}}}
	article := &content.Article{Slug: "bridge", Outlet: "example.org", Source: "https://localhost/bridge", Original: edition, Editions: []*content.Edition{edition}}
	edition.Quotes = []content.Quote{{Text: "Мост", Speaker: "Ким", Role: "строитель", Speech: content.Reported}}
	_, err := checkScreens(&content.Library{Articles: []*content.Article{article}})
	if err == nil || !strings.HasPrefix(err.Error(), "bridge/ru.md: Telegram would refuse the screen quotes_ru__bridge (") || strings.Count(err.Error(), "quotes_ru") != 1 {
		t.Errorf("got %v", err)
	}
}

func TestAConfigDoesNotPrintItsToken(t *testing.T) {
	t.Chdir(t.TempDir())
	c, err := readConfig(func(key string) string { return map[string]string{"TELEGRAM_BOT_TOKEN": "123:SECRET"}[key] })
	if err != nil || c.token() != "123:SECRET" {
		t.Fatal(err)
	}
	if printed := fmt.Sprintf("%v %+v %#v", c, c, c); strings.Contains(printed, "SECRET") {
		t.Error(printed)
	}
}

// fullDisk takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestWhatCannotBePrintedIsAFailure(t *testing.T) {
	for _, args := range [][]string{{"check"}, {"preview"}, {"preview", "-json"}, {"version"}} {
		var stderr strings.Builder
		code := run(t.Context(), args, func(string) string { return "" }, strings.NewReader("/source\n"), fullDisk{}, &stderr)
		if code != exitFailure || !strings.Contains(stderr.String(), "standard output: no space left") {
			t.Errorf("%v: exit code %d, %s", args, code, stderr.String())
		}
	}
}

// The poller of a program that is told to stop before Telegram said who it is
// ends cleanly.
func TestAStopBeforeTheStart(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	client := telegram.NewClient(previewToken, telegram.DefaultURL, slog.New(slog.NewTextHandler(io.Discard, nil)), telegram.Options{Transport: emulator.New(previewToken, previewBot)})
	if err := answer(ctx, client, nil, slog.Default()); err != nil {
		t.Error(err)
	}
}
