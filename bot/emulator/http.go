package emulator

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// answer is what goes back for a request.
type answer struct {
	status  int
	kind    string // the Content-Type
	body    []byte
	cut     bool // the connection is dropped in the middle of the body
	dropped bool // the connection is dropped in place of an answer
}

func page(status int, kind, body string) answer {
	return answer{status: status, kind: kind, body: []byte(body)}
}

// respond makes an answer in the form all answers of the Bot API have; the HTTP status is the error's code.
func respond(result json.RawMessage, err *Error) answer {
	if err == nil {
		return page(http.StatusOK, "application/json", `{"ok":true,"result":`+string(result)+"}")
	}
	return page(err.Code, "application/json", string(mustJSON(struct {
		OK bool `json:"ok"`
		*Error
	}{Error: err})))
}

// answer answers /bot<token>/<method> as api.telegram.org does. What it returns when the request's context has ended is
// not for the client.
func (s *Server) answer(r *http.Request) answer {
	path, ok := strings.CutPrefix(r.URL.Path, "/bot")
	token, method, isCall := strings.Cut(path, "/")
	switch {
	case !ok || !isCall:
		return respond(nil, &Error{Code: 404, Description: "Not Found"})
	case token != s.token:
		return respond(nil, unauthorized)
	}
	params, err := readParams(r)
	if err != nil {
		return respond(nil, err)
	}
	return s.serve(r.Context(), method, params)
}

// ServeHTTP answers /bot<token>/<method> as api.telegram.org does. It returns without an answer when the request's
// context ends first, and panics with http.ErrAbortHandler where a fault drops the connection.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a := s.answer(r)
	if r.Context().Err() != nil {
		return
	}
	if a.dropped {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", a.kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	if a.cut {
		w.Write(a.body[:len(a.body)/2])
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	w.Write(a.body)
}

// RoundTrip answers a request without a network, in the caller's goroutine: an http.Client with a Server for its
// Transport talks to the emulator whatever host it calls. It returns the error of the request's context if that ended,
// and io.ErrUnexpectedEOF where a fault drops the connection.
func (s *Server) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	a := s.answer(r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if a.dropped {
		return nil, io.ErrUnexpectedEOF
	}
	body := io.Reader(bytes.NewReader(a.body))
	if a.cut {
		body = cutOff{bytes.NewReader(a.body[:len(a.body)/2])}
	}
	return &http.Response{
		Status:        strconv.Itoa(a.status) + " " + http.StatusText(a.status),
		StatusCode:    a.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        http.Header{"Content-Type": {a.kind}},
		Body:          io.NopCloser(body),
		ContentLength: int64(len(a.body)),
		Request:       r,
	}, nil
}

// cutOff is a body whose connection is dropped at its end.
type cutOff struct{ body io.Reader }

func (c cutOff) Read(p []byte) (int, error) {
	n, err := c.body.Read(p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

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
