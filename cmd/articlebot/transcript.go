package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"articlebot/bot/emulator"
)

// transcript writes messages as a terminal can show them: with ANSI formatting,
// or plainly.
type transcript struct {
	w    io.Writer
	ansi bool
}

func (t transcript) print(s string) { fmt.Fprint(t.w, s) }
func (t transcript) line(s string)  { fmt.Fprintln(t.w, s) }

// message writes a message's text and its buttons, numbered from 1.
func (t transcript) message(m emulator.Message) {
	t.line(t.text(m.Text, m.Entities))
	if m.ReplyMarkup == nil {
		return
	}
	number := 0
	for _, row := range m.ReplyMarkup.InlineKeyboard {
		var labels []string
		for _, button := range row {
			number++
			labels = append(labels, fmt.Sprintf("[%d] %s", number, button.Text))
		}
		t.line(strings.Join(labels, "  "))
	}
}

var ansiCodes = map[string]string{"bold": "1", "italic": "3", "underline": "4", "strikethrough": "9", "code": "36", "pre": "36", "text_link": "4"}

// text formats a text: a bar before the lines of a quotation, a link's address
// behind it, and on a terminal bold, italics and code.
func (t transcript) text(text string, entities []emulator.Entity) string {
	var out strings.Builder
	style, at, atLineStart := "", 0, true
	for _, r := range text + "\x00" { // the end closes what is open
		inside := func(e emulator.Entity) bool { return e.Offset <= at && at < e.Offset+e.Length }
		var codes []string
		quoted := false
		for _, e := range entities {
			if e.Type == "text_link" && at == e.Offset+e.Length {
				t.link(&out, text, e)
			}
			if !inside(e) {
				continue
			}
			quoted = quoted || strings.HasSuffix(e.Type, "blockquote")
			if code := ansiCodes[e.Type]; code != "" && t.ansi {
				codes = append(codes, code)
			}
		}
		slices.Sort(codes)
		if now := strings.Join(slices.Compact(codes), ";"); now != style {
			out.WriteString("\x1b[0m")
			if now != "" {
				out.WriteString("\x1b[" + now + "m")
			}
			style = now
		}
		if r == 0 {
			break
		}
		if atLineStart && quoted {
			out.WriteString("│ ")
		}
		out.WriteRune(r)
		atLineStart = r == '\n'
		at += emulator.UTF16Len(string(r))
	}
	return out.String()
}

// link writes the address of a link, where its text is not the address already.
func (t transcript) link(out *strings.Builder, text string, e emulator.Entity) {
	if !strings.HasSuffix(strings.TrimSuffix(out.String(), "\x1b[0m"), e.URL) && !strings.Contains(text, e.URL) {
		out.WriteString(" <" + e.URL + ">")
	}
}
