package main

import (
	"context"
	"log/slog"
	"net/url"
	"testing"

	"articlebot/bot"
	"articlebot/bot/emulator"
	"articlebot/bot/telegram"
	"articlebot/content"
)

func embedded(b *testing.B) *content.Library {
	b.Helper()
	library, err := content.Load(content.Embedded())
	if err != nil {
		b.Fatal(err)
	}
	return library
}

// One update, from its bytes to the body of the request that answers it.
func BenchmarkUpdateToRequest(b *testing.B) {
	for name, data := range map[string]string{"summary": "/summary", "full text": "/article"} {
		b.Run(name, func(b *testing.B) {
			conversation, err := bot.New(embedded(b), self.Username)
			if err != nil {
				b.Fatal(err)
			}
			update := []byte(`{"update_id":1,"message":{"message_id":5,"date":1,"from":{"id":7,"is_bot":false,"first_name":"A","language_code":"ru"},` +
				`"chat":{"id":7,"type":"private","first_name":"A"},"text":"` + data + `","entities":[{"type":"bot_command","offset":0,"length":8}]}}`)
			b.ReportAllocs()
			for b.Loop() {
				answer, err := conversation.Answer(update)
				if err != nil {
					b.Fatal(err)
				}
				values := url.Values{}
				for key, value := range answer.Calls[0].Params {
					values.Set(key, value)
				}
				if values.Encode() == "" {
					b.Fatal("nothing")
				}
			}
		})
	}
}

// A command in each of a thousand chats, answered and acknowledged without a
// network; the emulator's part is in the figures.
func BenchmarkThousandChats(b *testing.B) {
	server := emulator.New("123:SECRET", self)
	server.Forget()
	log := slog.New(slog.DiscardHandler)
	client := telegram.NewClient("123:SECRET", telegram.DefaultURL, log, telegram.Options{Transport: server})
	ctx, stop := context.WithCancel(b.Context())
	stopped := make(chan error)
	library := embedded(b)
	go func() { stopped <- answer(ctx, client, library, log) }()
	b.ReportAllocs()
	for b.Loop() {
		for n := range 1000 {
			server.Write(emulator.Message{Chat: group(n), From: &person, Text: "/summary"})
		}
		if err := server.Settled(ctx); err != nil {
			b.Fatal(err)
		}
	}
	stop()
	if err := <-stopped; err != nil {
		b.Error(err)
	}
}
