package telegram

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"articlebot/bot/emulator"
)

func newPacer() *pacer { return &pacer{limits: TelegramLimits, chats: map[int64]*pace{}} }

// count asks for a message every interval, and counts the verdicts.
func (p *pacer) count(chat int64, group bool, times int, interval time.Duration) (counts [3]int) {
	for range times {
		v, _ := p.admit(Job{Chat: chat, Group: group})
		counts[v]++
		time.Sleep(interval)
	}
	return counts
}

func TestAFloodGetsItsAllowanceAndOneNotice(t *testing.T) {
	for _, c := range []struct {
		name     string
		group    bool
		interval time.Duration
		times    int
		want     [3]int // sent, notices, dropped
	}{
		{"a person who presses five times in a row", false, 100 * time.Millisecond, 5, [3]int{5, 0, 0}},
		{"a person who asks every other second for an hour", false, 2 * time.Second, 1800, [3]int{1800, 0, 0}},
		{"a group that asks every four seconds for an hour", true, 4 * time.Second, 900, [3]int{900, 0, 0}},
		{"a hundred a second for a minute in private", false, 10 * time.Millisecond, 6000, [3]int{59, 1, 5940}},
		{"a hundred a second for two minutes in a group", true, 10 * time.Millisecond, 12000, [3]int{39, 1, 11960}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if got := newPacer().count(7, c.group, c.times, c.interval); got != c.want {
					t.Errorf("sent, notices, dropped: %v, want %v", got, c.want)
				}
			})
		})
	}
}

func TestAFloodThatEndedIsForgiven(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer()
		p.count(7, false, 100, 0)
		time.Sleep(memory)
		if got := p.count(7, false, 7, 0); got != [3]int{5, 1, 1} {
			t.Errorf("after the flood: %v", got)
		}
	})
}

// Commands sent now and then, which have all waited for a bot that was away, are
// all answered, no faster than the chat allows.
func TestABacklogIsNoFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer()
		start := time.Now()
		for i := range 40 {
			v, due := p.admit(Job{Chat: 7, Group: true, Date: start.Add(-time.Hour + time.Duration(i)*time.Minute)})
			if v != send {
				t.Fatalf("command %d: %v", i, v)
			}
			if want := start.Add(time.Duration(i/20) * 61 * time.Second); i%20 < 6 && due != want {
				t.Errorf("answer %d is due %v after the restart, not %v", i, due.Sub(start), want.Sub(start))
			}
		}
	})
}

func TestAMillionChatsCostAFixedTable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer()
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		for i := range 1_000_000 {
			if v, _ := p.admit(Job{Chat: int64(i), Group: i%2 == 0}); v != send {
				t.Fatalf("chat %d: %v", i, v)
			}
			if i%30 == 0 {
				time.Sleep(time.Second)
			}
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		if len(p.chats) > chatTable || int64(after.HeapAlloc)-int64(before.HeapAlloc) > 4<<20 {
			t.Errorf("%d chats, %d bytes more", len(p.chats), int64(after.HeapAlloc)-int64(before.HeapAlloc))
		}
		t.Logf("a million chats: %d remembered, %d kB", len(p.chats), (int64(after.HeapAlloc)-int64(before.HeapAlloc))>>10)
	})
}

// A flooded chat that is forgotten for want of room is treated as a new one: the
// table stays bounded even if every chat floods.
func TestTheTableIsBoundedWhateverComes(t *testing.T) {
	p := newPacer()
	for i := range 3 * chatTable {
		p.admit(Job{Chat: int64(i)})
	}
	if len(p.chats) > chatTable {
		t.Errorf("%d chats", len(p.chats))
	}
}

// answerBench is a poller with Telegram's limits on both sides; its answers are
// messages.
func answerBench(t *testing.T) *bench {
	var b *bench
	b = newBench(t, TelegramLimits, func(ctx context.Context, text string) error {
		chat, _, _ := strings.Cut(text, " ")
		_, err := b.Client.Call(ctx, "sendMessage", map[string]string{"chat_id": chat, "text": text})
		return err
	})
	b.server.Limit(emulator.TelegramLimits)
	b.server.Delay(50 * time.Millisecond)
	return b
}

func (b *bench) ask(chat int64, n int) {
	group := chat < 0
	text := fmt.Sprintf("%d %d", chat, n)
	if !group {
		b.write(chat, text)
		return
	}
	b.server.Write(emulator.Message{Chat: emulator.Chat{ID: chat, Type: "supergroup", Title: "G"}, From: &emulator.User{ID: 1, FirstName: "R"}, Text: text})
}

// sends returns the sends that went through and the number of 429s.
func (b *bench) sends() (sent []emulator.Call, throttled int) {
	for _, call := range b.server.Journal() {
		switch {
		case call.Err == nil:
			sent = append(sent, call)
		case call.Err.Code == 429:
			throttled++
		}
	}
	return sent, throttled
}

// A rush of 900 commands from 320 chats within 20 s is answered completely, at
// the pace that 30 a second allow, and without being told to wait.
func TestARushIsAnsweredAtTelegramsPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := answerBench(t)
		stop := b.start(t)
		start := time.Now()
		random := rand.New(rand.NewPCG(1, 2))
		for i, chat := range random.Perm(900) {
			b.ask(int64(chat%320)+1, i)
			time.Sleep(20 * time.Second / 900)
		}
		if err := b.server.Settled(t.Context()); err != nil {
			t.Fatal(err)
		}
		took := time.Since(start)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		sent, throttled := b.sends()
		if pace := 900 / 30 * time.Second; len(sent) != 900 || throttled > 3 || took > pace*100/95 {
			t.Errorf("%d answers in %v, %d times told to wait", len(sent), took, throttled)
		}
		t.Logf("900 answers in %v: %.1f %% of the pace of 30 a second; told to wait %d times", took, 100*30/took.Seconds(), throttled)
	})
}

// One group that sends a hundred commands a second leaves the others' answers
// under two seconds, and itself gets what its limit allows and one notice.
func TestAFloodHurtsNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := answerBench(t)
		stop := b.start(t)
		asked := map[string]time.Time{}
		for i := range 6000 { // a minute
			b.ask(-100, i)
			if i%10 == 0 { // ten others a second
				chat := int64(i/10%200) + 1
				asked[fmt.Sprintf("%d %d", chat, i)] = time.Now()
				b.ask(chat, i)
			}
			time.Sleep(10 * time.Millisecond)
		}
		if err := b.server.Settled(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		sent, throttled := b.sends()
		var took []time.Duration
		flooded := 0
		for _, call := range sent {
			if call.Message.Chat.ID == -100 {
				flooded++
				continue
			}
			took = append(took, call.Time.Sub(asked[call.Message.Text]))
		}
		slices.Sort(took)
		p99 := took[len(took)*99/100]
		if len(took) != len(asked) || p99 > 2*time.Second || throttled > 6 || flooded < 19 || flooded > 20 || b.notices != 1 {
			t.Errorf("%d of %d others, p99 %v; the group %d answers, %d notices; told to wait %d times", len(took), len(asked), p99, flooded, b.notices, throttled)
		}
		t.Logf("others: p99 %v, slowest %v; the flooded group: %d answers, told to wait %d times", p99, took[len(took)-1], flooded, throttled)
	})
}
