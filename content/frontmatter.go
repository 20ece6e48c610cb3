package content

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Longest texts of the front matter in characters. They keep a heading a
// heading and a button pressable; the body has no limit.
const (
	maxTitle  = 250
	maxOutlet = 100
	maxURL    = 500
	maxPoint  = 500 // of the summary, and a correction
	maxName   = 100
	maxRole   = 300
	maxQuote  = 2000
)

// file is one edition as it stands in its file: what was read, and where.
type file struct {
	Edition
	Problems
	name           string
	outlet, source string // of the original only, as cites
	cites          string
	lines          map[string]int // top-level key: its line
	quoteLines     []int
	bodyLine       int
}

// line returns where a top-level key stands, or where the front matter begins.
func (f *file) line(key string) int {
	return max(f.lines[key], 1)
}

func (f *file) problem(line int, what, cure string) {
	f.add(f.name, line, what, cure)
}

const fence = "---\n"

// trailing white space after a fence is not to be seen, so it does no harm.
var trailing = regexp.MustCompile(`(?m)^---[ \t]+$`)

// parse reads one edition and checks all that can be checked within one file.
func parse(name, lang string, data []byte) *file {
	f := &file{Edition: Edition{Lang: lang}, name: name, lines: map[string]int{}}
	text := strings.ReplaceAll(strings.TrimPrefix(string(data), "\ufeff"), "\r\n", "\n") + "\n"
	text = trailing.ReplaceAllString(text, "---")
	if valid := strings.ToValidUTF8(text, "\x00"); valid != text {
		f.problem(1+strings.Count(valid[:strings.Index(valid, "\x00")], "\n"), "not valid UTF-8", "save the file as UTF-8")
		return f
	}
	for i, line := range strings.Split(text, "\n") {
		f.sound(i+1, line)
	}
	if len(f.Problems) > 0 {
		return f // YAML would count some of these characters as line breaks
	}
	// The line break of the first fence stays with the head, so that YAML
	// counts lines as the file does.
	opened := strings.HasPrefix(text, fence)
	head, body, closed := strings.Cut(strings.TrimPrefix(text, "---"), "\n"+fence)
	if !opened || !closed {
		f.problem(1, "no front matter", "begin the file with a line ---, the keys, and a line --- again")
		return f
	}
	f.frontMatter(head)
	f.bodyLine = strings.Count(head, "\n") + 3
	f.Body = f.markdown(body, f.bodyLine)
	if len(f.Body) == 0 {
		f.problem(f.bodyLine, "no text", "write the article below the front matter")
	}
	f.quotesStandInBody()
	return f
}

// sound reports what a chat would drop: control characters and invisible
// direction marks (Telegram removes U+2028 to U+202E from messages).
func (f *file) sound(line int, text string) {
	for _, r := range text {
		if r < ' ' && r != '\t' && r != '\n' || 0x7f <= r && r <= 0x9f || 0x2028 <= r && r <= 0x202e {
			f.problem(line, fmt.Sprintf("an invisible character U+%04X", r), "delete it")
		}
	}
}

func (f *file) frontMatter(head string) {
	var doc, second yaml.Node
	decoder := yaml.NewDecoder(strings.NewReader(head))
	err := decoder.Decode(&doc)
	if err == nil && decoder.Decode(&second) != io.EOF {
		f.problem(max(second.Line, 1), "more after the front matter's end", "remove the line `...` or `---` in the middle of it")
	}
	if err != nil && err != io.EOF {
		var at yaml.LoadError
		if e, ok := errors.AsType[*yaml.LoadError](err); ok {
			at = *e
		}
		f.problem(max(at.Mark.Line, 1), "not YAML ("+at.Message+")", "indent with spaces, and put a text that has : or # or quotation marks in it on a line of its own, indented, after `key: >-`")
		return
	}
	if len(doc.Content) == 0 {
		doc.Content = []*yaml.Node{{Kind: yaml.MappingNode}}
	}
	f.mapping(doc.Content[0], map[string]field{
		"translates":  f.text(&f.Translates, 3),
		"title":       f.text(&f.Title, maxTitle),
		"outlet":      f.text(&f.outlet, maxOutlet),
		"source":      f.link(&f.source),
		"cites":       f.text(&f.cites, maxOutlet),
		"summary":     f.each(f.point),
		"quotes":      f.each(f.quote),
		"corrections": f.each(f.correction),
	})
	for _, pair := range pairs(doc.Content[0]) {
		f.lines[pair.key.Value] = pair.key.Line
	}
	f.complete()
}

// complete checks that nothing is missing and nothing is too much.
func (f *file) complete() {
	missing := func(key, cure string) {
		if f.lines[key] == 0 {
			f.problem(1, "no "+key, cure)
		}
	}
	missing("title", "write `title: …`")
	missing("summary", "write `summary:` and 3 to 5 points below it, each after a dash")
	if n := len(f.Summary); n > 0 && (n < 3 || n > 5) {
		f.problem(f.line("summary"), fmt.Sprintf("a summary of %d points", n), "write 3 to 5")
	}
	if f.Translates == "" {
		missing("outlet", "write `outlet: …`, who published the article")
		missing("source", "write `source: https://…`, where it was published")
		return
	}
	for _, key := range []string{"outlet", "source", "cites"} {
		if f.lines[key] > 0 {
			f.problem(f.line(key), key+" in a translation", "remove it: the original's counts for all languages")
		}
	}
}

// A field reads one value of the front matter and reports what is wrong with it.
type field func(key string, n *yaml.Node)

type pair struct{ key, value *yaml.Node }

