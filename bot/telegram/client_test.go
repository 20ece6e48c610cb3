package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

const token = "123:SECRET"

// testLog writes the log to the test's output and keeps it.
func testLog(t *testing.T) (*slog.Logger, *strings.Builder) {
	var kept strings.Builder
	w := io.MultiWriter(t.Output(), &kept)
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug})), &kept
}

// roundTrip is a transport made of a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func response(status int, body io.Reader) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Location": {"https://elsewhere.example/"}}, Body: io.NopCloser(body)}
}

// cutOff is a body that ends in the middle.
type cutOff struct{ io.Reader }

func (c cutOff) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// faults is what can come instead of an answer.
func faults() map[string]roundTrip {
	answer := func(status int, body string) roundTrip {
		return func(*http.Request) (*http.Response, error) { return response(status, strings.NewReader(body)), nil }
	}
	return map[string]roundTrip{
		"refused": func(*http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
		},
		"reset": func(*http.Request) (*http.Response, error) { return nil, errors.New("connection reset by peer") },
		"hang": func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		},
		"cut off": func(*http.Request) (*http.Response, error) {
			return response(200, cutOff{strings.NewReader(`{"ok":true,"res`)}), nil
		},
		"empty":       answer(200, ""),
		"not JSON":    answer(200, "<html>"),
		"no answer":   answer(200, "{}"),
		"null":        answer(200, "null"),
		"500":         answer(500, ""),
		"502":         answer(502, "<html><body>Bad Gateway"),
		"500 as JSON": answer(500, `{"ok":false,"error_code":500,"description":"Internal Server Error"}`),
		"nonsense":    answer(200, `{"ok":true,"result":"nonsense"}`),
		"502 and ok":  answer(502, `{"ok":true,"result":true}`),
		"redirect":    answer(302, ""),
		"429":         answer(429, `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 3","parameters":{"retry_after":3}}`),
	}
}

// A call survives any fault, and the token shows in no error and no log line.
func TestACallIsMadeUntilItGoesThrough(t *testing.T) {
	for name, fault := range faults() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log, logged := testLog(t)
				calls := 0
				transport := roundTrip(func(r *http.Request) (*http.Response, error) {
					if calls++; calls <= 3 {
						return fault(r)
					}
					return response(200, strings.NewReader(`{"ok":true,"result":{"id":42}}`)), nil
				})
				c := NewClient(token, DefaultURL, log, Options{Transport: transport})
				if _, err := c.once(t.Context(), "getMe", nil, callTimeout); err == nil || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), "SECRET") {
					t.Errorf("the error of one call: %#v", err)
				}
				result, err := c.Call(t.Context(), "getMe", nil)
				if err != nil || string(result) != `{"id":42}` || calls != 4 {
					t.Errorf("result %s, %v after %d calls", result, err, calls)
				}
				if strings.Contains(logged.String(), "SECRET") {
					t.Errorf("the token is in the log: %s", logged)
				}
			})
		})
	}
}

func TestAPauseIsAsLongAsTelegramAsks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, _ := testLog(t)
		calls := 0
		c := NewClient(token, DefaultURL, log, Options{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			if calls++; calls == 1 {
				return response(429, strings.NewReader(`{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 41","parameters":{"retry_after":41}}`)), nil
			}
			return response(200, strings.NewReader(`{"ok":true,"result":true}`)), nil
		})})
		start := time.Now()
		if _, err := c.Call(t.Context(), "sendMessage", nil); err != nil || time.Since(start) != 41*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

// Pauses grow to eight seconds and no further: an hour without Telegram costs
// some hundred calls and one line of the log, and its end another.
func TestAnHourWithoutTelegramIsOneEpisode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, logged := testLog(t)
		start, calls := time.Now(), 0
		c := NewClient(token, DefaultURL, log, Options{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			calls++
			if time.Since(start) < time.Hour {
				return nil, errors.New("no route to host")
			}
			return response(200, strings.NewReader(`{"ok":true,"result":true}`)), nil
		})})
		if _, err := c.Call(t.Context(), "sendMessage", nil); err != nil {
			t.Fatal(err)
		}
		if late := time.Since(start) - time.Hour; late > 8*time.Second {
			t.Errorf("the call went through %v after Telegram was back", late)
		}
		if lines := strings.Count(logged.String(), "\n"); lines != 2 || calls > 900 {
			t.Errorf("%d lines for %d calls:\n%s", lines, calls, logged)
		}
	})
}

