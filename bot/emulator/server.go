package emulator

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Server is the Bot API of one bot. Its methods may be called from many goroutines.
type Server struct {
	token string
	self  User

	mu      sync.Mutex
	queue   queue
	chats   map[int64]*room
	inline  map[string]Message // what stands in the messages sent through inline mode
	presses []press
	journal []Call
}

// New is the Bot API of the bot self, which proves itself with token. It knows no chats yet.
func New(token string, self User) *Server {
	return &Server{
		token:  token,
		self:   self,
		queue:  newQueue(),
		chats:  map[int64]*room{},
		inline: map[string]Message{},
	}
}

// Call is one call that was made to the server. Either Result or Err is set. Message is what the call sent or edited,
// as it stood right after it.
type Call struct {
	Method  string
	Params  map[string]string
	Result  json.RawMessage
	Err     *Error
	Message *Message
	Time    time.Time
}

// Journal is every call made so far, in order, without getMe and getUpdates.
func (s *Server) Journal() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.journal)
}

// ServeHTTP answers /bot<token>/<method> as api.telegram.org does. It returns without an answer when the request's
// context ends during a long poll.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, ok := strings.CutPrefix(r.URL.Path, "/bot")
	token, method, isCall := strings.Cut(path, "/")
	switch {
	case !ok || !isCall:
		respond(w, nil, &Error{Code: 404, Description: "Not Found"})
		return
	case token != s.token:
		respond(w, nil, &Error{Code: 401, Description: "Unauthorized"})
		return
	}
	params, err := readParams(r)
	if err != nil {
		respond(w, nil, err)
		return
	}
	result, err := s.call(r, method, params)
	if r.Context().Err() == nil {
		respond(w, result, err)
	}
}

// call makes a call and writes it into the journal.
func (s *Server) call(r *http.Request, name string, params map[string]string) (json.RawMessage, *Error) {
	req := request{params: params}
	m, known := methods[name]
	err := check(name, &req)
	if err == nil && m.wait != nil {
		return m.wait(s, r.Context(), &req)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var result any
	if err == nil {
		result, err = m.run(s, &req)
	}
	c := Call{Method: name, Params: params, Err: err, Time: time.Now()}
	if err == nil {
		c.Result = mustJSON(result)
		c.Message = req.sent
	}
	if !known || !m.quiet {
		s.journal = append(s.journal, c)
	}
	return c.Result, err
}

// respond writes an answer in the form all answers of the Bot API have; the HTTP status is the error's code.
func respond(w http.ResponseWriter, result json.RawMessage, err *Error) {
	body, status := []byte(`{"ok":true,"result":`+string(result)+"}"), http.StatusOK
	if err != nil {
		status = err.Code
		body = mustJSON(struct {
			OK bool `json:"ok"`
			*Error
		}{Error: err})
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(body)
}

// RoundTrip answers a request without a network, in the caller's goroutine: an http.Client with a Server for its
// Transport talks to the emulator whatever host it calls. It returns the error of the request's context if that ended.
func (s *Server) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	rec := recorder{header: http.Header{}}
	s.ServeHTTP(&rec, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return &http.Response{
		Status:        strconv.Itoa(rec.status) + " " + http.StatusText(rec.status),
		StatusCode:    rec.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        rec.header,
		Body:          io.NopCloser(&rec.body),
		ContentLength: int64(rec.body.Len()),
		Request:       r,
	}, nil
}

// recorder is a ResponseWriter that keeps what is written.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }

// mustJSON is for values that always have a JSON form. Unlike json.Marshal it leaves < > & as they are.
func mustJSON(v any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return bytes.TrimSpace(b.Bytes())
}
