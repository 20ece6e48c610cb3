package emulator_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"articlebot/bot/emulator"
)

// faultCases is what a client sees of a sendMessage that a fault happens to.
var faultCases = []struct {
	kind       emulator.FaultKind
	carriedOut bool
	want       string
}{
	{emulator.ResetBefore, false, "dropped"},
	{emulator.ResetAfter, true, "dropped"},
	{emulator.Hang, false, "gave up"},
	{emulator.HangAfter, true, "gave up"},
	{emulator.CutOff, true, "200 cut off"},
	{emulator.NotJSON, false, "200 <html><body>It works!</body></html>"},
	{emulator.BadGateway, false, "502 <html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"},
	{emulator.Nonsense, false, `200 {"ok":true,"result":"nonsense"}`},
	{emulator.Empty, false, "200 "},
	{emulator.InternalError, false, `500 {"ok":false,"error_code":500,"description":"Internal Server Error"}`},
	{emulator.TooMany, false, `429 {"ok":false,"error_code":429,"description":"Too Many Requests: retry after 35",` +
		`"parameters":{"retry_after":35}}`},
	{emulator.Conflict, false, `409 {"ok":false,"error_code":409,"description":"Conflict: terminated by other ` +
		`getUpdates request; make sure that only one bot instance is running"}`},
	{emulator.WebhookSet, false, `409 {"ok":false,"error_code":409,"description":"Conflict: can't use getUpdates ` +
		`method while webhook is active; use deleteWebhook to delete the webhook first"}`},
	{emulator.Unauthorized, false, `401 {"ok":false,"error_code":401,"description":"Unauthorized"}`},
	{emulator.Blocked, false,
		`403 {"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}`},
	{emulator.Kicked, false,
		`403 {"ok":false,"error_code":403,"description":"Forbidden: bot was kicked from the supergroup chat"}`},
	{emulator.ChatGone, false, `400 {"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`},
}

func TestFaultsWithoutANetwork(t *testing.T) {
	for _, c := range faultCases {
		t.Run(string(c.kind), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, _ := inPrivate(t)
				s.Inject(emulator.Fault{Kind: c.kind, RetryAfter: 35})
				got := seen(t, &http.Client{Transport: s}, "https://api.telegram.org", time.Hour)
				checkFault(t, s, c.kind, c.carriedOut, got, c.want)
			})
		})
	}
}

func TestFaultsOverHTTP(t *testing.T) {
	for _, c := range faultCases {
		t.Run(string(c.kind), func(t *testing.T) {
			s, _ := inPrivate(t)
			s.Inject(emulator.Fault{Kind: c.kind, RetryAfter: 35})
			server := httptest.NewUnstartedServer(s)
			server.Config.ErrorLog = log.New(t.Output(), "", 0)
			server.Start()
			defer server.Close()
			got := seen(t, server.Client(), server.URL, 100*time.Millisecond)
			checkFault(t, s, c.kind, c.carriedOut, got, c.want)
		})
	}
}

// seen is what comes of a sendMessage: a status and a body, or how it failed. The client gives up after a while.
func seen(t *testing.T, client *http.Client, host string, patience time.Duration) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	form := strings.NewReader(url.Values{"chat_id": {"7"}, "text": {"x"}}.Encode())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, host+"/bot"+token+"/sendMessage", form)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := client.Do(r)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		return "dropped"
	case errors.Is(err, context.DeadlineExceeded):
		return "gave up"
	case err != nil:
		return err.Error()
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if errors.Is(err, io.ErrUnexpectedEOF) && len(body) > 0 && !json.Valid(body) {
		return strconv.Itoa(response.StatusCode) + " cut off"
	}
	if err != nil {
		return err.Error()
	}
	return strconv.Itoa(response.StatusCode) + " " + string(body)
}

// checkFault compares what the client saw, what stands in the chat and what the journal says.
func checkFault(t *testing.T, s *emulator.Server, kind emulator.FaultKind, carriedOut bool, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if _, stands := s.Message(aida.ID, 2); stands != carriedOut {
		t.Errorf("the message stands: %v, want %v", stands, carriedOut)
	}
	journal := s.Journal()
	if len(journal) != 1 {
		t.Fatalf("%d calls in the journal", len(journal))
	}
	c := journal[0]
	if c.Fault != kind || (c.Message != nil) != carriedOut || (c.Result != nil) != carriedOut || c.Time.IsZero() {
		t.Errorf("in the journal: %+v", c)
	}
	if refused := strings.Contains(want, `"error_code"`); (c.Err != nil) != refused {
		t.Errorf("in the journal: %v", c.Err)
	}
}

