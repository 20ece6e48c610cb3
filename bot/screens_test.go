package bot

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"articlebot/content"
)

func newBot(t testing.TB, files fs.FS) *Bot {
	t.Helper()
	lib, err := content.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	b, err := New(lib, "ThisBot")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Each case is a claim, one or more updates, one a line, and the calls that
// answer them: whole under "want"; without buttons and all but the first line
// of the text under "calls". A case may bring articles of its own.
func TestConversations(t *testing.T) {
	cases, err := filepath.Glob("testdata/screens/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal(cases, err)
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var updates, want string
			write := notation
			own := fstest.MapFS{}
			for _, f := range archive.Files {
				switch f.Name {
				case "updates":
					updates = string(f.Data)
				case "calls":
					want, write = string(f.Data), brief
				case "want":
					want = string(f.Data)
				default:
					own[f.Name] = &fstest.MapFile{Data: f.Data}
				}
			}
			var library fs.FS = own
			if len(own) == 0 {
				library = os.DirFS("testdata/library")
			}
			if got := converse(t, newBot(t, library), updates, write); got != want {
				t.Errorf("%sgot:\n%s\nwant:\n%s", archive.Comment, got, want)
			}
		})
	}
}

// converse hands updates to the bot and writes down what it answers.
func converse(t *testing.T, b *Bot, updates string, write func(Call) string) string {
	var out strings.Builder
	for update := range strings.Lines(updates) {
		answer, err := b.Answer([]byte(update))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "== %s\n", answer.Asked)
		for _, call := range answer.Calls {
			out.WriteString(write(call))
		}
	}
	return out.String()
}

// brief is the first lines of a call's notation.
func brief(c Call) string {
	lines := strings.SplitAfterN(notation(c), "\n", 3)
	if c.Else != nil {
		lines[1] += "else " + strings.SplitAfterN(notation(*c.Else), "\n", 2)[0]
	}
	return strings.Join(lines[:2], "")
}

// notation writes a call for people: the method and its parameters, the text,
// and a line for each row of buttons.
func notation(c Call) string {
	var out strings.Builder
	out.WriteString(c.Method)
	for _, name := range slices.Sorted(maps.Keys(c.Params)) {
		if !slices.Contains([]string{"text", "reply_markup", "parse_mode"}, name) {
			fmt.Fprintf(&out, " %s=%s", name, c.Params[name])
		}
	}
	out.WriteString("\n")
	if text := c.Params["text"]; text != "" {
		out.WriteString(text + "\n")
	}
	var markup struct {
		Rows [][]Button `json:"inline_keyboard"`
	}
	_ = json.Unmarshal([]byte(c.Params["reply_markup"]), &markup)
	for _, row := range markup.Rows {
		for _, button := range row {
			fmt.Fprintf(&out, "[%s → %s]", button.Text, button.Data+button.URL)
		}
		out.WriteString("\n")
	}
	if c.Else != nil {
		first, _, _ := strings.Cut(notation(*c.Else), "\n")
		out.WriteString("else " + first + "\n")
	}
	return out.String()
}
