package emulator

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// Server is the Bot API of one bot. Its methods may be called from many goroutines.
type Server struct {
	token string
	self  User

	mu         sync.Mutex
	queue      queue
	deliveries []*Delivery
	chats      map[int64]*room
	names      map[string]*room   // the chats by their @names in lower case
	inline     map[string]Message // what stands in the messages sent through inline mode
	presses    int                // how many there were
	unanswered map[string]bool    // the ids of their callback queries that wait
	journal    []Call
	forgets    bool

	delay  time.Duration
	faults faults
	limits Limits
	second window // the messages of the last second
}

// New is the Bot API of the bot self, which proves itself with token. It knows no chats yet, has no latency, no limits
// and no faults.
func New(token string, self User) *Server {
	return &Server{
		token:      token,
		self:       self,
		queue:      newQueue(),
		chats:      map[int64]*room{},
		names:      map[string]*room{},
		inline:     map[string]Message{},
		unanswered: map[string]bool{},
		faults:     faults{random: rand.New(rand.NewPCG(0, 0))},
	}
}

// Call is one call that was made to the server. Either Result or Err is set, whether or not the answer reached the bot;
// neither is where a Fault kept the call from being carried out. Message is what the call sent or edited, as it stood
// right after it.
type Call struct {
	Method  string
	Params  map[string]string
	Result  json.RawMessage
	Err     *Error
	Message *Message
	Time    time.Time // when it was carried out, or refused
	Fault   FaultKind // what happened to it, "" if nothing did

	replyTo int // the message it asked to reply to, there or not
}

// Journal is every call made so far, in order. Calls of getMe and getUpdates are in it only with a fault.
func (s *Server) Journal() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.journal)
}

// Delay makes every call but getUpdates take at least d: half of it passes before the call is carried out and half
// after, as on the way there and back. A call whose context ends on the way there is not carried out.
func (s *Server) Delay(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delay = d
}

// serve answers a call, with the latency and the fault it meets.
func (s *Server) serve(ctx context.Context, name string, params map[string]string) answer {
	there, back := s.latency(name)
	if !pause(ctx, there) {
		return answer{}
	}
	f := s.nextFault(name)
	c := s.call(ctx, f, name, params)
	pause(ctx, back)
	return f.spoil(ctx, respond(c.Result, c.Err))
}

func (s *Server) latency(name string) (there, back time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if name == "getUpdates" {
		return 0, 0
	}
	return s.delay / 2, s.delay - s.delay/2
}

// pause waits, and returns false when ctx ends first.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// call makes a call, if fault f lets it be carried out, and writes it into the journal.
func (s *Server) call(ctx context.Context, f Fault, name string, params map[string]string) Call {
	r := request{ctx: ctx, params: params}
	c := Call{Method: name, Params: params, Fault: f.Kind, Err: f.refusal()}
	m, known := methods[name]
	carryOut := f.carriesOut()
	if carryOut {
		c.Err = check(name, &r)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if carryOut && c.Err == nil {
		c.Result, c.Err = s.run(m, &r)
	}
	c.Message, c.replyTo, c.Time = r.sent, r.reply.ID, time.Now()
	if !s.forgets && (!known || !m.quiet || f.Kind != "") {
		s.journal = append(s.journal, c)
	}
	return c
}

// run carries out a call that was checked, within the limits.
func (s *Server) run(m method, r *request) (json.RawMessage, *Error) {
	now := time.Now()
	var c *room
	if m.counts {
		c, _ = s.chat(r.params["chat_id"]) // m.run is going to refuse a wrong one
		if err := s.limited(c, now); err != nil {
			return nil, err
		}
	}
	result, err := m.run(s, r)
	if err != nil {
		return nil, err
	}
	if m.counts {
		s.count(c, now)
	}
	if raw, ok := result.(json.RawMessage); ok {
		return raw, nil
	}
	return mustJSON(result), nil
}
