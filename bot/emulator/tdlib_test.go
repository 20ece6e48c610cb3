package emulator_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ebitengine/purego"

	"articlebot/bot/emulator"
)

// The judge is judged here by Telegram's own code: TDLib, which the Bot API server is built on. It is a C library and
// no part of the repository, so these tests skip without it.
const howToGetTDLib = `TDJSON_LIB is not set. To compare with the real TDLib:
	npm install --prefix /tmp/tdlib @prebuilt-tdlib/linux-x64-glibc   (or the package of your platform)
	TDJSON_LIB=/tmp/tdlib/node_modules/@prebuilt-tdlib/linux-x64-glibc/libtdjson.so go test ./bot/emulator/`

// tdExecute is td_execute: a request and its answer in JSON, synchronous and without a network.
var tdExecute = sync.OnceValues(func() (func(string) string, error) {
	library, err := purego.Dlopen(os.Getenv("TDJSON_LIB"), purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, err
	}
	var execute func(string) string
	purego.RegisterLibFunc(&execute, library, "td_execute")
	execute(`{"@type":"setLogVerbosityLevel","new_verbosity_level":0}`)
	return execute, nil
})

// parsed is what became of a markup: a text with entities, or an error.
type parsed struct {
	Text     string
	Entities []emulator.Entity
	Err      string
}

func TestParseHTMLAgreesWithTDLibOnHostileTexts(t *testing.T) {
	for _, markup := range hostileTexts(t) {
		compare(t, markup)
	}
}

func TestParseHTMLAgreesWithTDLibOnRandomMixtures(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		compare(t, mixture(random, pieces))
	}
}

// A text that was sent must stand as TDLib would have it stand. Its parseMarkdown is the one synchronous call that does
// to a formatted text what sending does, but for trimming; so the texts here begin and end with a letter, and have
// nothing that it takes for Markdown.
func TestSentTextAgreesWithTDLib(t *testing.T) {
	clean := slices.DeleteFunc(slices.Clone(pieces), func(s string) bool { return strings.ContainsAny(s, "_*~|[]`") })
	random := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		markup := "a" + mixture(random, clean) + "z"
		formatted := tdCall(t, parseTextEntities(markup))
		if p := read(t, formatted); p.Err != "" || len(p.Entities) >= stableSort {
			continue
		}
		want := read(t, tdCall(t, map[string]any{"@type": "parseMarkdown", "text": formatted}))
		s, chat := inPrivate(t)
		if _, err := call(s, "sendMessage", chat, "text", markup, "parse_mode", "HTML"); err != nil {
			t.Fatalf("markup %q: %v", markup, err)
		}
		sent := s.Journal()[0].Message
		if got := (parsed{Text: sent.Text, Entities: sent.Entities}); !reflect.DeepEqual(got, want) {
			t.Errorf("markup %q\n  got %s\n want %s", markup, toJSON(t, got), toJSON(t, want))
		}
	}
}

// Commands in what people write must be those TDLib finds there. (It finds links too, and a command inside of a link is
// none; so there are no links in these texts.)
func TestCommandsAgreeWithTDLib(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	parts := []string{"/", "/cmd", "/Cmd_1", "@", "@a", "@article_bot", "@" + strings.Repeat("b", 33), " ", "\n", "a", "_",
		"<", ">", ".", ",", "Ы", "科", "😀", "é", "²", "٣", "\u0301", strings.Repeat("c", 64), "-", "\""}
	s := emulator.New(token, bot)
	for range 20_000 {
		text := ""
		for range 1 + random.IntN(8) {
			text += parts[random.IntN(len(parts))]
		}
		found := read(t, tdCall(t, map[string]any{"@type": "getTextEntities", "text": text})).Entities
		want := slices.DeleteFunc(found, func(e emulator.Entity) bool { return e.Type != "bot_command" })
		if got := s.Write(emulator.Message{From: &aida, Text: text}).Entities; !slices.Equal(got, want) {
			t.Errorf("text %q\n  got %s\n want %s", text, toJSON(t, got), toJSON(t, want))
		}
	}
}

// compare fails the test where TDLib and ParseHTML differ.
func compare(t *testing.T, markup string) {
	t.Helper()
	want := tdParse(t, markup)
	got := parsed{}
	text, entities, err := emulator.ParseHTML(markup)
	if err != nil {
		got.Err = err.Error()
	} else {
		got.Text, got.Entities = text, entities
	}
	settle(t, got.Entities)
	settle(t, want.Entities)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("markup %q\n  got %s\n want %s", markup, toJSON(t, got), toJSON(t, want))
	}
}

