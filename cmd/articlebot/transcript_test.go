package main

import (
	"testing"

	"articlebot/bot/emulator"
)

// A terminal shows styles, a pipe shows the words; both show where a link leads
// and what is a quotation.
func TestFormattingIsShown(t *testing.T) {
	text, entities, err := emulator.ParseHTML("<b>Мост 🌉</b> <i>и <b>дом</b></i>\n<blockquote>раз\nдва</blockquote>\n<a href=\"https://example.org\">тут</a> <code>c</code>")
	if err != nil {
		t.Fatal(err)
	}
	plain := "Мост 🌉 и дом\n│ раз\n│ два\nтут <https://example.org/> c"
	if got := (transcript{}).text(text, entities); got != plain {
		t.Errorf("in a pipe:\n%q\nwant\n%q", got, plain)
	}
	ansi := "\x1b[1mМост 🌉\x1b[0m \x1b[3mи \x1b[0m\x1b[1;3mдом\x1b[0m\n│ раз\n│ два\n\x1b[4mтут\x1b[0m <https://example.org/> \x1b[36mc\x1b[0m"
	if got := (transcript{ansi: true}).text(text, entities); got != ansi {
		t.Errorf("on a terminal:\n%q\nwant\n%q", got, ansi)
	}
}
