package emulator_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"articlebot/bot/emulator"
)

// Each block of testdata/refusals.txt is one call that must be refused: the method and its parameters, a line each, and
// the description, after "=>" where the call alone is to blame and after "->" where it is the chat. {!x*3!} stands for
// xxx.
func TestWhatTelegramRefuses(t *testing.T) {
	for _, c := range refusals(t) {
		t.Run(c.name, func(t *testing.T) {
			s, _ := inPrivate(t)
			s.Write(emulator.Message{From: &aida, Chat: forum, ThreadID: 5, Text: "in a topic"})
			_, err := invoke(t.Context(), s, c.method, c.params...)
			if got := describe(err); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// What can be judged without any chat is refused by Validate in the same words as by the server.
func TestValidateAgreesWithTheServer(t *testing.T) {
	for _, c := range refusals(t) {
		params := map[string]string{}
		for i := 0; i < len(c.params); i += 2 {
			params[c.params[i]] = c.params[i+1]
		}
		want := c.want
		if c.byChat {
			want = "accepted"
		}
		if got := describe(emulator.Validate(c.method, params)); got != want {
			t.Errorf("%s: got %s, want %s", c.name, got, want)
		}
	}
}

func describe(err error) string {
	var e *emulator.Error
	switch {
	case err == nil:
		return "accepted"
	case errors.As(err, &e):
		return fmt.Sprintf("%d %s", e.Code, e.Description)
	}
	return err.Error()
}

type refusal struct {
	name, method, want string
	params             []string
	byChat             bool
}

func refusals(t *testing.T) []refusal {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "refusals.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []refusal
	for block := range strings.SplitSeq(strings.TrimSpace(string(data)), "\n\n") {
		lines := strings.Split(block, "\n")
		last := len(lines) - 1
		arrow, want, _ := strings.Cut(lines[last], " ")
		if arrow != "=>" && arrow != "->" {
			t.Fatalf("no description in %q", block)
		}
		c := refusal{name: strings.TrimPrefix(lines[0], "# "), method: lines[1], want: want, byChat: arrow == "->"}
		for _, line := range lines[2:last] {
			name, value, _ := strings.Cut(line, "=")
			c.params = append(c.params, name, expand(t, value))
		}
		cases = append(cases, c)
	}
	return cases
}

// expand writes {!x*3!} out as xxx.
func expand(t *testing.T, s string) string {
	t.Helper()
	for {
		before, rest, ok := strings.Cut(s, "{!")
		if !ok {
			return s
		}
		inner, after, _ := strings.Cut(rest, "!}")
		i := strings.LastIndexByte(inner, '*')
		n, err := strconv.Atoi(inner[i+1:])
		if err != nil {
			t.Fatal(err)
		}
		s = before + strings.Repeat(inner[:i], n) + after
	}
}
