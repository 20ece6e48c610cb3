package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"articlebot/bot/emulator"
	"articlebot/content"
)

// markdownish makes parts of all kinds out of any text: the first letter of a
// line chooses the kind of the block, bars part its spans.
func markdownish(text string) (parts []part) {
	for i, line := range strings.Split(text, "\n") {
		kind := content.BlockKind(0)
		if line != "" {
			kind = content.BlockKind(line[0] % 6)
		}
		var block content.Block
		block.Kind = kind
		for j, s := range strings.Split(line, "|") {
			if s == "" {
				continue
			}
			span := content.Span{Text: s, Style: content.Style((i + j) % 8)}
			if j%4 == 3 {
				span.URL = "https://example.org/?a=1&b=2"
			}
			if kind == content.Code {
				span.Style, span.URL = 0, ""
			}
			block.Spans = append(block.Spans, span)
		}
		if block.Spans != nil {
			parts = append(parts, part{Block: block, keep: kind == content.Heading})
		}
	}
	return parts
}

// together joins the texts of pages, block by block.
func together(pages [][]part) (texts []string) {
	for _, p := range slices.Concat(pages...) {
		if p.continued {
			texts[len(texts)-1] += p.Text()
		} else {
			texts = append(texts, p.Text())
		}
	}
	return texts
}

// checkPages holds pages against the parts they are made of: nothing lost,
// nothing doubled, each page within its room by the emulator's count.
func checkPages(t *testing.T, parts []part, pages [][]part, room size) {
	t.Helper()
	if got, want := together(pages), together([][]part{parts}); !slices.Equal(got, want) {
		t.Errorf("the pages together are %q, not %q", got, want)
	}
	for i, page := range pages {
		for _, html := range []string{render(page), renderExpandable(page)} {
			text, entities, err := emulator.ParseHTML(html)
			if err != nil {
				t.Fatalf("page %d: %v\n%s", i+1, err, html)
			}
			if n := emulator.UTF16Len(text); n > room.units || len(html) > room.bytes || len(entities) > room.entities {
				t.Errorf("page %d has %d units, %d bytes, %d entities, the room is %+v", i+1, n, len(html), len(entities), room)
			}
		}
	}
}

func FuzzPagesTogetherAreTheText(f *testing.F) {
	f.Add("Один. Два! Три?\nA|B|C|D\nd" + strings.Repeat("слово ", 200))
	f.Add(strings.Repeat("一句话。", 300))
	f.Add(strings.Repeat("😀👨‍👩‍👧é", 100))
	f.Add(strings.Repeat("&<>\"", 100) + "\n" + strings.Repeat("a|", 90))
	f.Add("b\nb\nb\n" + strings.Repeat("x", 500))
	f.Fuzz(func(t *testing.T, text string) {
		parts := markdownish(strings.ToValidUTF8(text, "?"))
		room := size{200, 2000, 12}
		checkPages(t, parts, paginate(parts, room), room)
	})
}

func TestPagesBreakAtParagraphsThenSentencesThenWords(t *testing.T) {
	room := size{units: 40, bytes: 1000, entities: 50}
	for _, c := range []struct {
		name  string
		parts []part
		want  []string
	}{
		{"a paragraph that fits on a page is not cut",
			[]part{text("Двадцать пять знаков тут."), text("И еще двадцать знаков.")},
			[]string{"Двадцать пять знаков тут.", "И еще двадцать знаков."}},
		{"a long one is cut at a sentence",
			[]part{text("Первое предложение. Второе предложение. Третье.")},
			[]string{"Первое предложение. ", "Второе предложение. Третье."}},
		{"an abbreviation ends no sentence",
			[]part{text("Раз и два и три и четыре и гос. Гу Цзиньлун сказал.")},
			[]string{"Раз и два и три и четыре и гос. Гу ", "Цзиньлун сказал."}},
		{"without a sentence at a word",
			[]part{text("слово слово слово слово слово слово слово слово")},
			[]string{"слово слово слово слово слово слово ", "слово слово"}},
		{"without a word anywhere, but not inside a letter with its accent",
			[]part{text(strings.Repeat("e\u0301", 15) + strings.Repeat("x", 20))},
			[]string{strings.Repeat("e\u0301", 15) + "xxxxxxxx", strings.Repeat("x", 12)}},
		{"Chinese at its own full stop",
			[]part{text(strings.Repeat("桥", 20) + "。" + strings.Repeat("河", 25))},
			[]string{strings.Repeat("桥", 20) + "。", strings.Repeat("河", 25)}},
		{"headings in a row do not part one that fits on a page",
			[]part{heading("Двадцать знаков тут."), heading("Двадцать знаков там.")},
			[]string{"Двадцать знаков тут.", "Двадцать знаков там."}},
		{"a heading moves on with its paragraph",
			[]part{text("Двадцать знаков тут."), heading("Часть"), text("И еще двадцать знаков.")},
			[]string{"Двадцать знаков тут.", "Часть/И еще двадцать знаков."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, page := range paginate(c.parts, room) {
				var texts []string
				for _, p := range page {
					texts = append(texts, p.Text())
				}
				got = append(got, strings.Join(texts, "/"))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q\nwant %q", got, c.want)
			}
		})
	}
}

