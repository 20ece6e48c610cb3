package emulator_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"articlebot/bot/emulator"
)

const token = "1:test"

var (
	bot   = emulator.User{ID: 1, IsBot: true, FirstName: "Bot", Username: "article_bot"}
	aida  = emulator.User{ID: 7, FirstName: "Aida", LanguageCode: "kk"}
	group = emulator.Chat{ID: -100, Type: "supergroup", Title: "Group"}
	forum = emulator.Chat{ID: -200, Type: "supergroup", Title: "Forum", IsForum: true}
	news  = emulator.Chat{ID: -300, Type: "channel", Title: "News", Username: "news"}
)

// inPrivate is a server where Aida has written to the bot, and the chat_id of that chat.
func inPrivate(testing.TB) (s *emulator.Server, chat string) {
	s = emulator.New(token, bot)
	s.Write(emulator.Message{From: &aida, Text: "/start"})
	return s, strconv.FormatInt(aida.ID, 10)
}

// call calls a method that takes a chat_id; params are names and values in turn.
func call(s *emulator.Server, method, chat string, params ...string) (json.RawMessage, error) {
	return invoke(context.Background(), s, method, append(params, "chat_id", chat)...)
}

// invoke calls a method over an http.Client with a form, as the bot does.
func invoke(ctx context.Context, s *emulator.Server, method string, params ...string) (json.RawMessage, error) {
	form := url.Values{}
	for i := 0; i < len(params); i += 2 {
		form.Set(params[i], params[i+1])
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://api.telegram.org/bot"+token+"/"+method,
		strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return answer(s, r)
}

// answer is the result of a request, or the *emulator.Error it was refused with.
func answer(s *emulator.Server, r *http.Request) (json.RawMessage, error) {
	response, err := (&http.Client{Transport: s}).Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var body struct {
		OK     bool
		Result json.RawMessage
		emulator.Error
	}
	if err := json.NewDecoder(response.Body).Decode(&body); err != nil {
		return nil, err
	}
	switch {
	case body.OK && response.StatusCode == http.StatusOK:
		return body.Result, nil
	case body.OK || body.Code != response.StatusCode:
		return nil, errors.New("the HTTP status and the body disagree")
	}
	return nil, &body.Error
}
