package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"articlebot/bot/emulator"
)

var self = emulator.User{ID: 123, IsBot: true, FirstName: "Bot", Username: "ThisBot"}

// bench is a poller and the emulator it polls.
type bench struct {
	*Poller
	server  *emulator.Server
	logged  *strings.Builder
	mu      sync.Mutex
	ran     []string // the texts of the messages answered, in order
	notices int
}

// newBench returns a poller whose job is to note a message's text, after do.
func newBench(t *testing.T, limits Limits, do func(ctx context.Context, text string) error) *bench {
	log, logged := testLog(t)
	b := &bench{server: emulator.New(token, self), logged: logged}
	b.Poller = &Poller{
		Client: NewClient(token, DefaultURL, log, Options{Transport: b.server, Limits: limits}),
		Kinds:  []string{"message"},
		Log:    log,
		Receive: func(raw json.RawMessage) (Job, error) {
			var u struct {
				Message struct {
					Date int64  `json:"date"`
					Text string `json:"text"`
					Chat struct {
						ID   int64  `json:"id"`
						Type string `json:"type"`
					} `json:"chat"`
				} `json:"message"`
			}
			if err := json.Unmarshal(raw, &u); err != nil {
				return Job{}, errors.New("poison")
			}
			if u.Message.Text == "panic at once" {
				panic("at once")
			}
			return Job{
				Chat:  u.Message.Chat.ID,
				Group: u.Message.Chat.Type != "private",
				Name:  "note",
				Date:  time.Unix(u.Message.Date, 0),
				Press: strings.HasPrefix(u.Message.Text, "press"),
				Run: func(ctx context.Context) error {
					if err := do(ctx, u.Message.Text); err != nil {
						return err
					}
					b.mu.Lock()
					defer b.mu.Unlock()
					b.ran = append(b.ran, u.Message.Text)
					return nil
				},
				Busy: func(context.Context) error {
					b.mu.Lock()
					defer b.mu.Unlock()
					b.notices++
					return nil
				},
			}, nil
		},
	}
	return b
}

func (b *bench) write(chat int64, text string) {
	b.server.Write(emulator.Message{Chat: emulator.Chat{ID: chat, Type: "private", FirstName: "R"}, From: &emulator.User{ID: chat, FirstName: "R"}, Text: text})
}

// start runs the poller until the test ends it.
func (b *bench) start(t *testing.T) (stop func() error) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	return func() error { cancel(); return <-ended }
}

func pending(t *testing.T, s *emulator.Server) bool {
	ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	return s.Settled(ctx) != nil
}

// What is not answered is not acknowledged, so it comes again after a crash.
func TestUpdatesAreAcknowledgedAfterTheyWereAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		b := newBench(t, Limits{}, func(context.Context, string) error { <-release; return nil })
		b.write(1, "a")
		stop := b.start(t)
		synctest.Wait()
		if !pending(t, b.server) {
			t.Error("acknowledged before it was answered")
		}
		close(release)
		synctest.Wait()
		if pending(t, b.server) {
			t.Error("answered and not acknowledged")
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

// One chat's messages are answered in order; another chat does not wait for it.
func TestChatsRunSideBySideAndEachInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Limits{}, func(_ context.Context, text string) error {
			if strings.HasPrefix(text, "slow") {
				time.Sleep(10 * time.Second)
			}
			return nil
		})
		for i := range 3 {
			b.write(1, fmt.Sprintf("slow %d", i))
			b.write(2, fmt.Sprintf("fast %d", i))
		}
		start := time.Now()
		stop := b.start(t)
		if err := b.server.Settled(t.Context()); err != nil {
			t.Fatal(err)
		}
		if want := []string{"fast 0", "fast 1", "fast 2", "slow 0", "slow 1", "slow 2"}; !slices.Equal(b.ran, want) || time.Since(start) != 30*time.Second {
			t.Errorf("%v after %v", b.ran, time.Since(start))
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

// Asked to stop, the poller ends its long poll at once, finishes what it holds,
// and acknowledges exactly that.
func TestAStopFinishesWhatIsAtHand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Limits{}, func(_ context.Context, text string) error {
			time.Sleep(2 * time.Second)
			return nil
		})
		stop := b.start(t)
		synctest.Wait() // in its long poll
		b.write(1, "a")
		synctest.Wait() // at work
		b.write(1, "too late")
		start := time.Now()
		if err := stop(); err != nil {
			t.Error(err)
		}
		if !slices.Equal(b.ran, []string{"a"}) || time.Since(start) != 2*time.Second {
			t.Errorf("%v after %v", b.ran, time.Since(start))
		}
		again := b.start(t)
		if err := b.server.Settled(t.Context()); err != nil {
			t.Fatal(err)
		}
		if want := []string{"a", "too late"}; !slices.Equal(b.ran, want) {
			t.Errorf("after the restart %v, want %v", b.ran, want)
		}
		start = time.Now()
		if err := again(); err != nil || time.Since(start) != 0 {
			t.Errorf("%v, the idle poll ended after %v", err, time.Since(start))
		}
	})
}

