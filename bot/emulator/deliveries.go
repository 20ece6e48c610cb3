package emulator

import "time"

// Delivery is what became of an update. The times of what has not happened are zero.
type Delivery struct {
	UpdateID  int
	Chat      int64  // of a message or a press; 0 for what came through Push or PushRaw
	MessageID int    // of the message, or of the one under which a button was pressed
	Query     string // the id of the callback query of a press

	Queued       time.Time
	Delivered    time.Time // first; it counts too where a fault then lost the answer
	Acknowledged time.Time
	Times        int // how often it was delivered

	asks bool // an answer is due
}

// Deliveries is every update that was ever queued, in order.
func (s *Server) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Delivery, len(s.deliveries))
	for i, d := range s.deliveries {
		all[i] = *d
	}
	return all
}

// Forget makes the server keep from now on only what it works with, for long runs: no journal, no deliveries and no
// messages, and those there were are gone. What stays grows with the number of chats, and with the updates and presses
// that wait for the bot. Every id that was given to a message stays good: the message can be replied to, and edited to
// any text, whoever wrote it.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forgets, s.journal, s.deliveries = true, nil, nil
	for _, c := range s.chats {
		c.messages = nil
	}
}