// A call that alone keeps failing, while others go through, is given up: it
// would be in the way of what comes after it for ever. In an outage none is.
func TestOnlyAHopelessCallIsGivenUp(t *testing.T) {
	for name, others := range map[string]bool{"others go through": true, "an outage": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log, _ := testLog(t)
				c := NewClient(token, DefaultURL, log, Options{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
					if r.FormValue("chat_id") == "1" || !others {
						return response(500, strings.NewReader("")), nil
					}
					return response(200, strings.NewReader(`{"ok":true,"result":true}`)), nil
				})})
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				start := time.Now()
				go func() {
					for sleep(ctx, time.Second) {
						_, _ = c.Call(ctx, "sendMessage", nil)
					}
				}()
				_, err := c.Call(ctx, "sendMessage", tgbotapi.Params{"chat_id": "1"})
				if took := time.Since(start); err == nil || others != (hopeless <= took && took < hopeless+time.Minute) {
					t.Errorf("%v after %v", err, took)
				}
			})
		})
	}
}

// A partial outage, in which every third call fails, is no storm in the log.
func TestTroubleThatComesAndGoesIsToldOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, logged := testLog(t)
		calls := 0
		c := NewClient(token, DefaultURL, log, Options{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			if calls++; calls%3 == 0 {
				return response(502, strings.NewReader("<html>")), nil
			}
			return response(200, strings.NewReader(`{"ok":true,"result":true}`)), nil
		})})
		for range 600 {
			if _, err := c.Call(t.Context(), "sendMessage", nil); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		if lines := strings.Count(logged.String(), "\n"); lines > 24 {
			t.Errorf("%d lines in ten minutes", lines)
		}
	})
}

func TestRefusalsAreFinal(t *testing.T) {
	for _, code := range []int{400, 401, 403, 404, 409} {
		log, _ := testLog(t)
		calls := 0
		c := NewClient(token, DefaultURL, log, Options{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			calls++
			return response(code, strings.NewReader(fmt.Sprintf(`{"ok":false,"error_code":%d,"description":"No: ever"}`, code))), nil
		})})
		_, err := c.Call(t.Context(), "sendMessage", nil)
		if !Refused(err) || calls != 1 || DeadToken(err) != (code == 401 || code == 404) {
			t.Errorf("%d: %v after %d calls", code, err, calls)
		}
	}
}

func TestAnEditThatChangesNothingIsDone(t *testing.T) {
	log, _ := testLog(t)
	c := NewClient(token, DefaultURL, log, Options{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		return response(400, strings.NewReader(`{"ok":false,"error_code":400,"description":"Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"}`)), nil
	})})
	if _, err := c.Call(t.Context(), "editMessageText", nil); err != nil {
		t.Error(err)
	}
}

func TestAGroupThatMigratedGetsItsAnswerInItsNewPlace(t *testing.T) {
	log, _ := testLog(t)
	var chats []string
	c := NewClient(token, DefaultURL, log, Options{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		chats = append(chats, r.FormValue("chat_id"))
		if len(chats) == 1 {
			return response(400, strings.NewReader(`{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1001}}`)), nil
		}
		return response(200, strings.NewReader(`{"ok":true,"result":true}`)), nil
	})})
	params := tgbotapi.Params{"chat_id": "-1"}
	if _, err := c.Call(t.Context(), "sendMessage", params); err != nil || fmt.Sprint(chats) != "[-1 -1001]" || params["chat_id"] != "-1" {
		t.Errorf("%v, sent to %v, params %v", err, chats, params)
	}
}

// As many connections are opened as there are sends under way at most, and used
// again; with net/http's default of two idle ones it would be ten times as many.
func TestConnectionsAreUsedAgain(t *testing.T) {
	const atOnce, rounds = 20, 10
	var opened atomic.Int64
	arrived := make(chan struct{}, atOnce)
	release := make(chan struct{}, atOnce)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-release
		fmt.Fprint(w, `{"ok":true,"result":true}`+strings.Repeat(" ", 5000))
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	log, _ := testLog(t)
	c := NewClient(token, server.URL, log, Options{})
	for range rounds {
		var senders sync.WaitGroup
		for range atOnce {
			senders.Go(func() {
				if _, err := c.Call(t.Context(), "sendMessage", nil); err != nil {
					t.Error(err)
				}
			})
		}
		for range atOnce { // all are under way at once
			<-arrived
		}
		for range atOnce {
			release <- struct{}{}
		}
		senders.Wait()
	}
	if opened.Load() > atOnce {
		t.Errorf("%d sends, %d at once, opened %d connections", atOnce*rounds, atOnce, opened.Load())
	}
}

// What a fault or a debugger may print of a client does not hold the token.
func TestAClientDoesNotPrintItsToken(t *testing.T) {
	log, _ := testLog(t)
	c := NewClient(token, DefaultURL, log, Options{})
	if printed := fmt.Sprintf("%v %+v %#v %s %q %x %+v", c, c, c, c, c, c, &Poller{Client: c}); strings.Contains(printed, "SECRET") {
		t.Error(printed)
	}
}

func TestACallEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, _ := testLog(t)
		c := NewClient(token, DefaultURL, log, Options{Transport: faults()["hang"]})
		ctx, cancel := context.WithTimeout(t.Context(), 70*time.Second)
		defer cancel()
		start := time.Now()
		_, err := c.Call(ctx, "sendMessage", nil)
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 70*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}