func pairs(n *yaml.Node) (ps []pair) {
	if n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		ps = append(ps, pair{n.Content[i], n.Content[i+1]})
	}
	return ps
}

// mapping reads the keys of n, each once and none unknown.
func (f *file) mapping(n *yaml.Node, fields map[string]field) {
	known := strings.Join(slices.Sorted(maps.Keys(fields)), ", ")
	if n.Kind != yaml.MappingNode {
		f.problem(n.Line, "not a list of keys", "write `key: value` lines with the keys "+known)
		return
	}
	seen := map[string]bool{}
	for _, p := range pairs(n) {
		key := p.key.Value
		read, ok := fields[key]
		switch {
		case !ok:
			f.problem(p.key.Line, fmt.Sprintf("unknown key %q", key), "the keys here are "+known)
		case seen[key]:
			f.problem(p.key.Line, key+" is given twice", "keep one")
		default:
			read(key, p.value)
		}
		seen[key] = true
	}
}

// each reads a list, one item after the other.
func (f *file) each(read field) field {
	return func(key string, n *yaml.Node) {
		if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
			f.problem(n.Line, key+" is not a list", "write each item below it after a dash, or remove the key")
			return
		}
		for _, item := range n.Content {
			read(key, item)
		}
	}
}

// text reads one line of at most limit characters.
func (f *file) text(into *string, limit int) field {
	return func(key string, n *yaml.Node) {
		value := strings.TrimSpace(n.Value)
		switch length := utf8.RuneCountInString(value); {
		case n.Kind != yaml.ScalarNode:
			f.problem(n.Line, key+" is not a text", "put it in quotation marks or after `>-`")
		case value == "" || n.Tag == "!!null":
			f.problem(n.Line, key+" is empty", "write it, or remove the key")
		case strings.ContainsAny(value, "\n\t"):
			f.problem(n.Line, key+" has more than one line", "write it on one line or after `>-`")
		case length > limit:
			f.problem(n.Line, fmt.Sprintf("%s has %d characters", key, length), fmt.Sprintf("shorten it to %d", limit))
		}
		f.sound(n.Line, value)
		*into = value
	}
}

func (f *file) point(_ string, n *yaml.Node) {
	var point string
	f.text(&point, maxPoint)("a point of the summary", n)
	f.Summary = append(f.Summary, point)
}

func (f *file) quote(_ string, n *yaml.Node) {
	var q Quote
	f.mapping(n, map[string]field{
		"text":    f.text(&q.Text, maxQuote),
		"speaker": f.text(&q.Speaker, maxName),
		"role":    f.text(&q.Role, maxRole),
		"speech":  f.text((*string)(&q.Speech), maxName),
	})
	switch {
	case n.Kind != yaml.MappingNode:
		return
	case q.Text == "" || q.Speaker == "" || q.Role == "":
		f.problem(n.Line, "a quote lacks text, speaker or role", "write all three, and `speech`")
	case q.Speech != Direct && q.Speech != Reported:
		f.problem(n.Line, fmt.Sprintf("speech is %q", q.Speech), "write `direct` for the speaker's own words, `reported` for a retelling")
	}
	f.Quotes = append(f.Quotes, q)
	f.quoteLines = append(f.quoteLines, n.Line)
}

func (f *file) correction(_ string, n *yaml.Node) {
	var c Correction
	f.mapping(n, map[string]field{
		"date": f.text(&c.Date, maxName),
		"text": f.text(&c.Text, maxPoint),
	})
	if n.Kind != yaml.MappingNode {
		return
	}
	if _, err := time.Parse(time.DateOnly, c.Date); err != nil {
		f.problem(n.Line, fmt.Sprintf("a correction is dated %q", c.Date), "write the date as YYYY-MM-DD")
	}
	if c.Text == "" {
		f.problem(n.Line, "a correction lacks its text", "write `text: …`, what was wrong and what is right")
	}
	f.Corrections = append(f.Corrections, c)
}

// link reads an https URL.
func (f *file) link(into *string) field {
	return func(key string, n *yaml.Node) {
		f.text(into, maxURL)(key, n)
		if *into != "" && !isHTTPS(*into) {
			f.problem(n.Line, fmt.Sprintf("%s is %q", key, *into), "write a whole address such as https://example.org/page")
		}
	}
}

// isHTTPS reports whether s is an address that Telegram makes a link of: https,
// a host with a dot, a port that exists, no white space.
func isHTTPS(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" || !strings.Contains(strings.Trim(u.Hostname(), "."), ".") || strings.ContainsAny(s, " \t\n") {
		return false
	}
	port, err := strconv.Atoi(cmp.Or(u.Port(), "443"))
	return err == nil && 0 < port && port < 1<<16
}

// quotesStandInBody holds every quote against the text: a word that is not
// there is nobody's word, and words are not the speaker's own unless the text
// says so.
func (f *file) quotesStandInBody() {
	for i, q := range f.Quotes {
		if q.Text == "" {
			continue // said already
		}
		var found, direct bool
		for _, b := range f.Body {
			for _, d := range places(b.Text(), q.Text) {
				found, direct = true, direct || d
			}
		}
		switch line := f.quoteLines[i]; {
		case isMarked(q.Text):
			f.problem(line, "the quote has quotation marks around it", "remove them: the bot sets them around direct speech")
		case !found:
			f.problem(line, "the quote is not in the text word for word: "+strconv.Quote(q.Text), "copy it from one paragraph below, every character of it, whole words only")
		case q.Speech == Direct && !direct:
			f.problem(line, "the text does not give these words as direct speech: "+strconv.Quote(q.Text), "write `speech: reported`")
		}
	}
}
