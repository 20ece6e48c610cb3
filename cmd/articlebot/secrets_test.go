package main

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"articlebot/bot/telegram"
)

// The token does not show where somebody prints what knows it. What the
// processes of these tests log is held against the secrets when they end.
func TestNothingPrintsItsToken(t *testing.T) {
	options := telegram.Options{Transport: telegram.NewTransport(), Limits: telegram.TelegramLimits}
	client := telegram.NewClient("123:SECRET", telegram.DefaultURL, slog.New(slog.DiscardHandler), options)
	env := map[string]string{"TELEGRAM_BOT_TOKEN": "123:SECRET"}
	config, err := readConfig(func(key string) string { return env[key] })
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range []any{client, options, config, &config, telegram.Poller{Client: client}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			if printed := fmt.Sprintf(verb, value); strings.Contains(printed, "SECRET") {
				t.Errorf("%s of a %T shows the token: %s", verb, value, printed)
			}
		}
	}
}
