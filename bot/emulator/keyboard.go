package emulator

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// The limits of keyboards.
const (
	maxButtons     = 100
	maxRow         = 8
	maxButtonText  = 64   // characters
	maxData        = 64   // bytes
	maxButtonURL   = 2048 // bytes
	maxPlaceholder = 64   // characters
)

// actions is what an inline button can do, each with the check of its value. A new action is a new line here, and a
// field of Button.
var actions = map[string]func(json.RawMessage) *Error{
	"callback_data": checkData,
	"url":           checkButtonURL,
}

// readAnyMarkup reads a keyboard of any kind. Only inline keyboards stay with their message.
func readAnyMarkup(r *request, value string) *Error {
	if !json.Valid([]byte(value)) {
		return bad("can't parse reply keyboard markup JSON object")
	}
	o, err := readObject(value, "reply markup", map[string]string{
		"inline_keyboard":         "Array",
		"keyboard":                "Array",
		"resize_keyboard":         "Boolean",
		"is_persistent":           "Boolean",
		"input_field_placeholder": "String",
		"one_time_keyboard":       "Boolean",
		"selective":               "Boolean",
		"remove_keyboard":         "Boolean",
	})
	switch {
	case err != nil:
		return err
	case o["inline_keyboard"] != nil && len(o) == 1:
		return readInlineKeyboard(r, o["inline_keyboard"])
	case o["keyboard"] != nil && o["inline_keyboard"] == nil && o["remove_keyboard"] == nil:
		return checkReplyKeyboard(o)
	case string(o["remove_keyboard"]) == "true" && len(o) <= 2 && (len(o) == 1 || o["selective"] != nil):
		return nil
	}
	return bad("reply markup: fields of exactly one kind of keyboard expected")
}

// readInlineMarkup reads a keyboard where only an inline one can be.
func readInlineMarkup(r *request, value string) *Error {
	if err := readAnyMarkup(r, value); err != nil {
		return err
	}
	if r.markup == nil {
		return bad("inline keyboard expected")
	}
	return nil
}

func readInlineKeyboard(r *request, raw json.RawMessage) *Error {
	rows, err := readRows(raw, `field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays`)
	if err != nil {
		return err
	}
	keyboard := make(Keyboard, len(rows))
	for i, row := range rows {
		if len(row) > maxRow {
			return bad(fmt.Sprintf("inline keyboard: %d buttons in a row, at most %d fit", len(row), maxRow))
		}
		for _, raw := range row {
			if err := checkButton(raw); err != nil {
				return err
			}
			var b Button
			if json.Unmarshal(raw, &b) != nil {
				return bad("can't parse inline keyboard button")
			}
			keyboard[i] = append(keyboard[i], b)
		}
	}
	r.markup = &Markup{InlineKeyboard: keyboard}
	return nil
}

// readRows reads the rows of a keyboard. No rows and rows without buttons are refused, stricter than the real server,
// which takes the first for no keyboard at all and drops the second.
func readRows(raw json.RawMessage, notRows string) ([][]json.RawMessage, *Error) {
	var rows [][]json.RawMessage
	if json.Unmarshal(raw, &rows) != nil {
		return nil, bad(notRows)
	}
	if len(rows) == 0 {
		return nil, bad("reply markup: the keyboard has no rows")
	}
	buttons := 0
	for _, row := range rows {
		if len(row) == 0 {
			return nil, bad("reply markup: a row has no buttons")
		}
		buttons += len(row)
	}
	if buttons > maxButtons {
		return nil, bad("REPLY_MARKUP_TOO_LONG")
	}
	return rows, nil
}

// checkButton judges an inline button: a text, and exactly one action.
func checkButton(raw json.RawMessage) *Error {
	const prefix = "can't parse inline keyboard button: "
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil || fields == nil {
		return bad(prefix + "InlineKeyboardButton must be an Object")
	}
	if err := checkButtonText(fields["text"], prefix, "inline keyboard button"); err != nil {
		return err
	}
	delete(fields, "text")
	for name := range fields {
		if actions[name] == nil {
			return bad(prefix + fmt.Sprintf("unknown field %q", name))
		}
	}
	switch len(fields) {
	case 0:
		return bad(prefix + "Text buttons are unallowed in the inline keyboard")
	case 1:
		for name, value := range fields {
			return actions[name](value)
		}
	}
	return bad(prefix + "exactly one action expected")
}

func checkButtonText(raw json.RawMessage, prefix, what string) *Error {
	var text string
	switch {
	case raw == nil:
		return bad(prefix + `Can't find field "text"`)
	case jsonType(raw) != "String" || json.Unmarshal(raw, &text) != nil:
		return bad(prefix + `Field "text" must be of type String`)
	}
	if text, _ = normalize(text, nil); text == "" {
		return bad(what + " text must be non-empty")
	}
	if n := utf8.RuneCountInString(text); n > maxButtonText {
		return bad(fmt.Sprintf("%s text of %d characters, at most %d are shown", what, n, maxButtonText))
	}
	return nil
}

func checkData(raw json.RawMessage) *Error {
	var data string
	if json.Unmarshal(raw, &data) != nil || data == "" || len(data) > maxData {
		return bad("BUTTON_DATA_INVALID")
	}
	return nil
}

// checkButtonURL lets pass http, https and tg links that are written out and encoded. Stricter than the real server,
// which completes and encodes some of the others.
func checkButtonURL(raw json.RawMessage) *Error {
	var url string
	if json.Unmarshal(raw, &url) != nil || url == "" || len(url) > maxButtonURL {
		return bad("BUTTON_URL_INVALID")
	}
	if _, err := checkLink(url); err != nil {
		return bad(fmt.Sprintf("inline keyboard button URL '%s' is invalid: %v", url, err))
	}
	scheme, _, found := strings.Cut(url, "://")
	if !found || scheme != "http" && scheme != "https" && scheme != "tg" {
		return bad("BUTTON_URL_INVALID")
	}
	for i := range len(url) {
		c := url[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0 || c == '%' && !isEscape(url[i:]) {
			return bad("BUTTON_URL_INVALID")
		}
	}
	return nil
}

// checkReplyKeyboard judges a keyboard that takes the place of the reader's own. Its buttons can only be texts.
func checkReplyKeyboard(o object) *Error {
	const prefix = "can't parse keyboard button: "
	if utf8.RuneCountInString(o.string("input_field_placeholder")) > maxPlaceholder {
		return bad(fmt.Sprintf("input field placeholder is longer than %d characters", maxPlaceholder))
	}
	rows, err := readRows(o["keyboard"], `field "keyboard" must be an Array of Arrays`)
	if err != nil {
		return err
	}
	for _, row := range rows {
		for _, raw := range row {
			fields := map[string]json.RawMessage{"text": raw}
			if jsonType(raw) == "Object" && json.Unmarshal(raw, &fields) != nil || len(fields) != 1 {
				return bad(prefix + "only a text expected")
			}
			if err := checkButtonText(fields["text"], prefix, "keyboard button"); err != nil {
				return err
			}
		}
	}
	return nil
}
