package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// nested is a value that many levels of JSON enclose.
func nested(levels int, open, closing string) string {
	return strings.Repeat(open, levels) + "1" + strings.Repeat(closing, levels)
}

const inChat7 = `"message_id":5,"date":1,"from":{"id":7,"is_bot":false,"first_name":"НАЗВАНАЯ"},"chat":{"id":7,"type":"private","first_name":"НАЗВАНАЯ"}`

// entity is a message whose command is marked in a way that it cannot be.
func entity(offset, length string) string {
	return fmt.Sprintf(`{"message":{%s,"text":"/summary 😀 ТАЙНЫЕ-СЛОВА","entities":[{"type":"bot_command","offset":%s,"length":%s}]}}`, inChat7, offset, length)
}

// poisons is updates as Telegram never sends them.
var poisons = []string{
	`{}`, `{"message":null}`, `{"message":{}}`, `{"message":[]}`, `{"message":"ТАЙНЫЕ-СЛОВА"}`, `{"message":7}`, `{"message":true}`,
	`{"callback_query":{}}`, `{"callback_query":null}`, `{"callback_query":[]}`, `{"callback_query":{"id":7}}`,
	`{"callback_query":{"id":"1","from":{"id":7},"data":"source_ru"}}`,
	`{"callback_query":{"id":"1","from":null,"message":null,"data":null}}`,
	`{"callback_query":{"id":"1","from":{"id":7},"message":{"message_id":1,"date":0,"chat":{"id":7}},"data":"\u0000\u0000"}}`,
	`{"callback_query":{"id":"1","from":{"id":7},"inline_message_id":"x","data":"` + strings.Repeat("ТАЙНЫЕ-СЛОВА", 10_000) + `"}}`,
	`{"channel_post":{"message_id":1,"chat":{"id":-100,"type":"channel","title":"ЗАГОЛОВОК"},"text":7}}`,
	`{"message":{"text":"/summary"}}`, `{"message":{"chat":null,"text":"/summary"}}`, `{"message":{"chat":{},"text":"/summary"}}`,
	`{"message":{"message_id":"ТАЙНЫЕ-СЛОВА"}}`, `{"message":{"message_id":1.5}}`, `{"message":{"message_id":1e400}}`,
	`{"message":{"message_id":99999999999999999999999999}}`, `{"message":{"message_id":-1}}`,
	`{"message":{` + inChat7 + `,"text":"/summary","entities":{}}}`,
	`{"message":{` + inChat7 + `,"text":"/summary","entities":[null,7,[],{}]}}`,
	`{"message":{` + inChat7 + `,"text":["/summary"]}}`,
	`{"message":{"message_id":1,"date":1,"chat":{"id":99999999999999999999,"type":"private"},"text":"a"}}`,
	`{"message":{"message_id":1,"date":1,"chat":{"id":9223372036854775807,"type":"private"},"text":"a"}}`,
	`{"message":{"message_id":1,"date":1,"chat":{"id":-9223372036854775808,"type":"ЗАГОЛОВОК"},"text":"a"}}`,
	`{"message":{"message_id":1,"date":9223372036854775807,"chat":{"id":8,"type":"private"},"text":"a"}}`,
	`{"message":{"message_id":1,"date":-9223372036854775808,"chat":{"id":8,"type":"private"},"text":"a"}}`,
	entity("-1", "8"), entity("0", "-1"), entity("0", "0"), entity("0", "99999"), entity("9", "1"), entity("10", "1"),
	entity("2147483648", "2147483648"), entity("9223372036854775807", "9223372036854775807"), entity(`"0"`, `null`),
	`{"unknown_kind":{"a":[1,2,3]}}`, `{"message":{` + inChat7 + `,"text":"/summary","chat":{"id":-9,"type":"nowhere"}}}`,
	`{"message":{` + inChat7 + `},"message":7,"callback_query":8}`,
	`{"message":{` + inChat7 + `,"text":"\ud800 \udfff \u0000 /summary"}}`,
	`{"message":{` + inChat7 + `,"text":"` + strings.Repeat("ТАЙНЫЕ-СЛОВА ", 50_000) + `"}}`,
	`{"message":{` + inChat7 + `,"entities":[` + strings.Repeat(`{"type":"bot_command","offset":0,"length":8},`, 20_000) + `{}],"text":"/summary"}}`,
	`{"message":` + nested(9000, "[", "]") + `}`, `{"message":` + nested(9000, `{"message":`, "}") + `}`,
	`{"message":{` + inChat7 + `,"pinned_message":` + nested(9000, `{"a":[`, `]}`)[:0] + nested(4000, `{"a":[`, `]}`) + `}}`,
	// Not even JSON, or not for a reader that minds its depth.
	`{"message":` + nested(10_000, "[", "]") + `}`,
	`{"message":{"text":"\x"}}`, `{"message":{"text":"` + "\xff\xfe" + `"}}`, `{"message":{"text":"a` + "\n" + `b"}}`,
	`{"message":}`, `{"message":{"text":"ТАЙНЫЕ-СЛОВА`,
	// Not an object.
	`7`, `null`, `"ТАЙНЫЕ-СЛОВА"`, `[]`, `true`,
}

// Whatever comes as an update, its neighbours are answered, it is not fetched
// for ever, and the process lives.
func TestPoisonIsPassedOver(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	p := launch(t, "unpaced", w.url)
	p.polling()
	for n, poison := range poisons {
		w.ask(n)
		w.PushRaw(json.RawMessage(poison))
	}
	w.ask(len(poisons))
	w.settled(30 * time.Second)
	if got := w.tally(); got.missing != 0 || got.again != 0 || got.asked != len(poisons)+1 {
		t.Error(got)
	}
	for _, d := range w.Deliveries() {
		if d.Times > 20 {
			t.Errorf("update %d was fetched %d times", d.UpdateID, d.Times)
		}
	}
	t.Logf("%d poisons: %v, %d lines of trouble", len(poisons), w.tally(), len(p.trouble()))
}
