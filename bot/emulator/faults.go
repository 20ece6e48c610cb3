package emulator

import (
	"context"
	"math/rand/v2"
	"slices"
)

// Fault is something that goes wrong with calls.
type Fault struct {
	Method      string    // of the calls it happens to; "" is every method, getUpdates included
	Kind        FaultKind // what happens
	Probability float64   // of its happening to a call; 0 means always
	Count       int       // how often it happens at most; 0 means without end
	RetryAfter  int       // seconds, for TooMany; at least 1 is answered
}

// FaultKind is what happens to a call. Unless it says otherwise the call is not carried out.
type FaultKind string

// The kinds of faults.
const (
	ResetBefore   FaultKind = "reset before"   // the connection is dropped
	ResetAfter    FaultKind = "reset after"    // the call is carried out, and the connection dropped in place of the answer
	Hang          FaultKind = "hang"           // no answer until the client gives up
	HangAfter     FaultKind = "hang after"     // the call is carried out, and no answer until the client gives up
	CutOff        FaultKind = "cut off"        // the call is carried out, and the connection dropped amid the answer
	NotJSON       FaultKind = "not JSON"       // 200 with a page of HTML
	BadGateway    FaultKind = "bad gateway"    // 502 with a page of HTML
	Nonsense      FaultKind = "nonsense"       // 200 with a result that is the string "nonsense"
	Empty         FaultKind = "empty"          // 200 without a body
	InternalError FaultKind = "internal error" // 500, in the form of the Bot API as all that follow
	TooMany       FaultKind = "too many"       // 429 with the fault's RetryAfter
	Conflict      FaultKind = "conflict"       // 409: another program polls
	WebhookSet    FaultKind = "webhook set"    // 409: updates go to a webhook
	Unauthorized  FaultKind = "unauthorized"   // 401: the token is none
	Blocked       FaultKind = "blocked"        // 403: by the user
	Kicked        FaultKind = "kicked"         // 403: out of the supergroup
	ChatGone      FaultKind = "chat gone"      // 400: there is no such chat
)

// spoiled is the answers that are none of the Bot API's.
var spoiled = map[FaultKind]answer{
	ResetBefore: {dropped: true},
	ResetAfter:  {dropped: true},
	NotJSON:     page(200, "text/html", "<html><body>It works!</body></html>"),
	BadGateway:  page(502, "text/html", "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"),
	Nonsense:    page(200, "application/json", `{"ok":true,"result":"nonsense"}`),
	Empty:       page(200, "application/json", ""),
}

// faultErrors is the refusals that faults make without a reason.
var faultErrors = map[FaultKind]*Error{
	InternalError: {Code: 500, Description: "Internal Server Error"},
	Conflict:      conflict,
	WebhookSet: {Code: 409, Description: "Conflict: can't use getUpdates method while webhook is active; " +
		"use deleteWebhook to delete the webhook first"},
	Unauthorized: unauthorized,
	Blocked:      {Code: 403, Description: "Forbidden: bot was blocked by the user"},
	Kicked:       {Code: 403, Description: "Forbidden: bot was kicked from the supergroup chat"},
	ChatGone:     bad("chat not found"),
}

// faults is what goes wrong at present. It is guarded by the Server's mutex.
type faults struct {
	active []Fault
	random *rand.Rand
}

// Inject makes a fault happen from now on, beside those that do already. To one call one fault happens: the one that
// was injected first, of those that would.
func (s *Server) Inject(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.active = append(s.faults.active, f)
}

// Heal ends all faults. Calls that hang go on hanging.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.active = nil
}

// Seed begins the random numbers anew that decide on faults with a probability. A new Server has the seed 0.
func (s *Server) Seed(seed uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.random = rand.New(rand.NewPCG(seed, 0))
}

// nextFault is the fault that happens to a call of method, or one of no kind.
func (s *Server) nextFault(method string) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults.active {
		if f.Method != "" && f.Method != method || f.Probability != 0 && s.faults.random.Float64() >= f.Probability {
			continue
		}
		switch f.Count {
		case 0:
		case 1:
			s.faults.active = slices.Delete(s.faults.active, i, i+1)
		default:
			s.faults.active[i].Count--
		}
		return f
	}
	return Fault{}
}

// carriesOut reports whether the call is carried out all the same.
func (f Fault) carriesOut() bool {
	switch f.Kind {
	case "", ResetAfter, HangAfter, CutOff:
		return true
	}
	return false
}

// refusal is the error the fault answers with, or nil.
func (f Fault) refusal() *Error {
	if f.Kind == TooMany {
		return tooMany(f.RetryAfter)
	}
	return faultErrors[f.Kind]
}

// spoil is what comes of a right answer.
func (f Fault) spoil(ctx context.Context, right answer) answer {
	switch f.Kind {
	case Hang, HangAfter:
		<-ctx.Done()
	case CutOff:
		right.cut = true
	}
	if wrong, ok := spoiled[f.Kind]; ok {
		return wrong
	}
	return right
}
