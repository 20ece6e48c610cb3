package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var servingAddress = regexp.MustCompile(`address"?[=:]"?([0-9.:]+)`)

// httpAddr returns where the process serves its health.
func (p *process) httpAddr() string {
	p.t.Helper()
	p.await("serving /healthz")
	p.polling()
	found := servingAddress.FindStringSubmatch(p.log())
	if found == nil {
		p.t.Fatalf("no address in the log:\n%s", p.log())
	}
	return found[1]
}

// get returns the status and the body of a page.
func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(page)
}

// With HTTP_ADDR the program tells whether polling works, and its metrics.
func TestHealthAndMetricsAreServed(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	p := launch(t, "articlebot", w.url, "HTTP_ADDR=127.0.0.1:0")
	addr := p.httpAddr()
	w.ask(1)
	w.settled(patience)
	if status, body := get(t, "http://"+addr+"/healthz"); status != http.StatusOK {
		t.Errorf("/healthz: %d %s", status, body)
	}
	_, metrics := get(t, "http://"+addr+"/metrics")
	for _, want := range []string{
		`articlebot_updates_total{kind="message"} 1`,
		`articlebot_answers_total{asked="summary",outcome="answered"} 1`,
		`articlebot_api_call_duration_seconds_count{method="sendMessage",result="ok"} 1`,
		"articlebot_last_poll_seconds ", "go_build_info{", "go_goroutines ",
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("%q is not in the metrics:\n%s", want, metrics)
		}
	}
	for _, secret := range secrets {
		if strings.Contains(metrics, secret) {
			t.Errorf("%q is in the metrics", secret)
		}
	}
	ask := launch(t, "articlebot health", w.url, "HTTP_ADDR="+addr)
	if code, _ := ask.exit(patience); code != exitOK {
		t.Errorf("articlebot health: exit code %d: %s", code, ask.log())
	}
	p.kill()
	ask = launch(t, "articlebot health", w.url, "HTTP_ADDR="+addr)
	if code, _ := ask.exit(patience); code != exitFailure {
		t.Errorf("articlebot health without the bot: exit code %d: %s", code, ask.log())
	}
}

// Before Telegram has answered a poll nothing is well.
func TestABotThatCannotPollIsNotHealthy(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	w.down()
	p := launch(t, "articlebot", w.url, "HTTP_ADDR=127.0.0.1:0")
	p.await("cannot be reached")
	found := servingAddress.FindStringSubmatch(p.log())
	if status, body := get(t, "http://"+found[1]+"/healthz"); status != http.StatusServiceUnavailable {
		t.Errorf("/healthz: %d %s", status, body)
	}
}

// Polling works while the last answer to a poll is no older than a poll can take.
func TestHealthGrowsStale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMonitor()
		status := func() int {
			rec := httptest.NewRecorder()
			m.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/healthz", nil))
			return rec.Code
		}
		if got := status(); got != http.StatusServiceUnavailable {
			t.Errorf("before the first poll: %d", got)
		}
		m.Polled()
		time.Sleep(fresh)
		if got := status(); got != http.StatusOK {
			t.Errorf("after %v: %d", fresh, got)
		}
		time.Sleep(time.Second)
		if got := status(); got != http.StatusServiceUnavailable {
			t.Errorf("after %v and a second: %d", fresh, got)
		}
		m.Polled()
		if got := status(); got != http.StatusOK {
			t.Errorf("after another poll: %d", got)
		}
	})
}

// Without HTTP_ADDR no port is open.
func TestNoPortIsOpenByDefault(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	p := launch(t, "articlebot", w.url)
	p.polling()
	if open := listening(t, p.cmd.Process.Pid); open != 0 {
		t.Errorf("%d ports are open", open)
	}
	p = launch(t, "articlebot", w.url, "HTTP_ADDR=127.0.0.1:0")
	p.httpAddr()
	if open := listening(t, p.cmd.Process.Pid); open != 1 {
		t.Errorf("%d ports are open with HTTP_ADDR", open)
	}
}

// listening returns how many of a process's sockets listen, by Linux's account.
func listening(t *testing.T, pid int) (open int) {
	t.Helper()
	proc := "/proc/" + strconv.Itoa(pid)
	links, err := filepath.Glob(proc + "/fd/*")
	if err != nil || links == nil {
		t.Skip("no /proc here")
	}
	var sockets []string
	for _, link := range links {
		target, _ := os.Readlink(link) // it may be closed by now
		if inode, ok := strings.CutPrefix(target, "socket:["); ok {
			sockets = append(sockets, strings.TrimSuffix(inode, "]"))
		}
	}
	for _, table := range []string{"/net/tcp", "/net/tcp6"} {
		data, err := os.ReadFile(proc + table)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			const state, inode, listen = 3, 9, "0A"
			if f := strings.Fields(line); len(f) > inode && f[state] == listen && slices.Contains(sockets, f[inode]) {
				open++
			}
		}
	}
	return open
}
