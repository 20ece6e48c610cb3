package main

import (
	"testing"
	"time"
)

// A load of 500 commands takes no more connections than there are answers under
// way, and uses them again.
func TestConnectionsAreFewAndUsedAgain(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	w.Delay(100 * time.Millisecond)
	p := launch(t, "unpaced", w.url)
	p.polling()
	for n := range 500 {
		w.ask(n)
	}
	w.settled(30 * time.Second)
	w.mu.Lock()
	defer w.mu.Unlock()
	// A poll, and answers to all that Telegram shows at once. Of a hundred that
	// begin at the same moment some dial and then take a connection that came free.
	if w.calls["sendMessage"] != 500 || w.most > 101 || w.opened > 125 {
		t.Errorf("%d sends, %d connections at a time, %d opened", w.calls["sendMessage"], w.most, w.opened)
	}
	t.Logf("%d sends: %d connections at a time, %d opened", w.calls["sendMessage"], w.most, w.opened)
}
