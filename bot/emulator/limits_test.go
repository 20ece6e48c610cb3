package emulator_test

import (
	"errors"
	"fmt"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"articlebot/bot/emulator"
)

// trySend sends to a chat and returns the seconds to wait, 0 where it passed.
func trySend(t *testing.T, s *emulator.Server, chat int64) int {
	t.Helper()
	_, err := call(s, "sendMessage", strconv.FormatInt(chat, 10), "text", "x")
	return retryAfter(t, err)
}

func retryAfter(t *testing.T, err error) int {
	t.Helper()
	if err == nil {
		return 0
	}
	e, ok := errors.AsType[*emulator.Error](err)
	if !ok || e.Code != 429 || e.Description != fmt.Sprintf("Too Many Requests: retry after %d", e.Parameters.RetryAfter) {
		t.Fatalf("got %v", err)
	}
	return e.Parameters.RetryAfter
}

// inMany is a server with limits where the bot knows the private chats 1 to n and the group.
func inMany(n int64, l emulator.Limits) *emulator.Server {
	s := emulator.New(token, bot)
	for id := range n {
		s.Declare(emulator.Chat{ID: id + 1, Type: "private"})
	}
	s.Declare(group)
	s.Declare(news)
	s.Limit(l)
	return s
}

// Each step sends to a chat at a time, and is answered with the seconds to wait.
func TestLimits(t *testing.T) {
	type step struct {
		at    float64 // seconds after the start
		times int     // how often it is sent then
		chat  int64
		wait  int // of each of them
	}
	for _, c := range []struct {
		name   string
		limits emulator.Limits
		steps  []step
	}{
		{"none", emulator.Limits{}, []step{{0, 500, 1, 0}, {0, 500, group.ID, 0}}},
		{"in all", emulator.Limits{All: 3}, []step{
			{0, 2, 1, 0}, {0, 1, 2, 0}, {0, 5, 3, 1}, {1, 3, 3, 0}, {1, 1, 1, 1}, {9, 3, 1, 0}, {9, 1, 1, 1}}},
		{"in a chat, after a burst one a second", emulator.Limits{Chat: 6}, []step{
			{0, 6, 1, 0}, {0, 9, 1, 1}, {0, 6, 2, 0}, {1, 1, 1, 0}, {1, 1, 1, 1}, {3, 2, 1, 0}, {3, 1, 1, 1},
			{30, 6, 1, 0}, {30, 1, 1, 1}}},
		{"in a group", emulator.Limits{Group: 2}, []step{
			{0, 1, group.ID, 0}, {10, 1, group.ID, 0}, {10, 3, group.ID, 50},
			{10.1, 1, group.ID, 50}, {11, 1, group.ID, 49}, {11, 2, news.ID, 0}, {11, 1, news.ID, 60},
			{11, 99, 1, 0}, {59, 1, group.ID, 1}, {60, 1, group.ID, 0}, {60, 1, group.ID, 10}, {70, 1, group.ID, 0}}},
		{"the longest wait is told", emulator.Limits{All: 1, Chat: 1, Group: 1}, []step{
			{0, 1, group.ID, 0}, {0, 1, group.ID, 60}, {1, 1, 1, 0}, {1, 1, 1, 1}}},
		{"Telegram's", emulator.TelegramLimits, []step{
			{0, 6, group.ID, 0}, {0, 1, group.ID, 1}, {6, 6, group.ID, 0}, {12, 6, group.ID, 0}, {18, 2, group.ID, 0},
			{18, 1, group.ID, 42}, {60, 6, group.ID, 0}, {60, 1, group.ID, 6}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := inMany(3, c.limits)
				start := time.Now()
				for _, step := range c.steps {
					time.Sleep(time.Until(start.Add(time.Duration(step.at * float64(time.Second)))))
					for i := range step.times {
						if got := trySend(t, s, step.chat); got != step.wait {
							t.Fatalf("%+v, the %d.: got %d", step, i+1, got)
						}
					}
				}
			})
		})
	}
}

func TestTelegramTakesThirtyASecondInAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inMany(31, emulator.TelegramLimits)
		for id := range int64(30) {
			if wait := trySend(t, s, id+1); wait != 0 {
				t.Fatalf("the %d. waits %d s", id+1, wait)
			}
		}
		if wait := trySend(t, s, 31); wait != 1 {
			t.Errorf("the 31. waits %d s", wait)
		}
		time.Sleep(999 * time.Millisecond)
		if wait := trySend(t, s, 31); wait != 1 {
			t.Errorf("after 999 ms it waits %d s", wait)
		}
		time.Sleep(time.Millisecond)
		if wait := trySend(t, s, 31); wait != 0 {
			t.Errorf("after 1 s it waits %d s", wait)
		}
	})
}

func TestEditsCountAndAnswersToPressesDoNot(t *testing.T) {
	s := inMany(1, emulator.Limits{All: 2, Chat: 2})
	m := send(t, s, 1, "text", "x")
	edit := func(text string) int {
		_, err := call(s, "editMessageText", "1", "message_id", strconv.Itoa(m.ID), "text", text)
		return retryAfter(t, err)
	}
	if wait := edit("y"); wait != 0 {
		t.Errorf("the first edit waits %d s", wait)
	}
	if wait := edit("z"); wait == 0 {
		t.Error("the second edit passes")
	}
	query := s.Press(aida, 1, m.ID, "x")
	if _, err := invoke(t.Context(), s, "answerCallbackQuery", "callback_query_id", query); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestEditsOfInlineMessagesCountInAllOnly(t *testing.T) {
	s := inMany(1, emulator.Limits{All: 2, Chat: 1, Group: 1})
	s.DeclareInline("abc")
	for i, passes := range []bool{true, true, false} {
		_, err := invoke(t.Context(), s, "editMessageText", "inline_message_id", "abc", "text", strconv.Itoa(i))
		if (retryAfter(t, err) == 0) != passes {
			t.Errorf("edit %d: got %v", i, err)
		}
	}
}

func TestWhatIsRefusedDoesNotCount(t *testing.T) {
	s := inMany(1, emulator.Limits{All: 1})
	for range 5 {
		if _, err := call(s, "sendMessage", "99", "text", "x"); describe(err) != "400 Bad Request: chat not found" {
			t.Errorf("got %v", err)
		}
		if _, err := call(s, "sendMessage", "1", "text", "x", "reply_to_message_id", "99"); err == nil {
			t.Error("accepted")
		}
	}
	if wait := trySend(t, s, 1); wait != 0 {
		t.Errorf("waits %d s", wait)
	}
}

func TestLimitBeginsAnew(t *testing.T) {
	s := inMany(1, emulator.Limits{All: 2, Chat: 1, Group: 2})
	trySend(t, s, 1)
	trySend(t, s, group.ID)
	s.Limit(emulator.Limits{All: 3, Chat: 1, Group: 1})
	for _, chat := range []int64{1, group.ID} {
		if wait := trySend(t, s, chat); wait != 0 {
			t.Errorf("chat %d waits %d s", chat, wait)
		}
	}
}