// A stop ends within ten seconds, whatever hangs. The answers given by then are
// acknowledged, those before which one is missing excepted.
func TestAStopDoesNotWaitForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Limits{}, func(ctx context.Context, text string) error {
			if text == "stuck" {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		})
		for i, text := range []string{"a", "stuck", "b"} {
			b.write(int64(i+1), text)
		}
		stop := b.start(t)
		synctest.Wait()
		start := time.Now()
		if err := stop(); err != nil || time.Since(start) > 10*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		slices.Sort(b.ran)
		if !slices.Equal(b.ran, []string{"a", "b"}) {
			t.Errorf("ran %v", b.ran)
		}
		rest, err := b.getUpdates(t.Context(), 0, maxUpdates)
		if err != nil || len(rest) != 2 || !strings.Contains(string(rest[0].raw), "stuck") {
			t.Errorf("%d updates come again, %v", len(rest), err)
		}
	})
}

// Poison and panics are passed over by their ids; their neighbours are answered,
// and nothing comes twice.
func TestBadUpdatesArePassedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Limits{}, func(_ context.Context, text string) error {
			switch text {
			case "panic":
				panic("at work")
			case "refused":
				return errors.New("Forbidden: bot was blocked by the user")
			}
			return nil
		})
		b.write(1, "a")
		poison := b.server.PushRaw([]byte(`{"message":{"text":7}}`))
		b.write(1, "panic")
		b.write(1, "panic at once")
		b.write(1, "refused")
		b.write(1, "b")
		stop := b.start(t)
		if err := b.server.Settled(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := stop(); err != nil || !slices.Equal(b.ran, []string{"a", "b"}) {
			t.Errorf("%v, ran %v", err, b.ran)
		}
		for _, want := range []string{fmt.Sprintf(`"an update is passed over" update=%d error=poison`, poison), "at work", "at once", "poll_test.go", "blocked by the user"} {
			if !strings.Contains(b.logged.String(), want) {
				t.Errorf("%q is not in the log", want)
			}
		}
	})
}

// Updates without an id cannot be acknowledged; they must not make the poller
// spin.
func TestUpdatesWithoutIdsDoNotSpin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, _ := testLog(t)
		calls := 0
		p := &Poller{Log: log, Client: NewClient(token, DefaultURL, log, Options{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			calls++
			return response(200, strings.NewReader(`{"ok":true,"result":[7,{"message":{}},{"update_id":"x"}]}`)), nil
		})})}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if err := p.Run(ctx); err != nil || calls > 1500 {
			t.Errorf("%v, %d calls in an hour", err, calls)
		}
	})
}

// A server that does not hold a long poll, as a proxy in between may do, is not
// asked without a pause.
func TestAPollThatComesBackAtOnceDoesNotSpin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, _ := testLog(t)
		calls := 0
		p := &Poller{Log: log, Client: NewClient(token, DefaultURL, log, Options{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			calls++
			return response(200, strings.NewReader(`{"ok":true,"result":[]}`)), nil
		})})}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := p.Run(ctx); err != nil || calls > 120 {
			t.Errorf("%v, %d polls in a minute", err, calls)
		}
	})
}

