package emulator

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// Error is a refusal as the Bot API words it. Code is also the HTTP status. Parameters is nil where there are none.
type Error struct {
	Code        int         `json:"error_code"`
	Description string      `json:"description"`
	Parameters  *Parameters `json:"parameters,omitempty"`
}

// Parameters is what a program needs to know of a refusal, one of the two: the seconds to wait before the same call may
// pass, and the supergroup that has taken the group's place.
type Parameters struct {
	RetryAfter      int   `json:"retry_after,omitempty"`
	MigrateToChatID int64 `json:"migrate_to_chat_id,omitempty"`
}

func (e *Error) Error() string { return e.Description }

// The refusals that are made in several places.
var (
	unauthorized = &Error{Code: http.StatusUnauthorized, Description: "Unauthorized"}
	conflict     = &Error{Code: http.StatusConflict, Description: "Conflict: terminated by other getUpdates request; " +
		"make sure that only one bot instance is running"}
)

// bad is a 400. The Bot API server begins it with "Bad Request: ".
func bad(description string) *Error {
	return &Error{Code: http.StatusBadRequest, Description: "Bad Request: " + description}
}

// request is one call: what was sent, and what the checks read out of it for the method to use.
type request struct {
	ctx    context.Context
	params map[string]string

	text     string // without markup, as it is going to stand
	entities []Entity
	markup   *Markup // an inline keyboard, if one was given
	reply    replyTo

	sent *Message // what the method sent or edited
}

// int is a parameter that was checked to be an integer, and 0 where it is not given.
func (r *request) int(name string) int {
	n, _ := strconv.Atoi(r.params[name])
	return n
}

// readParams reads the parameters of a call from its URL and its body, a form or a JSON object. Whoever uses them
// takes an empty value for none, as the real server does.
func readParams(r *http.Request) (map[string]string, *Error) {
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		return nil, &Error{Code: http.StatusMethodNotAllowed, Description: "Method Not Allowed"}
	}
	params := map[string]string{}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		if err := readJSON(r, params); err != nil {
			return nil, err
		}
	}
	if err := r.ParseForm(); err != nil {
		return nil, bad("can't parse the form: " + err.Error())
	}
	for name, values := range r.Form {
		params[name] = values[0]
	}
	return params, nil
}

// readJSON reads a body: strings become parameters as they are, null an empty one, all else stays JSON.
func readJSON(r *http.Request, params map[string]string) *Error {
	var body map[string]json.RawMessage
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return bad("can't parse JSON object")
	}
	for name, raw := range body {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			text = string(raw)
		}
		params[name] = text
	}
	return nil
}
