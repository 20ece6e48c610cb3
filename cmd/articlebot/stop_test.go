package main

import (
	"os"
	"syscall"
	"testing"
	"time"

	"articlebot/bot/emulator"
)

// patience is how long a stop may take.
const patience = 10 * time.Second

// Told to stop under load, the program fetches no more, answers what it holds and
// acknowledges exactly that: after the restart nothing is answered twice.
func TestAPoliteStopLosesNothingAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	for _, sig := range []os.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(sig.String(), func(t *testing.T) {
			w := newWire(t)
			w.Delay(300 * time.Millisecond)
			endLoad := w.stream(40 * time.Millisecond)
			p := launch(t, "articlebot", w.url)
			if !eventually(patience, func() bool { return w.called("sendMessage") > 30 }) {
				t.Fatal("no load")
			}
			stopped := time.Now()
			p.signal(sig)
			code, took := p.exit(patience)
			if code != exitOK {
				t.Errorf("exit code %d\n%s", code, p.log())
			}
			endLoad()
			w.fetchedNothingAfter(stopped)
			held := w.answeredIsAcknowledged()

			launch(t, "articlebot", w.url)
			w.settled(30 * time.Second)
			if got := w.tally(); got.missing != 0 || got.again != 0 {
				t.Error(got)
			}
			t.Logf("stopped in %v with %d answered; after the restart: %v", took.Round(time.Millisecond), held, w.tally())
		})
	}
}

// fetchedNothingAfter lets pass the one poll that acknowledges, and what was on
// its way when the signal was sent.
func (w *wire) fetchedNothingAfter(signalled time.Time) {
	w.t.Helper()
	for _, poll := range w.polled() {
		if late := poll.at.Sub(signalled); late > 50*time.Millisecond && poll.limit != "1" {
			w.t.Errorf("polled %v after the signal", late)
		}
	}
}

// answeredIsAcknowledged holds what was answered against what was acknowledged,
// and returns how much that is.
func (w *wire) answeredIsAcknowledged() (both int) {
	w.t.Helper()
	answers := map[[2]int64]int{}
	for _, q := range w.Answered() {
		answers[[2]int64{q.Chat, int64(q.MessageID)}] = q.Answers
	}
	for _, d := range w.Deliveries() {
		n := answers[[2]int64{d.Chat, int64(d.MessageID)}]
		switch {
		case n > 0 != !d.Acknowledged.IsZero():
			w.t.Errorf("update %d: %d answers, acknowledged %v", d.UpdateID, n, d.Acknowledged)
		case n > 0:
			both++
		}
	}
	return both
}

// A stop ends in time also while no answer goes through, and loses nothing.
func TestAStopEndsWhateverTelegramDoes(t *testing.T) {
	t.Parallel()
	type row struct {
		fault emulator.Fault // of sendMessage, under the load
		then  func(*wire)    // right before the signal
	}
	nothing := func(*wire) {}
	abreast(t, 5, map[string]row{
		"sendMessage hangs":           {emulator.Fault{Kind: emulator.Hang}, nothing},
		"sendMessage hangs once done": {emulator.Fault{Kind: emulator.HangAfter}, nothing},
		"told to wait a minute":       {emulator.Fault{Kind: emulator.TooMany, RetryAfter: 60}, nothing},
		"everything hangs":            {emulator.Fault{Kind: emulator.Hang}, func(w *wire) { w.Inject(emulator.Fault{Kind: emulator.Hang}) }},
		"the server is gone":          {emulator.Fault{Kind: emulator.ResetBefore, Probability: 0.5}, (*wire).down},
	}, func(t *testing.T, row row) {
		w := newWire(t)
		row.fault.Method = "sendMessage"
		w.Inject(row.fault)
		p := launch(t, "unpaced", w.url)
		for n := range 40 {
			w.ask(n)
		}
		if !eventually(patience, func() bool { return w.called("sendMessage") >= 40 }) {
			t.Fatal("no load")
		}
		row.then(w)
		p.signal(syscall.SIGTERM)
		code, took := p.exit(patience)
		if code != exitOK {
			t.Errorf("exit code %d\n%s", code, p.log())
		}
		w.Heal()
		w.drop()
		launch(t, "unpaced", w.url)
		w.settled(30 * time.Second)
		got := w.tally()
		if got.missing != 0 || got.asked != 40 {
			t.Error(got)
		}
		t.Logf("stopped in %v; after the restart: %v", took.Round(time.Millisecond), got)
	})
}

func TestASecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	w.Inject(emulator.Fault{Method: "sendMessage", Kind: emulator.Hang})
	w.ask(1)
	p := launch(t, "articlebot", w.url)
	if !eventually(patience, func() bool { return w.called("sendMessage") > 0 }) {
		t.Fatal("no answer is under way")
	}
	p.signal(syscall.SIGTERM)
	time.Sleep(200 * time.Millisecond) // two signals at once are one
	p.signal(syscall.SIGTERM)
	if _, took := p.exit(patience); took > time.Second {
		t.Errorf("ended %v after the second signal", took)
	}
	if p.cmd.ProcessState.Success() {
		t.Error("not ended by the signal")
	}
}
