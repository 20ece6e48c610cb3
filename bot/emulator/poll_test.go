package emulator_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"articlebot/bot/emulator"
)

// poll calls getUpdates and returns the ids it got.
func poll(t *testing.T, s *emulator.Server, params ...string) []int {
	t.Helper()
	result, err := invoke(t.Context(), s, "getUpdates", params...)
	if err != nil {
		t.Fatal(err)
	}
	var updates []struct {
		ID int `json:"update_id"`
	}
	if err := json.Unmarshal(result, &updates); err != nil {
		t.Fatal(err)
	}
	var ids []int
	for _, u := range updates {
		ids = append(ids, u.ID)
	}
	return ids
}

func push(s *emulator.Server, n int) (ids []int) {
	for range n {
		ids = append(ids, s.Push(map[string]any{"message": map[string]any{}}))
	}
	return ids
}

func equal(t *testing.T, what string, got, want []int) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestUpdatesComeAgainUntilAcknowledged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := emulator.New(token, bot)
		ids := push(s, 3)
		equal(t, "first", poll(t, s), ids)
		time.Sleep(time.Second)
		equal(t, "again", poll(t, s), ids)
		equal(t, "offset of the first", poll(t, s, "offset", fmt.Sprint(ids[0])), ids)
		equal(t, "offset of the second", poll(t, s, "offset", fmt.Sprint(ids[1])), ids[1:])
		equal(t, "a lower offset brings nothing back", poll(t, s, "offset", fmt.Sprint(ids[0])), ids[1:])
		equal(t, "offset past the last", poll(t, s, "offset", fmt.Sprint(ids[2]+1)), nil)
	})
}

func TestNegativeOffsetLeavesTheLast(t *testing.T) {
	s := emulator.New(token, bot)
	ids := push(s, 3)
	equal(t, "more than there are", poll(t, s, "offset", "-9"), ids)
	equal(t, "two", poll(t, s, "offset", "-2"), ids[1:])
	equal(t, "the rest is gone", poll(t, s), ids[1:])
}

func TestLimitIsFrom1To100(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := emulator.New(token, bot)
		ids := push(s, 101)
		for limit, want := range map[string]int{"": 100, "-1": 1, "0": 1, "1": 1, "7": 7, "100": 100, "500": 100} {
			time.Sleep(time.Second)
			equal(t, "limit "+limit, poll(t, s, "limit", limit), ids[:want])
		}
	})
}

func TestOnlyTheKindsAskedForAreQueued(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := emulator.New(token, bot)
		first := push(s, 1)
		equal(t, "what came before stays", poll(t, s, "allowed_updates", `["callback_query"]`), first)
		push(s, 1)
		press := s.Push(map[string]any{"callback_query": map[string]any{}})
		equal(t, "after", poll(t, s, "offset", fmt.Sprint(first[0]+1)), []int{press})
		for _, nothing := range []string{"", "null"} {
			poll(t, s, "allowed_updates", nothing)
			push(s, 1)
			equal(t, "the kinds stay as they were", poll(t, s), []int{press})
		}
		poll(t, s, "allowed_updates", "[]")
		time.Sleep(time.Second)
		equal(t, "an empty list means all", append([]int{press}, push(s, 1)...), poll(t, s))
	})
}

func TestTheSameOffsetInHaste(t *testing.T) {
	for _, c := range []struct {
		name    string
		after   time.Duration // the second poll comes after the first
		offset  int           // of the second poll; 0 is that of the first
		timeout string        // of the second poll
		pending int           // updates
		takes   time.Duration
		gets    int
	}{
		{"is slowed to 3 s", 0, 0, "0", 0, 3 * time.Second, 0},
		{"is slowed to 3 s until 3 s are over", 2999 * time.Millisecond, 0, "2", 0, 3 * time.Second, 0},
		{"is not slowed after 3 s", 3 * time.Second, 0, "0", 0, 0, 0},
		{"keeps a longer timeout", 0, 0, "7", 0, 7 * time.Second, 0},
		{"is not slowed where updates wait", time.Second, 0, "0", 2, 0, 2},
		{"gets one update within 0.5 s", 499 * time.Millisecond, 0, "0", 2, 0, 1},
		{"gets all after 0.5 s", 500 * time.Millisecond, 0, "0", 2, 0, 2},
		{"does not matter with another offset", 0, 1, "0", 2, 0, 2},
		{"does not slow another offset", 0, 1, "0", 0, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := emulator.New(token, bot)
				poll(t, s)
				time.Sleep(c.after)
				push(s, c.pending)
				start := time.Now()
				ids := poll(t, s, "offset", fmt.Sprint(c.offset), "timeout", c.timeout)
				if len(ids) != c.gets || time.Since(start) != c.takes {
					t.Errorf("got %d after %v, want %d after %v", len(ids), time.Since(start), c.gets, c.takes)
				}
			})
		})
	}
}

