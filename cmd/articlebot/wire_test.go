package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"path"
	"sync"
	"testing"
	"time"

	"articlebot/bot/emulator"
)

// Readers who are recognized wherever they show.
const (
	firstName = "НАЗВАНАЯ"
	nick      = "nick_of_reader"
	title     = "ЗАГОЛОВОК"
	words     = "ТАЙНЫЕ-СЛОВА"
)

var self = emulator.User{ID: 123, IsBot: true, FirstName: "Bot", Username: "ThisBot"}

// wire is the emulator behind a port of the loopback interface that can be
// closed and opened again.
type wire struct {
	*emulator.Server
	t    *testing.T
	url  string
	addr string
	http *http.Server // nil while the port is closed

	mu     sync.Mutex
	calls  map[string]int // by method
	polls  []poll
	open   int // connections now
	most   int // connections at a time
	opened int // connections in all
}

// poll is a call of getUpdates.
type poll struct {
	at    time.Time
	limit string
}

// newWire returns an emulator that listens.
func newWire(t *testing.T) *wire {
	t.Helper()
	w := &wire{Server: emulator.New("123:SECRET", self), t: t, calls: map[string]int{}}
	w.serveAt(freePort(t))
	w.url = "http://" + w.addr
	t.Cleanup(w.down)
	return w
}

// freePort listens on a port below those that outgoing connections are given, so
// that none of them takes it while it is closed.
func freePort(t *testing.T) net.Listener {
	t.Helper()
	for range 100 {
		if listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 20_000+rand.IntN(10_000))); err == nil {
			return listener
		}
	}
	t.Fatal("no port is free")
	return nil
}

// up opens the port again.
func (w *wire) up() {
	w.t.Helper()
	listener, err := net.Listen("tcp", w.addr)
	if err != nil {
		w.t.Fatal(err)
	}
	w.serveAt(listener)
}

func (w *wire) serveAt(listener net.Listener) {
	w.addr = listener.Addr().String()
	server := &http.Server{Handler: http.HandlerFunc(w.serve), ConnState: w.connection}
	w.http = server
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			w.t.Error(err)
		}
	}()
}

// down closes the port and every connection.
func (w *wire) down() {
	if w.http != nil {
		_ = w.http.Close()
		w.http = nil
	}
}

// drop ends every connection, as a router does that was restarted.
func (w *wire) drop() {
	w.t.Helper()
	w.down()
	w.up()
}

func (w *wire) serve(rw http.ResponseWriter, r *http.Request) {
	method := path.Base(r.URL.Path)
	w.mu.Lock()
	w.calls[method]++
	if method == "getUpdates" {
		w.polls = append(w.polls, poll{time.Now(), r.FormValue("limit")})
	}
	w.mu.Unlock()
	w.ServeHTTP(rw, r)
}

func (w *wire) connection(_ net.Conn, state http.ConnState) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch state {
	case http.StateNew:
		w.opened++
		w.open++
		w.most = max(w.most, w.open)
	case http.StateClosed, http.StateHijacked:
		w.open--
	}
}

// called returns how many calls of a method there were, "" for all.
func (w *wire) called(method string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if method != "" {
		return w.calls[method]
	}
	all := 0
	for _, n := range w.calls {
		all += n
	}
	return all
}

func (w *wire) polled() []poll {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]poll(nil), w.polls...)
}

var person = emulator.User{ID: 7, FirstName: firstName, Username: nick, LanguageCode: "ru"}

// group is one of many groups.
func group(n int) emulator.Chat {
	return emulator.Chat{ID: -1000 - int64(n), Type: "supergroup", Title: title}
}

// ask sends a command: to the n-th of many groups, where its answer replies to
// it, or in a private chat where it is the only one, so that each answer can be
// told apart.
func (w *wire) ask(n int) {
	if n%4 == 0 {
		reader := person
		reader.ID = int64(1_000_000 + n)
		w.Write(emulator.Message{From: &reader, Text: "/quotes " + words})
		return
	}
	w.Write(emulator.Message{Chat: group(n % 97), From: &person, Text: "/summary " + words})
}

// stream asks again and again until it is stopped.
func (w *wire) stream(every time.Duration) (stop func()) {
	ctx, cancel := context.WithCancel(w.t.Context())
	var asking sync.WaitGroup
	asking.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for n := 0; ; n++ {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				w.ask(n)
			}
		}
	})
	stop = func() { cancel(); asking.Wait() }
	w.t.Cleanup(stop)
	return stop
}

// settled waits until all updates are dealt with.
func (w *wire) settled(within time.Duration) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), within)
	defer cancel()
	if err := w.Settled(ctx); err != nil {
		w.t.Errorf("updates still wait after %v: %v", within, w.tally())
	}
}

// tally is what became of all that was asked.
type tally struct{ asked, missing, again int }

func (c tally) String() string {
	return fmt.Sprintf("%d asked, %d without an answer, %d answers given again", c.asked, c.missing, c.again)
}

func (w *wire) tally() (c tally) {
	for _, q := range w.Answered() {
		c.asked++
		if q.Answers == 0 {
			c.missing++
		}
		c.again += max(0, q.Answers-1)
	}
	return c
}
