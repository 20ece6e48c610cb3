package emulator

import (
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"
)

// method is one method of the Bot API: what it takes, and what it does.
type method struct {
	fields map[string]field
	check  func(*request) *Error // what no field can be judged by alone

	// run does it under the Server's mutex, which it may let go of for a while, and returns the result: a value to be
	// written as JSON, or a json.RawMessage that is written as it is.
	run func(*Server, *request) (any, *Error)

	quiet  bool // not written into the journal
	counts bool // a message, by Limits
}

// field is one parameter of a method.
type field struct {
	required string                        // the refusal where it is missing; "" if it may be
	check    func(*request, string) *Error // judges a value; may keep what it read in the request
}

// methods is every method there is. A new one is a new entry.
var methods = map[string]method{
	"getMe": {
		run:   func(s *Server, _ *request) (any, *Error) { return s.self, nil },
		quiet: true,
	},
	"getUpdates": {
		fields: map[string]field{
			"offset":          {check: isInteger},
			"limit":           {check: isInteger},
			"timeout":         {check: isInteger},
			"allowed_updates": {check: isUpdateKinds},
		},
		run:   (*Server).getUpdates,
		quiet: true,
	},
	"sendMessage": {
		fields: map[string]field{
			"chat_id":                     {required: "chat_id is empty", check: isChat},
			"message_thread_id":           {check: isInteger},
			"text":                        {required: "message text is empty"},
			"parse_mode":                  {check: isParseMode},
			"entities":                    {check: isNoEntities},
			"link_preview_options":        {check: isLinkPreview},
			"disable_web_page_preview":    {check: isBoolean},
			"disable_notification":        {check: isBoolean},
			"protect_content":             {check: isBoolean},
			"reply_parameters":            {check: readReply},
			"reply_to_message_id":         {check: isInteger},
			"allow_sending_without_reply": {check: isBoolean},
			"reply_markup":                {check: readAnyMarkup},
		},
		check:  checkSend,
		run:    (*Server).sendMessage,
		counts: true,
	},
	"editMessageText": {
		fields: map[string]field{
			"chat_id":                  {check: isChat},
			"message_id":               {check: isInteger},
			"inline_message_id":        {},
			"text":                     {required: "message text is empty"},
			"parse_mode":               {check: isParseMode},
			"entities":                 {check: isNoEntities},
			"link_preview_options":     {check: isLinkPreview},
			"disable_web_page_preview": {check: isBoolean},
			"reply_markup":             {check: readInlineMarkup},
		},
		check:  checkEdit,
		run:    (*Server).editMessageText,
		counts: true,
	},
	"answerCallbackQuery": {
		fields: map[string]field{
			"callback_query_id": {required: staleQuery},
			"text":              {check: isToast},
			"show_alert":        {check: isBoolean},
			"url":               {check: isAnswerURL},
			"cache_time":        {check: isInteger},
		},
		run: (*Server).answerCallbackQuery,
	},
}

// Validate judges a call by itself, before any chat is looked at: that the method exists and has these parameters, that
// each is well-formed, and that the text, its markup and the keyboard are within their limits. The error is an *Error.
func Validate(method string, params map[string]string) error {
	if err := check(method, &request{params: params}); err != nil {
		return err
	}
	return nil
}

// check is Validate, and leaves in r what it read. The first fault by the order of the names is reported.
func check(name string, r *request) *Error {
	m, ok := methods[name]
	if !ok {
		return &Error{Code: 404, Description: "Not Found"}
	}
	for _, param := range slices.Sorted(maps.Keys(r.params)) {
		if _, ok := m.fields[param]; !ok {
			return bad(fmt.Sprintf("%s has no parameter %q", name, param))
		}
		if !utf8.ValidString(r.params[param]) {
			return bad("strings must be encoded in UTF-8")
		}
	}
	for _, param := range slices.Sorted(maps.Keys(m.fields)) {
		value, f := r.params[param], m.fields[param]
		if value == "" && f.required != "" {
			return bad(f.required)
		}
		if value != "" && f.check != nil {
			if err := f.check(r, value); err != nil {
				return err
			}
		}
	}
	if m.check == nil {
		return nil
	}
	return m.check(r)
}
