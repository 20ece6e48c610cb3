package main

import (
	"errors"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"articlebot/bot/emulator"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"articlebot": main, "unpaced": unpaced, "quickstart": quickstart, "telegram": telegramAlone})
}

// The scripts run the real main, as its users do.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits,
		},
	})
}

// exits runs a command and holds its exit code against the first argument.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	code := 0
	if exit, ok := errors.AsType[*exec.ExitError](ts.Exec(args[1], args[2:]...)); ok {
		code = exit.ExitCode()
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, not %s", code, args[0])
	}
}

// The program answers, is stopped, and leaves nothing of its reader or its
// token in the log.
func TestTheServiceAnswersAndStops(t *testing.T) {
	w := newWire(t)
	p := launch(t, "articlebot", w.url)
	chat := emulator.Chat{ID: person.ID, Type: "private", FirstName: firstName}
	w.Write(emulator.Message{Chat: chat, From: &person, Text: "/quotes " + words})
	w.Write(emulator.Message{Chat: chat, From: &person, Text: words})
	w.settled(patience)
	query := w.Press(person, chat.ID, w.Journal()[0].Message.ID, "source_ru")
	w.settled(patience)
	calls := w.Journal()
	if len(calls) != 4 || len(w.Unanswered()) != 0 || calls[2].Params["callback_query_id"] != query || !strings.Contains(calls[3].Message.Text, "silkroadnews.org") {
		t.Errorf("%d calls, unanswered %v", len(calls), w.Unanswered())
	}
	p.signal(syscall.SIGTERM)
	if code, _ := p.exit(patience); code != exitOK {
		t.Errorf("exit code %d", code)
	}
	for _, want := range []string{"asked=quotes", "asked=words", `asked="button source"`, "msg=stopped"} {
		if !strings.Contains(p.log(), want) {
			t.Errorf("%q is not in the log:\n%s", want, p.log())
		}
	}
}

func TestADeadTokenIsAnErrorWithItsCure(t *testing.T) {
	p := launch(t, "articlebot", newWire(t).url, "TELEGRAM_BOT_TOKEN=123:REVOKED")
	if code, _ := p.exit(patience); code != exitFailure || !strings.Contains(p.log(), "get the current one from @BotFather") || strings.Contains(p.log(), "REVOKED") {
		t.Errorf("exit code %d\n%s", code, p.log())
	}
}
