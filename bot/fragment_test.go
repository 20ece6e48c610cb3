package bot

import (
	"net/url"
	"strings"
	"testing"

	"articlebot/content"
)

// The marks that part a text directive, and all that is not ASCII, are encoded;
// what a browser decodes is the words again.
func TestQuoteURLEncodes(t *testing.T) {
	const source = "https://example.org/a"
	for quote, want := range map[string]string{
		"мост":      "%D0%BC%D0%BE%D1%81%D1%82",
		"a-b, c&d":  "a%2Db%2C%20c%26d",
		"100% «a»?": "100%25%20%C2%ABa%C2%BB%3F",
		"桥":         "%E6%A1%A5",
	} {
		got := quoteURL(source, quote, quote)
		if got != source+"#:~:text="+want {
			t.Errorf("%q: %s", quote, got)
		}
		if decoded, err := url.PathUnescape(strings.TrimPrefix(got, source+"#:~:text=")); err != nil || decoded != quote {
			t.Errorf("%q is decoded as %q, %v", quote, decoded, err)
		}
	}
	if got := quoteURL(source+"#part", "мост", "a"); got != source+"#part:~:text=a" {
		t.Errorf("a source with a fragment of its own: %s", got)
	}
}

// A long quote is found by its ends, and by no others: read as a browser reads
// it, the first occurrence of the beginning and the first of the end after it.
func TestALongQuoteIsGivenByItsEnds(t *testing.T) {
	const body = "Раз два три четыре. Раз два три четыре пять шесть семь восемь девять десять одиннадцать, а восемь девять десять одиннадцать двенадцать."
	for _, c := range []struct{ quote, first, last string }{
		{"Раз два три четыре пять шесть семь восемь девять десять одиннадцать", "Раз два три четыре пять", "семь восемь девять десять одиннадцать"},
		{"Раз два три четыре пять шесть семь восемь девять", "", ""}, // short enough to be given whole
	} {
		first, last, ok := ends(strings.ToLower(body), c.quote)
		if first != c.first || last != c.last || ok != (c.first != "") {
			t.Errorf("%q is given by %q and %q, %v", c.quote, first, last, ok)
		}
	}
}

// A link that no client would open is no link: the page's top is better.
func TestALinkIsNeverTooLong(t *testing.T) {
	for name, quote := range map[string]string{
		"no spaces":        strings.Repeat("桥在这里", 70),
		"repeated phrases": strings.Repeat("раз два три ", 160),
	} {
		if got := quoteURL("https://example.org/a", quote+". "+quote, quote); len(got) > maxLink {
			t.Errorf("%s: %d bytes", name, len(got))
		}
	}
	quote := strings.TrimSpace(strings.Repeat("слово ", 30)) + " конец фразы и еще два слова"
	if got := quoteURL("https://example.org/a", "Начало.\u00a0"+strings.ReplaceAll(quote, " ", "\u00a0"), quote); !strings.Contains(got, ",") {
		t.Errorf("white space of another kind: %s", got)
	}
}

// Every quote of the shipped article opens where it stands, in a link that a
// button can hold.
func TestShippedQuotesAreFoundByTheirLinks(t *testing.T) {
	lib, err := content.Load(content.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	article := lib.Articles[0]
	body := strings.ToLower(article.Original.Text())
	for _, q := range article.Original.Quotes {
		link := quoteURL(article.Source, article.Original.Text(), q.Text)
		_, directive, _ := strings.Cut(link, "#:~:text=")
		from, to, _ := strings.Cut(directive, ",")
		from, _ = url.PathUnescape(from)
		to, _ = url.PathUnescape(to)
		start := strings.Index(body, strings.ToLower(from))
		end := start + len(from) + strings.Index(body[start+len(from):], strings.ToLower(to)) + len(to)
		if body[start:end] != strings.ToLower(q.Text) || len(link) > 1000 {
			t.Errorf("%d bytes, opens at %q instead of %q", len(link), body[start:end], q.Text)
		}
	}
}
