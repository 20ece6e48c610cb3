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

// badAnswers is how often in a row a call is answered with a server's error
// before it is given up: some ten minutes. While there is no answer at all, a
// call is tried for as long as its context lives.
const badAnswers = 25

// Call makes a call until it went through, was refused for good, or ctx is
// done. The error of a refusal is a [*tgbotapi.Error], see [Refused].
//
// A call that may have gone through is made again: an answer twice is better
// than none. An edit that changes nothing has done what it should.
func (c *Client) Call(ctx context.Context, method string, params tgbotapi.Params) (json.RawMessage, error) {
	var pause backoff
	for bad := 0; ; {
		result, err := c.once(ctx, method, params, callTimeout)
		c.episode.note(ctx, err)
		if err == nil || unchanged(err) {
			return result, nil
		}
		if chat := migratedTo(err); chat != "" && params["chat_id"] != chat {
			params = maps.Clone(params)
			params["chat_id"] = chat
			continue
		}
		if _, ok := errors.AsType[*badAnswer](err); ok || serverError(err) {
			bad++
		}
		if Refused(err) || bad >= badAnswers || !sleep(ctx, pause.after(err)) {
			return nil, err
		}
	}
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

// DeadToken reports whether Telegram does not know the token (any more): 401,
// or 404 where the token is not even of the right length.
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

func serverError(err error) bool { return refusal(err).Code >= 500 }

// unchanged recognizes the refusal of an edit that changes nothing. It has no
// code of its own.
func unchanged(err error) bool {
	return strings.Contains(refusal(err).Message, "message is not modified")
}

// migratedTo returns the supergroup that a group has become, or "".
func migratedTo(err error) string {
	if id := refusal(err).MigrateToChatID; id != 0 {
		return strconv.FormatInt(id, 10)
	}
	return ""
}

// backoff is a pause that doubles from half a second to half a minute, with
// jitter, so that many calls do not come back at the same moment.
type backoff time.Duration

// after returns how long to wait after err: what Telegram asks for, or else
// the next pause.
func (b *backoff) after(err error) time.Duration {
	if seconds := refusal(err).RetryAfter; seconds > 0 {
		return time.Duration(seconds) * time.Second
	}
	*b = min(max(2**b, backoff(500*time.Millisecond)), backoff(30*time.Second))
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
