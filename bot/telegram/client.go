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
	api      *tgbotapi.BotAPI
	http     http.RoundTripper // no http.Client: it would follow redirects, and carry the token there
	limits   Limits
	pace     *rate.Limiter
	observer Observer
	log      *slog.Logger
	outage   episode        // Telegram cannot be reached
	slowdown rate.Sometimes // a line of the log when Telegram asks to wait
	sent     atomic.Int64   // when a message last went through, in Unix nanoseconds
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
	t.MaxIdleConns, t.MaxIdleConnsPerHost = connections+1, connections+1 // and the poll's
	// A dead line is found by pings, not only by the deadline of a call.
	t.HTTP2 = &http.HTTP2Config{SendPingTimeout: 10 * time.Second, PingTimeout: 5 * time.Second}
	// A call is written, and its answer read, in one go and not in pieces of 4 kB.
	t.WriteBufferSize, t.ReadBufferSize = 32<<10, 16<<10
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
		api:      &tgbotapi.BotAPI{Token: token},
		http:     options.Transport,
		limits:   options.Limits,
		pace:     options.Limits.limiter(),
		observer: options.Observer,
		log:      log,
		outage:   episode{log: log, began: "Telegram cannot be reached or fails, trying until it answers", ended: "Telegram answers again"},
		slowdown: rate.Sometimes{First: 1, Interval: time.Minute},
	}
	if c.http == nil {
		c.http = NewTransport()
	}
	if c.observer == nil {
		c.observer = nobody{}
	}
	// The library fills in token and method with Sprintf.
	c.api.SetAPIEndpoint(strings.ReplaceAll(strings.TrimSuffix(apiURL, "/"), "%", "%%") + "/bot%s/%s")
	return c
}

// Format keeps the token out of whatever is printed of a client.
func (c *Client) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "telegram.Client") }

// once makes one call and returns its result. The error is a [*tgbotapi.Error]
// where Telegram refused, else of the network or a *badAnswer; none holds the
// token.
func (c *Client) once(ctx context.Context, method string, params tgbotapi.Params, timeout time.Duration) (json.RawMessage, error) {
	attempt, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	start := time.Now()
	exchange := &exchange{ctx: attempt, http: c.http, method: method}
	result, err := c.exchange(exchange, method, params)
	if err != nil && ctx.Err() != nil { // it says nothing of Telegram
		return nil, &brokenOff{ctx.Err(), exchange.sent.Load()}
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

func (c *Client) exchange(e *exchange, method string, params tgbotapi.Params) (json.RawMessage, error) {
	api := *c.api // a copy, so that this call has its own context
	api.Client = e
	answer, err := api.MakeRequest(method, params)
	if err == nil && e.status == http.StatusOK && plausible(method, answer.Result) {
		return answer.Result, nil
	}
	if refusal, ok := errors.AsType[*tgbotapi.Error](err); ok && refusal.Code != 0 {
		return nil, refusal
	}
	if e.status != 0 {
		return nil, &badAnswer{e.status, e.body}
	}
	return nil, withoutURL(err)
}

// plausible reports whether a result is of the kind that the method has: what is
// anything else did not come from Telegram.
func plausible(method string, result json.RawMessage) bool {
	if method == "getUpdates" {
		return bytes.HasPrefix(result, []byte("["))
	}
	return bytes.HasPrefix(result, []byte("{")) || string(result) == "true"
}

// exchange is the library's HTTP client for one call: it binds the call to a
// context, reads the answer to its end so that the connection can be used
// again, and keeps the status, which the library does not look at.
type exchange struct {
	ctx    context.Context
	http   http.RoundTripper
	method string
	sent   atomic.Bool // all of the request was handed over
	status int
	body   []byte
}

func (e *exchange) Do(req *http.Request) (*http.Response, error) {
	req.Body = &noted{req.Body, &e.sent}
	resp, err := e.http.RoundTrip(req.WithContext(e.ctx))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var read bytes.Buffer
	read.Grow(int(min(max(resp.ContentLength, 0), 1<<20)) + bytes.MinRead)
	if _, err := read.ReadFrom(io.LimitReader(resp.Body, maxAnswer)); err != nil {
		return nil, err // the answer was cut off: no status, as if there was none
	}
	e.body, e.status = read.Bytes(), resp.StatusCode
	body := e.body
	if isMessage(e.method) && bytes.HasPrefix(body, sentMessage) && bytes.HasSuffix(body, []byte("}}")) {
		body = []byte(`{"ok":true,"result":{}}`) // nobody looks at the message that was sent
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// sentMessage is how the answer to a call begins that sent or edited a message.
var sentMessage = []byte(`{"ok":true,"result":{`)

// noted is a request's body that notes when it was read to its end.
type noted struct {
	io.ReadCloser
	read *atomic.Bool
}

func (n *noted) Read(p []byte) (int, error) {
	count, err := n.ReadCloser.Read(p)
	if err == io.EOF {
		n.read.Store(true)
	}
	return count, err
}

// brokenOff is the error of a call whose context ended.
type brokenOff struct {
	error
	sent bool // Telegram may have heard it
}

func (e *brokenOff) Unwrap() error { return e.error }

// withoutURL returns what is inside an error of net/http, whose own text has
// the URL in it and so the token.
func withoutURL(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// badAnswer is an answer that is not one of the Bot API.
type badAnswer struct {
	status int
	body   []byte
}

func (e *badAnswer) Error() string {
	return fmt.Sprintf("an answer that is not the Bot API's, with HTTP status %d", e.status)
}
