package bot

import (
	"fmt"
	"os"
	"testing"
)

// A chat that asks for too much is told so: a message by a reply without
// buttons, a press by a toast, which may have 200 characters.
func TestTooMuchIsToldPolitely(t *testing.T) {
	b := newBot(t, os.DirFS("testdata/library"))
	notice := russian.Busy
	if n := utf16Len(notice); n > 200 {
		t.Errorf("a toast of %d characters", n)
	}
	for update, want := range map[string]string{
		`{"message":{"message_id":5,"chat":{"id":-1,"type":"group"},"date":9,"text":"/quotes","entities":[{"type":"bot_command","offset":0,"length":7}]}}`: "sendMessage map[chat_id:-1 reply_parameters:{\"message_id\":5,\"allow_sending_without_reply\":true} text:" + notice + "]",
		`{"message":{"message_id":5,"chat":{"id":1,"type":"private"},"date":9,"text":"words"}}`:                                                            "sendMessage map[chat_id:1 text:" + notice + "]",
		`{"callback_query":{"id":"q","from":{"id":1},"data":"text_ru","message":{"message_id":6,"chat":{"id":-1,"type":"group"},"date":9}}}`:               "answerCallbackQuery map[callback_query_id:q text:" + notice + "]",
	} {
		answer, err := b.Answer([]byte(update))
		if err != nil {
			t.Fatal(err)
		}
		busy := answer.Busy()
		if got := fmt.Sprint(busy.Method, " ", map[string]string(busy.Params)); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if message := answer.Date == 9; message == answer.Press {
			t.Errorf("a press has no date of its own, a message has: %+v", answer)
		}
	}
}
