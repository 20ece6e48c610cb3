package main

import (
	"math/rand/v2"
	"testing"
	"time"
)

// Killed at twenty random moments under a stream of commands, the program
// answers after its restarts what it has not answered before.
func TestNoCommandIsLostWhenTheProcessIsKilled(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	w.Delay(80 * time.Millisecond)
	stop := w.stream(8 * time.Millisecond)
	random := rand.New(rand.NewPCG(20, 9))
	for range 20 {
		p := launch(t, "unpaced", w.url)
		time.Sleep(time.Duration(random.Int64N(int64(700 * time.Millisecond))))
		p.kill()
	}
	launch(t, "unpaced", w.url)
	stop()
	w.settled(30 * time.Second)
	again := 0
	for _, d := range w.Deliveries() {
		again += min(1, d.Times-1)
	}
	got := w.tally()
	if got.missing != 0 || got.asked < 100 || again == 0 {
		t.Errorf("%v, %d delivered again", got, again)
	}
	t.Logf("20 kills: %v; %d updates were delivered more than once", got, again)
}
