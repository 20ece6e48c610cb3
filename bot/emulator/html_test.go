package emulator_test

import (
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"articlebot/bot/emulator"
)

func TestUTF16LenIsThatOfUTF16(t *testing.T) {
	for _, s := range append(hostileTexts(t), "", "aы科😀", "e\u0301") {
		if got, want := emulator.UTF16Len(s), len(utf16.Encode([]rune(s))); utf8.ValidString(s) && got != want {
			t.Errorf("%q: got %d, want %d", s, got, want)
		}
	}
}

// Whatever comes in, the entities lie within the text and begin and end between characters.
func FuzzParseHTML(f *testing.F) {
	for _, markup := range hostileTexts(f) {
		f.Add(markup)
	}
	f.Add("<b>\xff</b>")
	f.Fuzz(func(t *testing.T, markup string) {
		text, entities, err := emulator.ParseHTML(markup)
		if err != nil {
			if text != "" || entities != nil {
				t.Errorf("an error with %q, %v", text, entities)
			}
			return
		}
		if !utf8.ValidString(text) || len(text) > len(markup) {
			t.Errorf("text %q", text)
		}
		units := utf16.Encode([]rune(text))
		for _, e := range entities {
			end := e.Offset + e.Length
			if e.Offset < 0 || e.Length <= 0 || end > len(units) || splits(units, e.Offset) || splits(units, end) {
				t.Errorf("entity %+v in %q", e, text)
			}
		}
		emulator.Validate("sendMessage", map[string]string{"chat_id": "1", "text": markup, "parse_mode": "HTML"})
	})
}

// splits reports whether the unit at i is the second half of a character.
func splits(units []uint16, i int) bool {
	return i < len(units) && 0xdc00 <= units[i] && units[i] <= 0xdfff
}
