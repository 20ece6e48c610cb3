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
		if now := t.style(entities, at); now != style {
			if style != "" {
				out.WriteString("\x1b[0m")
			}
			if now != "" {
				out.WriteString("\x1b[" + now + "m")
			}
			style = now
		}
		for _, e := range entities {
			if e.Type == "text_link" && at == e.Offset+e.Length && !strings.Contains(text, e.URL) {
				out.WriteString(" <" + e.URL + ">")
			}
		}
		if r == 0 {
			break
		}
		if atLineStart && quoted(entities, at) {
			out.WriteString("│ ")
		}
		out.WriteRune(r)
		atLineStart = r == '\n'
		at += emulator.UTF16Len(string(r))
	}
	return out.String()
}

// style returns the ANSI codes of what stands at an offset, none in a pipe.
func (t transcript) style(entities []emulator.Entity, at int) string {
	var codes []string
	for _, e := range entities {
		if code := ansiCodes[e.Type]; code != "" && inside(e, at) && t.ansi {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	return strings.Join(slices.Compact(codes), ";")
}

func quoted(entities []emulator.Entity, at int) bool {
	return slices.ContainsFunc(entities, func(e emulator.Entity) bool {
		return strings.HasSuffix(e.Type, "blockquote") && inside(e, at)
	})
}

func inside(e emulator.Entity, at int) bool { return e.Offset <= at && at < e.Offset+e.Length }
