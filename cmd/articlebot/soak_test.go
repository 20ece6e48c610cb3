package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"

	"articlebot/bot/emulator"
)

var soak = flag.Duration("soak", 0, "how long to soak the program; 0 for not at all")

// footprint is what a process holds.
type footprint struct{ rss, goroutines int } // kB, number

var (
	rssLine        = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)
	goroutinesLine = regexp.MustCompile(`(?m)^go_goroutines (\d+)`)
)

func (p *process) footprint(addr string) (f footprint) {
	p.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		p.t.Fatal(err)
	}
	_, metrics := get(p.t, "http://"+addr+"/metrics")
	for text, figure := range map[*regexp.Regexp]*int{rssLine: &f.rss, goroutinesLine: &f.goroutines} {
		found := text.FindStringSubmatch(string(status) + metrics)
		if found == nil {
			p.t.Fatalf("no %v", text)
		}
		*figure, _ = strconv.Atoi(found[1])
	}
	return f
}

// Soak is an hour's worth of traffic in some minutes: commands, presses, chatter
// and poison from thousands of chats, with all faults now and then. At its end
// the program holds no more than after a fifth of it.
//
//	go test ./cmd/articlebot -run Soak -v -soak 3m
func TestSoak(t *testing.T) {
	if *soak == 0 {
		t.Skip("takes minutes: -soak 3m")
	}
	w := newWire(t)
	w.Forget()
	for _, kind := range passing {
		if kind != emulator.Hang && kind != emulator.HangAfter { // they would be waited for
			w.Inject(emulator.Fault{Kind: kind, Probability: 0.0005, RetryAfter: 1})
		}
	}
	p := launch(t, "unpaced", w.url, "HTTP_ADDR=127.0.0.1:0")
	addr := p.httpAddr()
	random := rand.New(rand.NewPCG(5, 4))
	asked := 0
	fifth := func() footprint {
		for end := time.Now().Add(*soak / 5); time.Now().Before(end); asked++ {
			w.anything(random)
			if asked%100 == 0 {
				w.settled(30 * time.Second)
			}
		}
		w.settled(30 * time.Second)
		return p.footprint(addr)
	}
	first := fifth()
	t.Logf("after a fifth, %d updates: %+v", asked, first)
	var last footprint
	for range 4 {
		last = fifth()
		t.Logf("after %d updates: %+v", asked, last)
	}
	if last.rss > first.rss*5/4+4096 || last.goroutines > first.goroutines+50 {
		t.Errorf("grown from %+v to %+v", first, last)
	}
}

// anything is what may come from any of thousands of chats.
func (w *wire) anything(random *rand.Rand) {
	n := random.IntN(5000)
	reader := person
	reader.ID = int64(1_000_000 + n)
	switch random.IntN(10) {
	case 0:
		w.Write(emulator.Message{From: &reader, Text: words})
	case 1:
		w.Write(emulator.Message{Chat: group(n), From: &person, Text: words})
	case 2, 3:
		w.Write(emulator.Message{From: &reader, Text: "/summary"})
		w.Press(reader, reader.ID, 1, "quotes_ru")
	case 4:
		w.PushRaw(json.RawMessage(poisons[1+random.IntN(19)])) // the first is without an id
	default:
		w.ask(n)
	}
}
