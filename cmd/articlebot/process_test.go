package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"articlebot/bot/telegram"
)

// unpaced is the program without its limits, for claims that are not about them.
func unpaced() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	defer context.AfterFunc(ctx, stop)()
	os.Exit(program{os.Getenv, os.Stdin, os.Stdout, os.Stderr}.serve(ctx, telegram.Limits{}))
}

// process is a command of the test binary that runs as a process of its own.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	exited chan struct{} // closed when it has

	mu     sync.Mutex
	output bytes.Buffer
}

// Write takes the process's output.
func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.output.Write(b)
}

// log returns all that the process has written so far.
func (p *process) log() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.output.String()
}

// launch starts a command, with its arguments, that is going to call the Bot API at that address.
// When the test ends, so does the process, and nothing that has to stay secret
// may be in its log.
func launch(t *testing.T, command, apiURL string, env ...string) *process {
	t.Helper()
	p := &process{t: t, exited: make(chan struct{})}
	p.cmd = &exec.Cmd{
		Path: testBinary(t),
		Args: strings.Fields(command),
		Dir:  t.TempDir(), // no .env here
		Env: append([]string{
			"TELEGRAM_BOT_TOKEN=123:SECRET", "TELEGRAM_API_URL=" + apiURL, "LOG_LEVEL=debug",
			"GORACE=atexit_sleep_ms=0", // else a process with the race detector takes a second to exit
		}, env...),
		Stdout: p,
		Stderr: p,
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.exited)
		_ = p.cmd.Wait() // how it ended is in its ProcessState
	}()
	t.Cleanup(func() {
		p.kill()
		p.keepsSecrets()
	})
	return p
}

func testBinary(t testing.TB) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// kill ends the process as a crash does.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended by itself
	<-p.exited
}

func (p *process) signal(sig os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(sig); err != nil {
		p.t.Errorf("%v: %v", sig, err)
	}
}

// exit waits for the process to end by itself and returns its exit code, which
// is -1 after a signal.
func (p *process) exit(within time.Duration) (code int, took time.Duration) {
	p.t.Helper()
	start := time.Now()
	select {
	case <-p.exited:
	case <-time.After(within):
		p.t.Errorf("still there after %v\n%s", within, p.log())
		p.kill()
	}
	return p.cmd.ProcessState.ExitCode(), time.Since(start)
}

// await waits until the process has written something.
func (p *process) await(text string) {
	p.t.Helper()
	if !eventually(20*time.Second, func() bool { return strings.Contains(p.log(), text) }) {
		p.t.Fatalf("%q is not in the log:\n%s", text, p.log())
	}
}

// polling waits until the process polls.
func (p *process) polling() { p.t.Helper(); p.await("@" + self.Username) }

// eventually reports whether something comes true in time.
func eventually(within time.Duration, holds func() bool) bool {
	for deadline := time.Now().Add(within); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			return false
		}
	}
	return true
}

// trouble returns the lines of the log that tell of trouble and of its end.
func (p *process) trouble() (lines []string) {
	for line := range strings.Lines(p.log()) {
		for _, sign := range []string{"WARN", "ERROR", "answers again"} {
			if strings.Contains(line, sign) {
				lines = append(lines, strings.TrimSpace(line))
				break
			}
		}
	}
	return lines
}

// secrets is what no log may show: the token, and what the readers of these
// tests are called, where they are and what they write.
var secrets = []string{"SECRET", firstName, nick, title, words}

// keepsSecrets holds the log against the secrets, and against crashes that went
// unseen.
func (p *process) keepsSecrets() {
	p.t.Helper()
	log := p.log()
	for _, secret := range append(secrets, "DATA RACE", "\npanic: ", "fatal error: ") {
		if i := strings.Index(log, secret); i >= 0 {
			p.t.Errorf("%q is in the log:\n%s", secret, excerpt(log, i))
		}
	}
}

// excerpt returns what stands around a place.
func excerpt(s string, at int) string {
	return fmt.Sprintf("…%s…", s[max(0, at-300):min(len(s), at+2000)])
}

// abreast runs a test for each row, some at a time: most of it is waiting.
func abreast[R any](t *testing.T, atOnce int, rows map[string]R, test func(*testing.T, R)) {
	var running sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for name, row := range rows {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			t.Run(name, func(t *testing.T) { test(t, row) })
		})
	}
	running.Wait()
}
