package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// hopeless is how long a call may fail at Telegram's side, every time, before
// it is given up where other messages go through.
const hopeless = 15 * time.Minute

// Call makes a call until it went through, was refused for good, or ctx is
// done. The error of a refusal is a [*tgbotapi.Error], see [Refused]. Messages
// wait for their turn under the limit of all chats.
//
// A call that may have gone through is made again: an answer twice is better
// than none; one that is needless is done. A call is given up only if it keeps
// failing while others go through: it would be in the way of its chat for ever.
func (c *Client) Call(ctx context.Context, method string, params tgbotapi.Params) (json.RawMessage, error) {
	var pause backoff
	var failed time.Time // for the first time
	for {
		if isMessage(method) {
			if err := c.pace.Wait(ctx); err != nil {
				return nil, err
			}
		}
		result, err := c.once(ctx, method, params, callTimeout)
		now := time.Now()
		switch chat := migratedTo(err); {
		case err == nil || needless(err):
			if isMessage(method) {
				c.sent.Store(now.UnixNano())
			}
			return result, nil
		case chat != "" && params["chat_id"] != chat:
			params = maps.Clone(params)
			params["chat_id"] = chat
			continue
		case !failing(err):
			failed = time.Time{}
		case failed.IsZero():
			failed = now
		}
		othersGoThrough := now.UnixNano()-c.sent.Load() < int64(time.Minute)
		lost := !failed.IsZero() && now.Sub(failed) > hopeless && othersGoThrough
		if Refused(err) || lost || !sleep(ctx, pause.after(err)) {
			return nil, err
		}
	}
}

// isMessage reports whether a call counts as a message under Telegram's limits.
func isMessage(method string) bool {
	return method == "sendMessage" || method == "editMessageText"
}

// Me asks Telegram who the bot is.
func (c *Client) Me(ctx context.Context) (tgbotapi.User, error) {
	var me tgbotapi.User
	result, err := c.Call(ctx, "getMe", nil)
	if err == nil {
		err = json.Unmarshal(result, &me)
	}
	return me, err
}

// Refused reports whether Telegram refused a call for good, so that making it
// again would only be refused again.
func Refused(err error) bool {
	code := refusal(err).Code
	return 400 <= code && code < 500 && code != http.StatusTooManyRequests
}

// DeadToken reports whether there is no such bot: 401 where the token is not
// valid (any more), 404 where it never can be, or where the server is none of
// the Bot API.
func DeadToken(err error) bool {
	code := refusal(err).Code
	return code == http.StatusUnauthorized || code == http.StatusNotFound
}

// refusal returns what Telegram said; a zero Code where it did not.
func refusal(err error) tgbotapi.Error {
	if e, ok := errors.AsType[*tgbotapi.Error](err); ok {
		return *e
	}
	return tgbotapi.Error{}
}

// failing reports whether err says that Telegram is not there or not well.
func failing(err error) bool {
	code := refusal(err).Code
	return err != nil && (code == 0 || code >= 500)
}

// outcome names how a call went, for metrics.
func outcome(err error) string {
	if e, ok := errors.AsType[*badAnswer](err); ok {
		return strconv.Itoa(e.status)
	}
	switch code := refusal(err).Code; {
	case err == nil || needless(err):
		return "ok"
	case code != 0:
		return strconv.Itoa(code)
	}
	return "network"
}

// needless recognizes the refusal of a call whose aim is reached already: an
// edit that changes nothing, a second answer to a pressed button. They have no
// code of their own.
func needless(err error) bool {
	message := refusal(err).Message
	return strings.Contains(message, "message is not modified") || strings.Contains(message, "query is too old")
}

// migratedTo returns the supergroup that a group has become, or "".
func migratedTo(err error) string {
	if id := refusal(err).MigrateToChatID; id != 0 {
		return strconv.FormatInt(id, 10)
	}
	return ""
}

// backoff is a pause that doubles from half a second to eight, with jitter, so
// that many calls do not come back at the same moment.
type backoff time.Duration

// after returns how long to wait after err: what Telegram asks for, or else
// the next pause.
func (b *backoff) after(err error) time.Duration {
	if seconds := refusal(err).RetryAfter; seconds > 0 {
		return time.Duration(min(seconds, 24*60*60)) * time.Second
	}
	*b = min(max(2**b, backoff(500*time.Millisecond)), backoff(8*time.Second))
	return time.Duration(*b)/2 + rand.N(time.Duration(*b)/2)
}

// sleep waits for d and reports whether it did so to the end.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
