package emulator_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"articlebot/bot/emulator"
)

func TestDeliveriesTellWhatBecameOfEachUpdate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := emulator.New(token, bot)
		start := time.Now()
		at := func(d time.Duration) time.Time { return start.Add(d) }
		first := s.Write(emulator.Message{From: &aida, Chat: group, Text: "/summary"})
		query := s.Press(aida, group.ID, first.ID, "x")
		raw := s.PushRaw([]byte(`{"poison":1}`))
		time.Sleep(time.Second)
		ids := poll(t, s)
		time.Sleep(time.Second)
		poll(t, s)
		time.Sleep(time.Second)
		poll(t, s, "offset", strconv.Itoa(ids[1]+1), "limit", "1")
		time.Sleep(time.Second)
		late := s.Push(map[string]any{"poll": 1})
		want := []emulator.Delivery{
			{UpdateID: ids[0], Chat: group.ID, MessageID: first.ID, Queued: start,
				Delivered: at(time.Second), Acknowledged: at(3 * time.Second), Times: 2},
			{UpdateID: ids[1], Chat: group.ID, MessageID: first.ID, Query: query, Queued: start,
				Delivered: at(time.Second), Acknowledged: at(3 * time.Second), Times: 2},
			{UpdateID: raw, Queued: start, Delivered: at(time.Second), Times: 3},
			{UpdateID: late, Queued: at(4 * time.Second)},
		}
		got := s.Deliveries()
		if len(got) != len(want) {
			t.Fatalf("%d deliveries", len(got))
		}
		for i := range want {
			if fmt.Sprintf("%+v", public(got[i])) != fmt.Sprintf("%+v", want[i]) {
				t.Errorf("got  %+v\nwant %+v", got[i], want[i])
			}
		}
	})
}

// public is a delivery by its exported fields only.
func public(d emulator.Delivery) emulator.Delivery {
	return emulator.Delivery{UpdateID: d.UpdateID, Chat: d.Chat, MessageID: d.MessageID, Query: d.Query, Queued: d.Queued,
		Delivered: d.Delivered, Acknowledged: d.Acknowledged, Times: d.Times}
}

func TestWhatTheBotDidNotAskForIsNoDelivery(t *testing.T) {
	s := emulator.New(token, bot)
	poll(t, s, "allowed_updates", `["callback_query"]`)
	s.Write(emulator.Message{From: &aida, Text: "/start"})
	if got := s.Deliveries(); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

// A long poll whose client has gone takes nothing with it.
func TestNothingIsDeliveredToNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := emulator.New(token, bot)
		ctx, cancel := context.WithCancel(t.Context())
		go invoke(ctx, s, "getUpdates", "timeout", "50")
		synctest.Wait()
		cancel()
		push(s, 1)
		synctest.Wait()
		if d := s.Deliveries()[0]; d.Times != 0 || !d.Delivered.IsZero() {
			t.Errorf("got %+v", d)
		}
	})
}

// answers is how often each question was answered, in order.
func answers(s *emulator.Server) (n []int) {
	for _, a := range s.Answered() {
		n = append(n, a.Answers)
	}
	return n
}

func checkAnswers(t *testing.T, s *emulator.Server, want ...int) {
	t.Helper()
	if got := answers(s); !slices.Equal(got, want) {
		t.Errorf("answered %v times, want %v", got, want)
	}
}

func TestCommandsInGroupsAreAnsweredByReplies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := emulator.New(token, bot)
		start := time.Now()
		var asked []emulator.Message
		for _, text := range []string{
			"/summary", "chatter", "/quotes@ARTICLE_bot en", "/quotes@other_bot", "see /quotes", "/source\n",
		} {
			asked = append(asked, s.Write(emulator.Message{From: &aida, Chat: group, Text: text}))
		}
		post := s.Write(emulator.Message{SenderChat: &news, Chat: news, Text: "/summary"})
		checkAnswers(t, s, 0, 0, 0, 0)
		reply := func(to emulator.Message) {
			send(t, s, to.Chat.ID, "text", "x", "reply_to_message_id", strconv.Itoa(to.ID))
		}
		time.Sleep(time.Second)
		reply(asked[2])
		send(t, s, group.ID, "text", "a notice to all")
		call(s, "sendMessage", "-100", "text", "", "reply_to_message_id", "1")
		time.Sleep(time.Second)
		reply(asked[2])
		reply(post)
		checkAnswers(t, s, 0, 2, 0, 1)
		a := s.Answered()[1]
		if a.Chat != group.ID || a.MessageID != asked[2].ID || !a.Queued.Equal(start) || a.First.Sub(start) != time.Second {
			t.Errorf("got %+v", a)
		}
	})
}

func TestMessagesInPrivateAreAnsweredInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := inPrivate(t)
		bolat := emulator.User{ID: 8, FirstName: "Bolat"}
		s.Write(emulator.Message{From: &bolat, Text: "hello"})
		send(t, s, aida.ID, "text", "x")
		send(t, s, aida.ID, "text", "x again")
		time.Sleep(time.Second)
		s.Write(emulator.Message{From: &aida, Text: "/summary"})
		s.Write(emulator.Message{From: &aida, Text: "/quotes"})
		checkAnswers(t, s, 2, 0, 0, 0)
		send(t, s, aida.ID, "text", "to the last", "reply_to_message_id", "5")
		send(t, s, aida.ID, "text", "to the one before")
		checkAnswers(t, s, 2, 0, 1, 1)
		send(t, s, bolat.ID, "text", "x")
		checkAnswers(t, s, 2, 1, 1, 1)
	})
}

func TestPressesAreAnsweredByTheirQueries(t *testing.T) {
	s, _ := inPrivate(t)
	m := send(t, s, aida.ID, "text", "x", "reply_markup", keyboard)
	s.Press(aida, aida.ID, m.ID, "en")
	second := s.Press(aida, aida.ID, m.ID, "en")
	for range 2 {
		invoke(t.Context(), s, "answerCallbackQuery", "callback_query_id", second)
	}
	sent(t, s, "editMessageText", "chat_id", "7", "message_id", strconv.Itoa(m.ID), "text", "y")
	checkAnswers(t, s, 1, 0, 1)
	if a := s.Answered()[2]; a.Query != second || a.MessageID != m.ID {
		t.Errorf("got %+v", a)
	}
}

// The reader has an answer even if the bot does not know that it was carried out.
func TestAnswersOfFaultyCallsCount(t *testing.T) {
	s, chat := inPrivate(t)
	for _, kind := range []emulator.FaultKind{emulator.ResetBefore, emulator.ResetAfter, emulator.Blocked} {
		s.Inject(emulator.Fault{Kind: kind, Count: 1})
		call(s, "sendMessage", chat, "text", "x")
	}
	checkAnswers(t, s, 1)
}

func TestGroupThatWasUpgraded(t *testing.T) {
	s := emulator.New(token, bot)
	old := emulator.Chat{ID: -5, Type: "group", Title: "Old"}
	asked := s.Write(emulator.Message{From: &aida, Chat: old, Text: "/summary"})
	s.Migrate(old.ID, -1005)
	params := []string{"text", "x", "reply_parameters",
		fmt.Sprintf(`{"message_id":%d,"allow_sending_without_reply":true}`, asked.ID)}
	_, err := call(s, "sendMessage", "-5", params...)
	e, _ := err.(*emulator.Error)
	const upgraded = "400 Bad Request: group chat was upgraded to a supergroup chat"
	if describe(err) != upgraded || e.Parameters.MigrateToChatID != -1005 {
		t.Errorf("got %v", err)
	}
	checkAnswers(t, s, 0)
	m := send(t, s, -1005, params...)
	if m.Chat != (emulator.Chat{ID: -1005, Type: "supergroup", Title: "Old"}) || m.ID <= asked.ID || m.ReplyTo != nil {
		t.Errorf("got %+v", m)
	}
	checkAnswers(t, s, 1)
	s.Migrate(-6, -1006)
	send(t, s, -1006, "text", "x")
}