// While an answer has to wait, the others' are given, and what they ask later is
// seen: behind a hundred, by parking what waits.
func TestASlowAnswerDoesNotHoldUpTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Limits{}, func(_ context.Context, text string) error {
			if text == "slow" {
				time.Sleep(time.Minute)
			}
			return nil
		})
		b.write(1, "slow")
		stop := b.start(t)
		for i := range 50 {
			time.Sleep(20 * time.Millisecond)
			b.write(2, fmt.Sprint(i))
		}
		time.Sleep(time.Second)
		if b.mu.Lock(); len(b.ran) != 50 || !pending(t, b.server) {
			t.Errorf("%d others are answered while one waits, which must not be acknowledged yet", len(b.ran))
		}
		b.mu.Unlock()
		for i := range 250 {
			time.Sleep(20 * time.Millisecond)
			b.write(2, fmt.Sprint(i))
		}
		time.Sleep(2 * time.Second)
		if b.mu.Lock(); len(b.ran) != 300 {
			t.Errorf("%d others are answered while one waits", len(b.ran))
		}
		b.mu.Unlock()
		time.Sleep(time.Minute)
		if err := stop(); err != nil || len(b.ran) != 301 {
			t.Errorf("%v, %d answered", err, len(b.ran))
		}
	})
}

// One chat that only ever gets errors, or is told to wait, leaves the others
// alone, whatever it asks; a stop says which of its answers are lost.
func TestAChatThatCannotBeAnsweredHurtsNobodyElse(t *testing.T) {
	for name, fault := range map[string]emulator.FaultKind{"errors": emulator.InternalError, "told to wait": emulator.TooMany} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := answerBench(t)
				log, _ := testLog(t)
				b.Client = NewClient(token, DefaultURL, log, Options{Limits: TelegramLimits, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
					if strings.HasSuffix(r.URL.Path, "/sendMessage") && r.FormValue("chat_id") == "1" {
						if fault == emulator.TooMany {
							return response(429, strings.NewReader(`{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 300","parameters":{"retry_after":300}}`)), nil
						}
						return response(500, strings.NewReader("")), nil
					}
					return b.server.RoundTrip(r)
				})})
				stop := b.start(t)
				asked := map[string]time.Time{}
				for i := range 1200 { // two minutes
					b.ask(1, i)
					chat := int64(i%200) + 2
					asked[fmt.Sprintf("%d %d", chat, i)] = time.Now()
					b.ask(chat, i)
					time.Sleep(100 * time.Millisecond)
				}
				time.Sleep(10 * time.Second)
				sent, _ := b.sends()
				slowest := time.Duration(0)
				for _, call := range sent {
					slowest = max(slowest, call.Time.Sub(asked[call.Message.Text]))
				}
				if len(sent) != 1200 || slowest > 3*time.Second {
					t.Errorf("%d of 1200 others are answered, the slowest after %v", len(sent), slowest)
				}
				start := time.Now()
				if err := stop(); err != nil || time.Since(start) > 10*time.Second || !strings.Contains(b.logged.String(), "an answer is lost: its chat had to wait for too long") {
					t.Errorf("%v after %v", err, time.Since(start))
				}
			})
		})
	}
}

// Presses are no way round the allowance of a chat: a hundred a second leave the
// others alone too.
func TestAFloodOfPressesHurtsNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, TelegramLimits, func(ctx context.Context, text string) error { return nil })
		toast := func(context.Context) error { time.Sleep(150 * time.Millisecond); return nil }
		receive := b.Receive
		b.Receive = func(raw json.RawMessage) (Job, error) {
			job, err := receive(raw)
			if job.Press {
				job.Busy = toast
			}
			return job, err
		}
		stop := b.start(t)
		var slowest time.Duration
		var others sync.WaitGroup
		for i := range 3000 { // half a minute
			b.write(1, "press")
			if i%10 == 0 {
				start := time.Now()
				b.write(int64(i)+2, fmt.Sprint(i))
				others.Go(func() {
					for !b.has(fmt.Sprint(i)) {
						time.Sleep(50 * time.Millisecond)
					}
					b.mu.Lock()
					defer b.mu.Unlock()
					slowest = max(slowest, time.Since(start))
				})
			}
			time.Sleep(10 * time.Millisecond)
		}
		if err := b.server.Settled(t.Context()); err != nil {
			t.Fatal(err)
		}
		if others.Wait(); slowest > 2*time.Second {
			t.Errorf("the slowest of the others is answered after %v", slowest)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

func (b *bench) has(text string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Contains(b.ran, text)
}

// JSON that is broken, or nested deeper than any reader goes, spoils the batch
// it is in for the library; it is found, passed over by its id, and its
// neighbours are answered.
func TestBrokenJSONIsPassedOver(t *testing.T) {
	for name, poison := range map[string]string{
		"invalid escape": `{"message":{"text":"\x"}}`,
		"deep":           `{"message":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}`,
		"cut off":        `{"message":{"text":"a`,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, Limits{}, func(context.Context, string) error { return nil })
				b.write(1, "a")
				b.write(1, "b")
				id := b.server.PushRaw([]byte(poison))
				b.write(1, "c")
				stop := b.start(t)
				if err := b.server.Settled(t.Context()); err != nil {
					t.Fatal(err)
				}
				if err := stop(); err != nil || !slices.Equal(b.ran, []string{"a", "b", "c"}) {
					t.Errorf("%v, ran %v", err, b.ran)
				}
				if !strings.Contains(b.logged.String(), fmt.Sprintf(`"an update is passed over" update=%d`, id)) {
					t.Error("it is not in the log by its id")
				}
			})
		})
	}
}

