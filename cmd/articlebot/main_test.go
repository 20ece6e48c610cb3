package main

import (
	"bytes"
	"context"
	"errors"
	"net/http/httptest"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

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

// service is the whole program, run as a service against the emulator over
// loopback.
type service struct {
	*emulator.Server
	stop context.CancelFunc
	code chan int
	mu   sync.Mutex
	log  bytes.Buffer
}

func (s *service) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(p)
}

func start(t *testing.T, token string) *service {
	t.Chdir(t.TempDir()) // no .env here
	s := &service{Server: emulator.New("123:SECRET", self), code: make(chan int, 1)}
	server := httptest.NewServer(s.Server)
	t.Cleanup(server.Close)
	env := map[string]string{"TELEGRAM_BOT_TOKEN": token, "TELEGRAM_API_URL": server.URL, "LOG_LEVEL": "debug"}
	ctx, stop := context.WithCancel(t.Context())
	s.stop = stop
	go func() { s.code <- run(ctx, nil, func(key string) string { return env[key] }, nil, s, s) }()
	return s
}

var (
	reader = emulator.User{ID: 7, FirstName: "Имя", LanguageCode: "ru"}
	inChat = emulator.Chat{ID: 7, Type: "private", FirstName: "Имя"}
)

// The program answers, is stopped, and leaves nothing of its reader or its
// token in the log.
func TestTheServiceAnswersAndStops(t *testing.T) {
	s := start(t, "123:SECRET")
	s.Server.Write(emulator.Message{Chat: inChat, From: &reader, Text: "/quotes секрет"})
	s.Server.Write(emulator.Message{Chat: inChat, From: &reader, Text: "личное"})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := s.Settled(ctx); err != nil {
		t.Fatal(err, s.log.String())
	}
	query := s.Press(reader, inChat.ID, s.Journal()[0].Message.ID, "source_ru")
	if err := s.Settled(ctx); err != nil {
		t.Fatal(err, s.log.String())
	}
	calls := s.Journal()
	if len(calls) != 4 || len(s.Unanswered()) != 0 || calls[2].Params["callback_query_id"] != query || !strings.Contains(calls[3].Message.Text, "silkroadnews.org") {
		t.Errorf("%d calls, unanswered %v", len(calls), s.Unanswered())
	}
	s.stop()
	if code := <-s.code; code != exitOK {
		t.Errorf("exit code %d", code)
	}
	log := s.log.String()
	for _, secret := range []string{"SECRET", "секрет", "личное", "Имя"} {
		if strings.Contains(log, secret) {
			t.Errorf("%q is in the log:\n%s", secret, log)
		}
	}
	for _, want := range []string{"asked=quotes", "asked=words", `asked="button source"`, "msg=stopped"} {
		if !strings.Contains(log, want) {
			t.Errorf("%q is not in the log:\n%s", want, log)
		}
	}
}

func TestADeadTokenIsAnErrorWithItsCure(t *testing.T) {
	s := start(t, "123:REVOKED")
	if code := <-s.code; code != exitFailure || !strings.Contains(s.log.String(), "get the current one from @BotFather") || strings.Contains(s.log.String(), "REVOKED") {
		t.Errorf("exit code %d\n%s", code, s.log.String())
	}
}