// stableSort is how many entities are too many for TDLib's std::sort to keep the order of two with the same range and
// rank, as a link in a link.
const stableSort = 24

// settle gives that many entities an order of their own.
func settle(t *testing.T, entities []emulator.Entity) {
	if len(entities) < stableSort {
		return
	}
	slices.SortFunc(entities, func(a, b emulator.Entity) int { return strings.Compare(toJSON(t, a), toJSON(t, b)) })
}

// tdParse is what TDLib makes of a markup.
func tdParse(t *testing.T, markup string) parsed {
	t.Helper()
	return read(t, tdCall(t, parseTextEntities(markup)))
}

func parseTextEntities(markup string) map[string]any {
	return map[string]any{
		"@type":      "parseTextEntities",
		"text":       markup,
		"parse_mode": map[string]any{"@type": "textParseModeHTML"},
	}
}

// tdCall makes a call and returns its answer.
func tdCall(t *testing.T, request map[string]any) json.RawMessage {
	t.Helper()
	if os.Getenv("TDJSON_LIB") == "" {
		t.Skip(howToGetTDLib)
	}
	execute, err := tdExecute()
	if err != nil {
		t.Fatal(err)
	}
	return json.RawMessage(execute(toJSON(t, request)))
}

// read reads a formattedText, or an error, whose first letter is lower-cased as the Bot API server does it.
func read(t *testing.T, answer json.RawMessage) parsed {
	t.Helper()
	var a struct {
		Message, Text string
		Entities      []tdEntity
	}
	if err := json.Unmarshal(answer, &a); err != nil {
		t.Fatalf("%v in %q", err, answer)
	}
	if a.Message != "" {
		return parsed{Err: strings.ToLower(a.Message[:1]) + a.Message[1:]}
	}
	result := parsed{Text: a.Text}
	for _, e := range a.Entities {
		result.Entities = append(result.Entities, e.entity())
	}
	return result
}

// tdEntity is a textEntity of TDLib.
type tdEntity struct {
	Offset int `json:"offset"`
	Length int `json:"length"`
	Type   struct {
		Kind          string       `json:"@type"`
		URL           string       `json:"url,omitempty"`
		Language      string       `json:"language,omitempty"`
		UserID        int64        `json:"user_id,omitempty"`
		CustomEmojiID string       `json:"custom_emoji_id,omitempty"`
		UnixTime      int64        `json:"unix_time,omitempty"`
		Format        tdDateFormat `json:"formatting_type"`
	} `json:"type"`
}

type tdDateFormat struct {
	Kind string `json:"@type"`
	Time struct {
		Kind string `json:"@type"`
	} `json:"time_precision"`
	Date struct {
		Kind string `json:"@type"`
	} `json:"date_precision"`
	DayOfWeek bool `json:"show_day_of_week"`
}

// kinds are the types that the Bot API calls by another name than TDLib's in snake case.
var kinds = map[string]string{
	"Bold": "bold", "Italic": "italic", "Underline": "underline", "Strikethrough": "strikethrough",
	"Spoiler": "spoiler", "Code": "code", "Pre": "pre", "PreCode": "pre", "TextUrl": "text_link",
	"MentionName": "text_mention", "CustomEmoji": "custom_emoji", "DateTime": "date_time",
	"BotCommand": "bot_command", "BlockQuote": "blockquote", "ExpandableBlockQuote": "expandable_blockquote",
}

// entity is the same as the Bot API writes it.
func (e tdEntity) entity() emulator.Entity {
	result := emulator.Entity{
		Type:           kinds[strings.TrimPrefix(e.Type.Kind, "textEntityType")],
		Offset:         e.Offset,
		Length:         e.Length,
		URL:            e.Type.URL,
		Language:       e.Type.Language,
		UnixTime:       e.Type.UnixTime,
		DateTimeFormat: e.Type.Format.String(),
		CustomEmojiID:  e.Type.CustomEmojiID,
	}
	if e.Type.UserID != 0 {
		result.User = &emulator.User{ID: e.Type.UserID}
	}
	return result
}

func (f tdDateFormat) String() string {
	if f.Kind == "dateTimeFormattingTypeRelative" {
		return "r"
	}
	format := ""
	if f.DayOfWeek {
		format = "w"
	}
	precision := map[string]int{"dateTimePartPrecisionShort": 1, "dateTimePartPrecisionLong": 2}
	return format + []string{"", "d", "D"}[precision[f.Date.Kind]] + []string{"", "t", "T"}[precision[f.Time.Kind]]
}

func toJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
