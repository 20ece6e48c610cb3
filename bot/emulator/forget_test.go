package emulator_test

import (
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"articlebot/bot/emulator"
)

func TestWhatIsForgottenIsGone(t *testing.T) {
	s, chat := inPrivate(t)
	call(s, "sendMessage", chat, "text", "x")
	s.Forget()
	s.Write(emulator.Message{From: &aida, Text: "/quotes"})
	call(s, "sendMessage", chat, "text", "x")
	if len(s.Journal())+len(s.Deliveries())+len(s.Answered()) != 0 {
		t.Errorf("kept %v, %v, %v", s.Journal(), s.Deliveries(), s.Answered())
	}
	late := s.Write(emulator.Message{From: &aida, Chat: group, Text: "in a new chat"})
	for chat, id := range map[int64]int{aida.ID: 1, group.ID: late.ID} {
		if m, ok := s.Message(chat, id); ok {
			t.Errorf("kept %+v", m)
		}
	}
	if ids := poll(t, s); len(ids) != 3 {
		t.Errorf("updates %v", ids)
	}
}

func TestIDsOutliveTheirMessages(t *testing.T) {
	s, chat := inPrivate(t)
	s.Declare(news)
	s.Forget()
	for range 2 {
		if m := send(t, s, aida.ID, "text", "x", "reply_to_message_id", "1"); m.ReplyTo.ID != 1 {
			t.Errorf("got %+v", m.ReplyTo)
		}
		m := sent(t, s, "editMessageText", "chat_id", chat, "message_id", "2", "text", "x")
		if m.ID != 2 || m.Text != "x" || m.Chat.ID != aida.ID {
			t.Errorf("got %+v", m)
		}
	}
	const notFound = "400 Bad Request: message to edit not found"
	for _, id := range []string{"4", "99"} {
		if _, err := call(s, "editMessageText", chat, "message_id", id, "text", "x"); describe(err) != notFound {
			t.Errorf("message %s was never there: got %v", id, err)
		}
	}
	query := s.Press(aida, aida.ID, 2, "x")
	if _, err := invoke(t.Context(), s, "answerCallbackQuery", "callback_query_id", query); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestForgetfulServerDoesNotGrow(t *testing.T) {
	s, chat := inPrivate(t)
	s.Forget()
	round := func(n int) int {
		for range n {
			m := s.Write(emulator.Message{From: &aida, Text: "/quotes"})
			query := s.Press(aida, aida.ID, m.ID, "x")
			call(s, "sendMessage", chat, "text", "x", "reply_to_message_id", strconv.Itoa(m.ID))
			invoke(t.Context(), s, "answerCallbackQuery", "callback_query_id", query)
			poll(t, s, "offset", strconv.Itoa(slices.Max(poll(t, s))+1), "timeout", "-1", "limit", "0")
		}
		return heap()
	}
	before := round(1000)
	if after := round(3000); after > before+256<<10 {
		t.Errorf("%d bytes more after 3,000 rounds", after-before)
	}
}

func TestAcknowledgedUpdatesAreFreed(t *testing.T) {
	s := emulator.New(token, bot)
	before := heap()
	var last int
	for range 1000 {
		last = s.PushRaw([]byte(`{"poll":"` + strings.Repeat("x", 10_000) + `"}`))
	}
	equal(t, "what is left", poll(t, s, "offset", strconv.Itoa(last)), []int{last})
	if grown := heap() - before; grown > 1<<20 {
		t.Errorf("%d bytes kept", grown)
	}
	equal(t, "in the end", poll(t, s, "offset", strconv.Itoa(last+1)), nil)
}

// heap is how many bytes are in use.
func heap() int {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// The names of public chats are found without looking through all chats, also after a chat took another.
func TestChatsByTheirPresentNames(t *testing.T) {
	s := emulator.New(token, bot)
	s.Declare(news)
	renamed := news
	renamed.Username = "Latest"
	s.Declare(renamed)
	s.Declare(emulator.Chat{ID: aida.ID, Type: "private", Username: "aida"})
	for name, want := range map[string]string{"@LATEST": "accepted", "@news": "400 Bad Request: chat not found",
		"@aida": "400 Bad Request: chat not found"} {
		if _, err := call(s, "sendMessage", name, "text", "x"); describe(err) != want {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
