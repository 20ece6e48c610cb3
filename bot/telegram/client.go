package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
	"golang.org/x/time/rate"
)

// DefaultURL is Telegram's own Bot API server.
const DefaultURL = "https://api.telegram.org"

const (
	callTimeout = 20 * time.Second
	maxAnswer   = 64 << 20   // bytes; a hundred updates of the longest texts are far below
	connections = maxUpdates // kept for reuse, as many as there may be answers under way
)

var tokenRule = regexp.MustCompile(`^\d+:[A-Za-z0-9_-]+$`)

// ValidToken reports whether s has the form of a bot's token, 123456:ABC-def.
func ValidToken(s string) bool { return tokenRule.MatchString(s) }

// Client calls the Bot API in the name of one bot. It is safe for use by
// several goroutines at once.
type Client struct {
	api      *tgbotapi.BotAPI // behind a pointer, so that %+v of a Client does not print the token
	http     *http.Client
	limits   Limits
	pace     *rate.Limiter
	observer Observer
	log      *slog.Logger
	outage   episode        // Telegram cannot be reached
	slowdown rate.Sometimes // a line of the log when Telegram asks to wait
	answers  atomic.Int64   // calls that went through, without polls
}

// Options is what a Client can do without.
type Options struct {
	Transport http.RoundTripper // NewTransport() where it is nil
	Limits    Limits
	Observer  Observer
}

// NewTransport returns the transport of a real connection: it keeps as many
// idle connections as there may be sends under way, where the default keeps two.
func NewTransport() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns, t.MaxIdleConnsPerHost = connections, connections
	t.HTTP2 = &http.HTTP2Config{SendPingTimeout: 10 * time.Second, PingTimeout: 5 * time.Second} // finds a dead line
	return t
}

// quietLibrary takes away the library's logger, which prints errors with the
// token in them.
var quietLibrary = sync.OnceFunc(func() { _ = tgbotapi.SetLogger(log.New(io.Discard, "", 0)) })

// NewClient returns a client that calls <apiURL>/bot<token>/<method>. It makes
// no call yet. The token has to be a ValidToken, the URL a valid one.
func NewClient(token, apiURL string, log *slog.Logger, options Options) *Client {
	quietLibrary()
	c := &Client{
		api: &tgbotapi.BotAPI{Token: token},
		http: &http.Client{
			Transport: options.Transport,
			// A redirect would carry the token to wherever it points.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		limits:   options.Limits,
		pace:     options.Limits.limiter(),
		observer: options.Observer,
		log:      log,
		outage:   episode{log: log, began: "Telegram cannot be reached, trying until it can", ended: "Telegram answers again"},
		slowdown: rate.Sometimes{First: 1, Interval: time.Minute},
	}
	if c.http.Transport == nil {
		c.http.Transport = NewTransport()
	}
	if c.observer == nil {
		c.observer = nobody{}
	}
	// The library fills in token and method with Sprintf.
	c.api.SetAPIEndpoint(strings.ReplaceAll(strings.TrimSuffix(apiURL, "/"), "%", "%%") + "/bot%s/%s")
	return c
}

// once makes one call and returns its result. The error is a [*tgbotapi.Error]
// where Telegram refused, else of the network or a *badAnswer; none holds the
// token.
func (c *Client) once(ctx context.Context, method string, params tgbotapi.Params, timeout time.Duration) (json.RawMessage, error) {
	attempt, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	start := time.Now()
	result, err := c.exchange(attempt, method, params)
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err() // broken off from here: it says nothing of Telegram
	}
	c.observer.Called(method, outcome(err), time.Since(start))
	c.note(err)
	return result, err
}

// note keeps the log's account of how Telegram is. A refusal is an answer too.
func (c *Client) note(err error) {
	if failing(err) {
		c.outage.note(err)
		return
	}
	c.outage.note(nil)
	if refusal(err).Code == http.StatusTooManyRequests {
		c.slowdown.Do(func() { c.log.Warn("Telegram asks to wait, some answers come later", "error", err) })
	}
}

func (c *Client) exchange(ctx context.Context, method string, params tgbotapi.Params) (json.RawMessage, error) {
	exchange := &exchange{ctx: ctx, http: c.http}
	api := *c.api // a copy, so that this call has its own context
	api.Client = exchange
	answer, err := api.MakeRequest(method, params)
	if err == nil && exchange.status == http.StatusOK {
		return answer.Result, nil
	}
	if refusal, ok := errors.AsType[*tgbotapi.Error](err); ok && refusal.Code != 0 {
		return nil, refusal
	}
	if exchange.status != 0 {
		return nil, &badAnswer{exchange.status}
	}
	return nil, withoutURL(err)
}

// exchange is the library's HTTP client for one call: it binds the call to a
// context, reads the answer to its end so that the connection can be used
// again, and keeps the status, which the library does not look at.
type exchange struct {
	ctx    context.Context
	http   *http.Client
	status int
}

func (e *exchange) Do(req *http.Request) (*http.Response, error) {
	resp, err := e.http.Do(req.WithContext(e.ctx))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, err // the answer was cut off: no status, as if there was none
	}
	e.status = resp.StatusCode
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// withoutURL returns what is inside an error of net/http, whose own text has
// the URL in it and so the token.
func withoutURL(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// badAnswer is an answer that is not one of the Bot API.
type badAnswer struct{ status int }

func (e *badAnswer) Error() string {
	return fmt.Sprintf("an answer that is not the Bot API's, with HTTP status %d", e.status)
}