func text(s string) part { return paragraph(plain(s)) }

func heading(s string) part {
	p := paragraph(plain(s))
	p.Kind, p.keep = content.Heading, true
	return p
}

func TestSentenceEnds(t *testing.T) {
	for text, want := range map[string]string{
		"Один. Двое! Трое?":                   "Один. |Двое! |Трое?",
		"«Один». Двое… Трое":                  "«Один». |Двое… |Трое",
		"гос. Гу и др. пришли. Ушли.":         "гос. Гу и др. пришли. |Ушли.",
		"CSSC Haiwei New Energy Co., LTD. Да": "CSSC Haiwei New Energy Co., LTD. Да",
		"DKNews.kz пишет. Да.":                "DKNews.kz пишет. |Да.",
		"桥在。“是！”河在？好":                         "桥在。|“是！”|河在？|好",
		"Пролет  3.5 км.  Готов.  Все":        "Пролет  3.5 км.  Готов.  |Все",
		"":    "",
		"...": "...",
	} {
		ends := sentenceEnds(text)
		var got []string
		start := 0
		for _, end := range append(ends, len(text)) {
			got = append(got, text[start:end])
			start = end
		}
		if s := strings.Join(got, "|"); s != want {
			t.Errorf("got %q, want %q", s, want)
		}
	}
}

// A text of any length is shown whole: the numbers on its pages lead from the
// first to the last.
func TestALongArticleTurnsPageByPage(t *testing.T) {
	long := article("long", strings.Repeat("Очень длинное предложение о мосте. ", 400))
	b, err := New(&content.Library{Articles: []*content.Article{long}}, "ThisBot")
	if err != nil {
		t.Fatal(err)
	}
	var read strings.Builder
	a := Address{Text, "ru", 1, "long"}
	for {
		screen := b.Screen(a, true)
		text, _, err := emulator.ParseHTML(screen.HTML)
		if err != nil || emulator.UTF16Len(text) > 4096 {
			t.Fatalf("page %d: %d units, %v", a.Page, emulator.UTF16Len(text), err)
		}
		body, _ := strings.CutPrefix(text, "long\n\n")
		body, footer, _ := strings.Cut(body, "\n\n")
		read.WriteString(body)
		if want := fmt.Sprintf("Источник: example.org\n\nСтраница %d из 4", a.Page); footer != want {
			t.Errorf("footer %q, want %q", footer, want)
		}
		turn := screen.Keyboard[0]
		next := turn[len(turn)-1]
		if a.Page == 4 {
			if len(turn) != 1 || turn[0].Text != "← Страница 3" {
				t.Errorf("last page: %v", turn)
			}
			break
		}
		if next.Text != fmt.Sprintf("Страница %d →", a.Page+1) {
			t.Errorf("page %d: %v", a.Page, turn)
		}
		var ok bool
		if a, ok = ParseAddress(next.Data); !ok {
			t.Fatalf("%q leads nowhere", next.Data)
		}
	}
	if got, want := strings.TrimSpace(read.String()), strings.TrimSpace(long.Original.Text()); got != want {
		t.Errorf("read %d bytes, the text has %d", len(got), len(want))
	}
}

// A quote that goes on from page to page has its button where it begins.
func TestALongQuoteHasItsButtonOnce(t *testing.T) {
	long := article("long", strings.TrimSpace(strings.Repeat("Очень длинное предложение о мосте. ", 300)))
	long.Original.Quotes = []content.Quote{{Text: long.Original.Text(), Speaker: strings.Repeat("Ким ", 25), Role: "строитель", Speech: content.Reported}}
	b, err := New(&content.Library{Articles: []*content.Article{long}}, "ThisBot")
	if err != nil {
		t.Fatal(err)
	}
	for page, want := range []bool{true, false, false} {
		keyboard := b.Screen(Address{Quotes, "ru", page + 1, "long"}, true).Keyboard
		if got := keyboard[0][0].URL != ""; got != want {
			t.Errorf("page %d begins with the button %+v", page+1, keyboard[0][0])
		}
	}
}

// article is one of plain paragraphs in Russian.
func article(slug string, paragraphs ...string) *content.Article {
	e := &content.Edition{Lang: "ru", Title: slug, Summary: []string{"раз", "два", "три"}}
	for _, p := range paragraphs {
		e.Body = append(e.Body, content.Block{Spans: []content.Span{{Text: p}}})
	}
	return &content.Article{Slug: slug, Outlet: "example.org", Source: "https://example.org/" + slug, Original: e, Editions: []*content.Edition{e}}
}
