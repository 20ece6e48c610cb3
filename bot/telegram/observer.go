package telegram

import "time"

// Observer is told what happens on the wire, for metrics. It is called by many
// goroutines at once. No argument holds anything of a reader's.
type Observer interface {
	// Polled tells of a poll that Telegram answered.
	Polled()
	// Received tells of an update of a kind, as the Bot API names it.
	Received(kind string)
	// Answered tells what became of an answer: "answered", "refused",
	// "dropped", "lost" after a panic, "unfinished" at a stop.
	Answered(name, outcome string)
	// Called tells of one attempt of a call: "ok", an HTTP status or error code
	// of Telegram's, or "network".
	Called(method, result string, took time.Duration)
}

// nobody is the Observer where nobody looks.
type nobody struct{}

func (nobody) Polled()                              {}
func (nobody) Received(string)                      {}
func (nobody) Answered(string, string)              {}
func (nobody) Called(string, string, time.Duration) {}