// What a bot that was away finds is answered in full, at the pace of the chat.
func TestABacklogIsAnsweredAtTheChatsPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := answerBench(t)
		for i := range 30 {
			b.ask(-100, i)
			time.Sleep(10 * time.Second)
		}
		start := time.Now()
		stop := b.start(t)
		if err := b.server.Settled(t.Context()); err != nil {
			t.Fatal(err)
		}
		sent, throttled := b.sends()
		if took := time.Since(start); len(sent) != 30 || throttled > 0 || took > 75*time.Second {
			t.Errorf("%d answers in %v, %d times told to wait", len(sent), took, throttled)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

// A button pressed too often gets its notice each time: the client would wait
// for it otherwise, and it costs no message.
func TestEachPressTooManyIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, TelegramLimits, func(context.Context, string) error { return nil })
		for range 10 {
			b.write(1, "press")
		}
		stop := b.start(t)
		if err := b.server.Settled(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := stop(); err != nil || len(b.ran) != 5 || b.notices != 5 {
			t.Errorf("%v, %d answers, %d notices", err, len(b.ran), b.notices)
		}
	})
}

func TestADeadTokenEndsThePoller(t *testing.T) {
	log, logged := testLog(t)
	p := &Poller{Log: log, Client: NewClient("123:OTHER", DefaultURL, log, Options{Transport: emulator.New(token, self)})}
	if err := p.Run(t.Context()); !DeadToken(err) {
		t.Errorf("%v\n%s", err, logged)
	}
}

// A second poller and a webhook are waited for, explained once, with the cure.
func TestAConflictIsExplained(t *testing.T) {
	for description, cure := range map[string]string{
		"Conflict: terminated by other getUpdates request; make sure that only one bot instance is running":            "stop the other process",
		"Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first": "call deleteWebhook",
	} {
		synctest.Test(t, func(t *testing.T) {
			log, logged := testLog(t)
			calls := 0
			p := &Poller{Log: log, Client: NewClient(token, DefaultURL, log, Options{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
				calls++
				return response(409, strings.NewReader(fmt.Sprintf(`{"ok":false,"error_code":409,"description":%q}`, description))), nil
			})})}
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			if err := p.Run(ctx); err != nil || strings.Count(logged.String(), cure) != 1 || calls > 130 {
				t.Errorf("%v, %d polls in an hour\n%s", err, calls, logged)
			}
		})
	}
}

// The ids begin anew after a quiet week: a lower id is no reason to fetch it
// for ever.
func TestIdsMayBeginAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, _ := testLog(t)
		var offsets []string
		p := &Poller{
			Log:     log,
			Receive: func(json.RawMessage) (Job, error) { return Job{}, nil },
			Client: NewClient(token, DefaultURL, log, Options{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				offsets = append(offsets, r.FormValue("offset"))
				switch len(offsets) {
				case 1:
					return response(200, strings.NewReader(`{"ok":true,"result":[{"update_id":900}]}`)), nil
				case 2:
					return response(200, strings.NewReader(`{"ok":true,"result":[{"update_id":5}]}`)), nil
				}
				<-r.Context().Done()
				return nil, r.Context().Err()
			})}),
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := p.Run(ctx); err != nil || !slices.Equal(offsets[:3], []string{"", "901", "6"}) {
			t.Errorf("%v, offsets %v", err, offsets)
		}
	})
}