func TestLongPollReturnsAsSoonAsAnUpdateComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := emulator.New(token, bot)
		start := time.Now()
		time.AfterFunc(7*time.Second, func() { push(s, 1) })
		if ids := poll(t, s, "timeout", "30"); len(ids) != 1 || time.Since(start) != 7*time.Second {
			t.Errorf("got %v after %v", ids, time.Since(start))
		}
	})
}

func TestLongPollEndsEmptyAfterItsTimeout(t *testing.T) {
	for timeout, want := range map[string]time.Duration{"": 0, "-5": 0, "3": 3 * time.Second, "900": 50 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			s := emulator.New(token, bot)
			start := time.Now()
			if ids := poll(t, s, "timeout", timeout); len(ids) != 0 || time.Since(start) != want {
				t.Errorf("timeout %q: got %v after %v, want %v", timeout, ids, time.Since(start), want)
			}
		})
	}
}

func TestLongPollEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := emulator.New(token, bot)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		_, err := invoke(ctx, s, "getUpdates", "timeout", "50")
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		equal(t, "the next poll is not disturbed", push(s, 1), poll(t, s))
	})
}

func TestOfTwoPollsTheOlderIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := emulator.New(token, bot)
		var older error
		var wait sync.WaitGroup
		start := time.Now()
		wait.Go(func() {
			_, older = invoke(t.Context(), s, "getUpdates", "timeout", "50")
			if took := time.Since(start); took != 0 {
				t.Errorf("refused after %v", took)
			}
		})
		synctest.Wait()
		wait.Go(func() { poll(t, s, "timeout", "10") })
		wait.Wait()
		const want = "409 Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
		if got := describe(older); got != want {
			t.Errorf("got %s", got)
		}
	})
}

func TestSettledWaitsForTheAcknowledgement(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := emulator.New(token, bot)
		if err := s.Settled(t.Context()); err != nil {
			t.Fatal(err)
		}
		ids := push(s, 2)
		done := make(chan error)
		go func() { done <- s.Settled(t.Context()) }()
		synctest.Wait()
		push(s, 1) // comes too late to be waited for
		for _, offset := range ids {
			poll(t, s, "offset", fmt.Sprint(offset))
			synctest.Wait()
			select {
			case <-done:
				t.Fatalf("settled at offset %d", offset)
			default:
			}
		}
		poll(t, s, "offset", fmt.Sprint(ids[1]+1))
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestSettledEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := emulator.New(token, bot)
		push(s, 1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := s.Settled(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

func TestRawUpdatesAreDeliveredByteForByte(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := emulator.New(token, bot)
		first := s.PushRaw(json.RawMessage(`{"message":{"text":7}}`))
		own := s.PushRaw(json.RawMessage(`{ "update_id": 800000000, "message": [] }`))
		broken := s.PushRaw(json.RawMessage(`{"update_id":`))
		result, err := invoke(t.Context(), s, "getUpdates")
		if err == nil || own != 800000000 || broken != own+1 {
			t.Errorf("got %s, %v; ids %d, %d", result, err, own, broken)
		}
		time.Sleep(time.Second)
		result, err = invoke(t.Context(), s, "getUpdates", "limit", "2")
		want := fmt.Sprintf(`[{"update_id":%d,"message":{"text":7}},{ "update_id": 800000000, "message": [] }]`, first)
		if err != nil || string(result) != want {
			t.Errorf("got  %s, %v\nwant %s", result, err, want)
		}
		equal(t, "the broken one is acknowledged too", poll(t, s, "offset", fmt.Sprint(broken+1)), nil)
	})
}

func TestManyAtOnce(t *testing.T) {
	s, chat := inPrivate(t)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 50 {
				m := s.Write(emulator.Message{From: &aida, Text: "/quotes"})
				s.Press(aida, aida.ID, m.ID, "x")
				call(s, "sendMessage", chat, "text", "hi", "reply_to_message_id", fmt.Sprint(m.ID))
				s.Message(aida.ID, m.ID)
				s.Journal()
				s.Unanswered()
				invoke(t.Context(), s, "getUpdates", "offset", "-1", "timeout", "1")
			}
		})
	}
	wait.Wait()
	if n := len(s.Journal()); n != 400 {
		t.Errorf("%d calls in the journal", n)
	}
	if n := strings.Count(fmt.Sprint(s.Unanswered()), " ") + 1; n != 400 {
		t.Errorf("%d queries unanswered", n)
	}
}
