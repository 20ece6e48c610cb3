package emulator_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// hostileTexts are the lines of testdata/html/*.txt. A line in double quotes is a Go string; # begins a comment.
func hostileTexts(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/html/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("testdata/html: %v, %d files", err, len(files))
	}
	var texts []string
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			line = strings.TrimSuffix(line, "\n")
			if line == "" || line[0] == '#' {
				continue
			}
			if line[0] == '"' {
				if line, err = strconv.Unquote(line); err != nil {
					t.Fatalf("%s: %s: %v", file, line, err)
				}
			}
			texts = append(texts, line)
		}
	}
	return texts
}

// pieces are what random markups are made of.
var pieces = []string{
	"<b>", "</b>", "<strong>", "</strong>", "<i>", "</i>", "<em>", "</em>", "<u>", "</u>", "<ins>", "</ins>",
	"<s>", "</s>", "<strike>", "</strike>", "<del>", "</del>", "<code>", "</code>", "<pre>", "</pre>",
	"<tg-spoiler>", "</tg-spoiler>", `<span class="tg-spoiler">`, "</span>", "<blockquote>", "</blockquote>",
	"<blockquote expandable>", `<code class="language-go">`, "<pre><code class='language-c++'>", "</code></pre>",
	`<a href="https://example.com/?a=b&amp;c">`, `<a href="tg://user?id=42">`, "<a>", "</a>", `<a href="x">`,
	`<a href="mailto:a@b.c">`, `<a href='HTTP://Exam-ple.org:080'>`, `<tg-emoji emoji-id="5368324170671202286">`,
	"</tg-emoji>", `<tg-time unix="1700000000" format="wDT">`, "</tg-time>", "</>", "</>", "</>", "</ >",
	"<", ">", "&", "&lt;", "&gt", "&amp;", "&quot;", "&apos;", "&nbsp;", "&#65;", "&#x1F600;", "&#xd83d;&#xde00;",
	"&#x10ffff;", "&#0;", "&#99999999;", ";", "#", "\"", "'", "=", "/", " ", "  ", "\n", "\t", "\r", "\v", "\x00",
	"a", "Z", "0", "text", "Қазақ", "Ы", "科技", "😀", "👩‍👩‍👧", "e\u0301", "\u0333", "\u200e\u200f", "\u2028", "\ufeff", "\u00a0",
	"https://e.com", "@name", "#tag", "/cmd",
}

// pairs are pieces that come with their ends, so that a mixture of them is often well-formed.
var pairs = [][2]string{
	{"<b>", "</b>"}, {"<i>", "</i>"}, {"<u>", "</u>"}, {"<s>", "</s>"}, {"<tg-spoiler>", "</tg-spoiler>"},
	{"<code>", "</code>"}, {"<pre>", "</pre>"}, {`<pre><code class="language-go">`, "</code></pre>"},
	{"<blockquote>", "</blockquote>"}, {"<blockquote expandable>", "</blockquote>"},
	{`<a href="https://example.com/">`, "</a>"}, {`<a href="http://t.me/x?start=y">`, "</a>"}, {"<a>", "</a>"},
	{`<tg-emoji emoji-id="1">`, "</tg-emoji>"}, {`<tg-time unix="1" format="r">`, "</tg-time>"},
	{"<b>", "</>"}, {"<b class=x>", "</B >"},
}

// mixture is a random markup: pieces as they come, or well-formed around them.
func mixture(random *rand.Rand, pieces []string) string {
	var b strings.Builder
	wellFormed := random.IntN(4) > 0
	for range 1 + random.IntN(12) {
		if wellFormed {
			nest(&b, random, pieces, 4)
		} else {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
	}
	return b.String()
}

func nest(b *strings.Builder, random *rand.Rand, pieces []string, depth int) {
	piece := pieces[random.IntN(len(pieces))]
	if depth == 0 || random.IntN(3) == 0 {
		if !strings.ContainsAny(piece, "<>") || random.IntN(50) == 0 {
			b.WriteString(piece)
		}
		return
	}
	pair := pairs[random.IntN(len(pairs))]
	b.WriteString(pair[0])
	for range random.IntN(4) {
		nest(b, random, pieces, depth-1)
	}
	b.WriteString(pair[1])
}
