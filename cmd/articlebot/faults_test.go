package main

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"articlebot/bot/emulator"
)

// trial is something that goes wrong for a while, and what is asked of the
// program then.
type trial struct {
	fault func(*wire) // begins it
	wait  int         // seconds that the program may need once it is over; 0 for some
	known string      // what the log has to say
}

// trouble is how long a fault lasts.
const trouble = 2 * time.Second

// inject begins a fault of the emulator's.
func inject(method string, kind emulator.FaultKind, probability float64) trial {
	return trial{fault: func(w *wire) {
		w.Inject(emulator.Fault{Method: method, Kind: kind, Probability: probability, RetryAfter: 1})
	}}
}

// passing is the faults that have nothing to do with what was asked: the same
// call goes through later.
var passing = []emulator.FaultKind{
	emulator.ResetBefore, emulator.ResetAfter, emulator.Hang, emulator.HangAfter, emulator.CutOff, emulator.NotJSON,
	emulator.BadGateway, emulator.Nonsense, emulator.Empty, emulator.InternalError, emulator.TooMany,
}

func trials() map[string]trial {
	rows := map[string]trial{
		"connection refused": {fault: (*wire).down},
	}
	for _, kind := range passing {
		rows["sendMessage "+string(kind)] = inject("sendMessage", kind, 0.3)
		rows["getUpdates "+string(kind)] = inject("getUpdates", kind, 0)
		rows["everything "+string(kind)] = inject("", kind, 0)
	}
	// Polls are refused; sendMessage never is in these ways.
	for kind, known := range map[emulator.FaultKind]string{
		emulator.Conflict:   "stop the other process that polls",
		emulator.WebhookSet: "call deleteWebhook",
		emulator.Blocked:    "look the error up",
		emulator.ChatGone:   "look the error up",
	} {
		row := inject("getUpdates", kind, 0)
		row.known = known
		if kind == emulator.Conflict || kind == emulator.WebhookSet {
			row.wait = 32 // a second process is a spare: it takes its time
		}
		rows["getUpdates "+string(kind)] = row
	}
	return rows
}

// Whatever goes wrong for a while, every command is answered soon after; until
// then there are few calls, and few lines in the log.
func TestEveryFaultIsSurvived(t *testing.T) {
	t.Parallel()
	abreast(t, 40, trials(), func(t *testing.T, row trial) {
		w := newWire(t)
		p := launch(t, "unpaced", w.url, "LOG_FORMAT=json")
		p.polling()
		row.fault(w)
		before := w.called("")
		stop := w.stream(100 * time.Millisecond)
		time.Sleep(trouble)
		calls := w.called("") - before
		stop()
		w.Heal()
		w.drop() // calls that hang end with their connections
		healed := time.Now()
		w.settled(time.Duration(max(10, row.wait)) * time.Second)
		got := w.tally()
		if got.missing != 0 || got.asked < 10 {
			t.Error(got)
		}
		lines := p.trouble()
		if len(lines) > 4 || !strings.Contains(p.log(), row.known) {
			t.Errorf("%d lines of trouble:\n%s", len(lines), strings.Join(lines, "\n"))
		}
		if calls > 4*got.asked+12 {
			t.Errorf("%d calls", calls)
		}
		t.Logf("%v; %d calls and %d lines of trouble; over %v after the fault", got, calls, len(lines), time.Since(healed).Round(10*time.Millisecond))
	})
}

// The program may be started before Telegram can be reached, or its name be found.
func TestTelegramMayBeAbsentAtTheStart(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	w.ask(1)
	w.down()
	p := launch(t, "articlebot", w.url)
	p.await("cannot be reached")
	time.Sleep(trouble)
	w.up()
	w.settled(10 * time.Second)
	if lines := p.trouble(); w.tally().missing != 0 || len(lines) != 2 {
		t.Errorf("%v\n%s", w.tally(), p.log())
	}
}

func TestNoNameIsNoCrash(t *testing.T) {
	t.Parallel()
	p := launch(t, "articlebot", "http://no-such-host.invalid")
	p.await("cannot be reached")
	time.Sleep(trouble)
	p.signal(syscall.SIGTERM)
	if code, took := p.exit(patience); code != exitOK || took > 3*time.Second || len(p.trouble()) != 1 {
		t.Errorf("exit code %d after %v\n%s", code, took, p.log())
	}
}

// Two processes with one token take turns, and say so once. When the second one
// is stopped the first takes over.
func TestTwoProcessesShareOneToken(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	first := launch(t, "articlebot", w.url)
	first.polling()
	second := launch(t, "articlebot", w.url)
	first.await("stop the other process that polls")
	stop := w.stream(100 * time.Millisecond)
	time.Sleep(trouble)
	second.signal(syscall.SIGTERM)
	if code, _ := second.exit(patience); code != exitOK {
		t.Errorf("exit code %d", code)
	}
	stop()
	w.ask(1)
	left := time.Now()
	w.settled(32 * time.Second) // the first one gave way, and takes its time
	if got := w.tally(); got.missing != 0 || len(first.trouble()) != 1 {
		t.Errorf("%v\n%s", got, first.log())
	}
	t.Logf("%v; the first took over after %v, %d polls in all", w.tally(), time.Since(left).Round(time.Millisecond), w.called("getUpdates"))
}

// A dead token ends the program, whether at the start or later.
func TestADeadTokenEndsTheProgram(t *testing.T) {
	t.Parallel()
	abreast(t, 2, map[string]string{"at the start": "", "later": "getUpdates"}, func(t *testing.T, method string) {
		w := newWire(t)
		w.Inject(emulator.Fault{Method: method, Kind: emulator.Unauthorized})
		p := launch(t, "articlebot", w.url)
		if code, _ := p.exit(patience); code != exitFailure || !strings.Contains(p.log(), "get the current one from @BotFather") {
			t.Errorf("exit code %d\n%s", code, p.log())
		}
		if calls := w.called(""); calls > 2 {
			t.Errorf("%d calls with a dead token", calls)
		}
	})
}

// A chat that can get no answer is asked once and holds up nobody.
func TestAChatThatIsGoneIsLetGo(t *testing.T) {
	t.Parallel()
	abreast(t, 3, map[string]emulator.FaultKind{
		"blocked": emulator.Blocked, "kicked": emulator.Kicked, "gone": emulator.ChatGone,
	}, func(t *testing.T, kind emulator.FaultKind) {
		w := newWire(t)
		w.Inject(emulator.Fault{Method: "sendMessage", Kind: kind, Count: 5})
		for n := range 5 {
			w.ask(n)
		}
		p := launch(t, "articlebot", w.url)
		w.settled(patience)
		w.ask(5)
		w.settled(patience)
		if got := w.tally(); got.missing != 5 || w.called("sendMessage") != 6 || len(p.trouble()) != 5 {
			t.Errorf("%v with %d calls\n%s", got, w.called("sendMessage"), p.log())
		}
	})
}

// A group that has become a supergroup gets its answer there.
func TestAnAnswerFollowsItsGroup(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	w.Write(emulator.Message{Chat: emulator.Chat{ID: -5, Type: "group", Title: title}, From: &person, Text: "/summary " + words})
	w.Migrate(-5, -1005)
	launch(t, "articlebot", w.url)
	w.settled(patience)
	calls := w.Journal()
	if got := w.tally(); got.missing != 0 || calls[len(calls)-1].Message.Chat.ID != -1005 {
		t.Error(got)
	}
}