func TestFaultsHappenToTheirMethodAndSoOften(t *testing.T) {
	s, chat := inPrivate(t)
	s.Inject(emulator.Fault{Method: "sendMessage", Kind: emulator.Blocked, Count: 2})
	s.Inject(emulator.Fault{Method: "sendMessage", Kind: emulator.Kicked, Count: 1})
	s.Inject(emulator.Fault{Method: "getMe", Kind: emulator.Unauthorized})
	const blocked = "403 Forbidden: bot was blocked by the user"
	const kicked = "403 Forbidden: bot was kicked from the supergroup chat"
	for i, want := range []string{blocked, blocked, kicked, "accepted"} {
		if _, err := call(s, "sendMessage", chat, "text", "x"); describe(err) != want {
			t.Errorf("send %d: got %v, want %s", i, err, want)
		}
	}
	for range 3 {
		if _, err := invoke(t.Context(), s, "getMe"); describe(err) != "401 Unauthorized" {
			t.Errorf("without a count: got %v", err)
		}
	}
	s.Heal()
	if _, err := invoke(t.Context(), s, "getMe"); err != nil {
		t.Errorf("healed: got %v", err)
	}
}

func TestFaultsOfAllMethodsHappenToPolls(t *testing.T) {
	s, _ := inPrivate(t)
	s.Inject(emulator.Fault{Kind: emulator.WebhookSet, Count: 1})
	if _, err := invoke(t.Context(), s, "getUpdates"); !strings.HasPrefix(describe(err), "409 Conflict: can't use") {
		t.Errorf("got %v", err)
	}
	s.Inject(emulator.Fault{Kind: emulator.ResetAfter, Count: 1})
	if _, err := invoke(t.Context(), s, "getUpdates", "offset", "-1"); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
	journal := s.Journal()
	if len(journal) != 2 || journal[0].Err == nil || !strings.Contains(string(journal[1].Result), "/start") {
		t.Errorf("in the journal: %+v", journal)
	}
}

func TestTooManyTellsAtLeastOneSecond(t *testing.T) {
	s, chat := inPrivate(t)
	s.Inject(emulator.Fault{Kind: emulator.TooMany})
	_, err := call(s, "sendMessage", chat, "text", "x")
	if e, ok := errors.AsType[*emulator.Error](err); !ok || e.Parameters == nil || e.Parameters.RetryAfter != 1 {
		t.Errorf("got %v", err)
	}
}

func TestFaultsWithAProbabilityAreSeeded(t *testing.T) {
	draw := func(seed uint64) (hits string) {
		s, chat := inPrivate(t)
		s.Seed(seed)
		s.Inject(emulator.Fault{Kind: emulator.Blocked, Probability: 0.3})
		for range 1000 {
			_, err := call(s, "sendMessage", chat, "text", "x")
			hits += describe(err)[:1]
		}
		return hits
	}
	first := draw(1)
	if n := strings.Count(first, "4"); n < 250 || n > 350 {
		t.Errorf("%d of 1000 at 0.3", n)
	}
	if first != draw(1) || first == draw(2) {
		t.Error("the same seed makes the same faults, and another seed others")
	}
}

func TestDelayIsTheWayThereAndBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, chat := inPrivate(t)
		s.Delay(300 * time.Millisecond)
		start := time.Now()
		call(s, "sendMessage", chat, "text", "x")
		if took, there := time.Since(start), s.Journal()[0].Time.Sub(start); took != 300*time.Millisecond || there != took/2 {
			t.Errorf("carried out after %v, took %v", there, took)
		}
		start = time.Now()
		poll(t, s)
		if took := time.Since(start); took != 0 {
			t.Errorf("a poll took %v", took)
		}
	})
}

func TestDelayEndsWithTheContext(t *testing.T) {
	for patience, carriedOut := range map[time.Duration]bool{time.Second: false, 3 * time.Second: true} {
		synctest.Test(t, func(t *testing.T) {
			s, chat := inPrivate(t)
			s.Delay(4 * time.Second)
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			start := time.Now()
			_, err := invoke(ctx, s, "sendMessage", "chat_id", chat, "text", "x")
			if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != patience {
				t.Errorf("got %v after %v", err, time.Since(start))
			}
			if _, stands := s.Message(aida.ID, 2); stands != carriedOut {
				t.Errorf("given up after %v: stands %v", patience, stands)
			}
		})
	}
}
