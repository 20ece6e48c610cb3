package emulator

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// The limits of a message's text.
const (
	maxText     = 4096    // UTF-16 units, after the markup was read
	maxMarkup   = 1 << 15 // bytes, before
	maxEntities = 100     // the server drops the rest without a word
	maxToast    = 200     // UTF-16 units
)

func isInteger(_ *request, value string) *Error {
	if _, err := strconv.Atoi(value); err != nil {
		return bad(fmt.Sprintf("integer expected, found %q", value))
	}
	return nil
}

func isBoolean(_ *request, value string) *Error {
	if value != "true" && value != "false" {
		return bad(fmt.Sprintf("boolean expected, found %q", value))
	}
	return nil
}

// isChat lets pass an id and the @name of a public chat.
func isChat(r *request, value string) *Error {
	if len(value) > 1 && value[0] == '@' {
		return nil
	}
	return isInteger(r, value)
}

func isUpdateKinds(_ *request, value string) *Error {
	var kinds []string
	if json.Unmarshal([]byte(value), &kinds) != nil {
		return bad("can't parse allowed updates")
	}
	return nil
}

func isParseMode(_ *request, value string) *Error {
	if !strings.EqualFold(value, "HTML") {
		return bad("unsupported parse_mode")
	}
	return nil
}

// isNoEntities lets pass what libraries send for no entities. Others than those of the markup are not emulated.
func isNoEntities(_ *request, value string) *Error {
	if value != "null" && value != "[]" {
		return bad("entities are not read here, only parse_mode HTML")
	}
	return nil
}

func isLinkPreview(_ *request, value string) *Error {
	o, err := readObject(value, "link preview options", map[string]string{
		"is_disabled":        "Boolean",
		"url":                "String",
		"prefer_small_media": "Boolean",
		"prefer_large_media": "Boolean",
		"show_above_text":    "Boolean",
	})
	if err != nil || o["url"] == nil {
		return err
	}
	if _, wrong := checkLink(o.string("url")); wrong != nil {
		return bad(fmt.Sprintf("URL '%s' is invalid: %v", o.string("url"), wrong))
	}
	return nil
}

func isToast(_ *request, value string) *Error {
	if UTF16Len(value) > maxToast {
		return bad("MESSAGE_TOO_LONG")
	}
	return nil
}

// isAnswerURL lets pass the links that a query may be answered with by a bot without games.
func isAnswerURL(_ *request, value string) *Error {
	if !strings.HasPrefix(value, "https://t.me/") && !strings.HasPrefix(value, "tg://") {
		return bad("URL_INVALID")
	}
	return nil
}

// readText reads the text and its markup.
func readText(r *request) *Error {
	text := r.params["text"]
	if len(text) > maxMarkup {
		return bad("text is too long")
	}
	var entities []Entity
	if r.params["parse_mode"] != "" {
		var err error
		if text, entities, err = ParseHTML(text); err != nil {
			return bad(err.Error())
		}
	}
	r.text, r.entities = normalize(text, entities)
	switch {
	case r.text == "":
		return bad("text must be non-empty")
	case UTF16Len(r.text) > maxText:
		return bad("message is too long")
	case len(r.entities) > maxEntities:
		return bad(fmt.Sprintf("%d entities, only the first %d would be kept", len(r.entities), maxEntities))
	}
	return nil
}

func checkSend(r *request) *Error {
	if r.params["reply_to_message_id"] != "" {
		if r.params["reply_parameters"] != "" {
			return bad("both reply_parameters and reply_to_message_id are given")
		}
		r.reply = replyTo{ID: r.int("reply_to_message_id"), Optional: r.params["allow_sending_without_reply"] == "true"}
	}
	return readText(r)
}

func checkEdit(r *request) *Error {
	switch {
	case r.params["inline_message_id"] != "":
		if r.params["chat_id"] != "" || r.params["message_id"] != "" {
			return bad("both inline_message_id and chat_id or message_id are given")
		}
	case r.params["chat_id"] == "":
		return bad("chat_id is empty")
	case r.params["message_id"] == "":
		return bad("message identifier is not specified")
	}
	return readText(r)
}
