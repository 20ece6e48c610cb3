package content

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"
)

// tree returns the files of an archive, but for the one that says what to expect.
func tree(a *txtar.Archive) (files fstest.MapFS, want string) {
	files = fstest.MapFS{}
	for _, f := range a.Files {
		if f.Name == "want" {
			want = string(f.Data)
			continue
		}
		files[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return files, want
}

// Every rule has a bad fixture, and the error is exactly the one it expects:
// the place, what is wrong there, and the cure.
func TestBadContentIsRefusedWithPlaceAndCure(t *testing.T) {
	fixtures, err := filepath.Glob("testdata/bad/*.txtar")
	if err != nil || len(fixtures) < 40 {
		t.Fatalf("%d fixtures, %v", len(fixtures), err)
	}
	for _, name := range fixtures {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files, want := tree(archive)
			_, err = Load(files)
			if got := fmt.Sprintln(err); got != want {
				t.Errorf("got:\n%swant:\n%s", got, want)
			}
		})
	}
}

func TestBrokenEncodingIsRefused(t *testing.T) {
	_, err := Load(fstest.MapFS{"a/ru.md": {Data: []byte("---\ntitle: \xcc\xee\xf1\xf2\n---\n")}})
	if want := "a/ru.md:2: not valid UTF-8: save the file as UTF-8"; fmt.Sprint(err) != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestAMissingFolderIsNamed(t *testing.T) {
	_, err := Load(os.DirFS("testdata/no-such-folder"))
	if err == nil || !strings.Contains(err.Error(), "cannot be read (no such file or directory)") {
		t.Errorf("got %v", err)
	}
}

func TestLibraryKnowsItsArticlesAndEditions(t *testing.T) {
	lib, err := Load(os.DirFS("testdata/good"))
	if err != nil {
		t.Fatal(err)
	}
	if len(lib.Articles) != 2 || lib.Article("bridge") == nil || lib.Article("tunnel") == nil || lib.Article("ferry") != nil {
		t.Fatalf("articles: %v", lib.Articles)
	}
	bridge := lib.Article("bridge")
	if bridge.Original.Lang != "ru" || bridge.Editions[0] != bridge.Original || len(bridge.Editions) != 2 {
		t.Errorf("the original is %s, first of %d is %s", bridge.Original.Lang, len(bridge.Editions), bridge.Editions[0].Lang)
	}
	if en := edition(bridge, "en"); en == nil || en.Translates != "ru" || en.Title != "The bridge" {
		t.Errorf("English edition: %+v", en)
	}
	if edition(bridge, "zh") != nil {
		t.Error("there is no Chinese edition, yet one was found")
	}
	if c := bridge.Original.Corrections; len(c) != 1 || c[0] != (Correction{"2026-05-01", "Мост был открыт в мае."}) {
		t.Errorf("corrections: %v", c)
	}
	if q := edition(bridge, "en").Quotes; q[0].Speech != Direct || q[1].Speech != Reported {
		t.Errorf("speech: %v", q)
	}
}

func edition(a *Article, lang string) *Edition {
	for _, e := range a.Editions {
		if e.Lang == lang {
			return e
		}
	}
	return nil
}

// What a Markdown construct becomes, in a notation of its own: kind, then
// spans with their styles.
func TestMarkdownBecomesBlocks(t *testing.T) {
	for _, c := range []struct{ name, markdown, want string }{
		{"paragraphs", "раз\n\nдва", "¶ раз | ¶ два"},
		{"lines of a paragraph", "раз\nдва", "¶ раз два"},
		{"Chinese lines of a paragraph", "桥在\n这里。\n桥 is\n这里", "¶ 桥在这里。桥 is 这里"},
		{"Chinese lines with styles", "桥在\n**这里**\n。\n*a*\n桥", "¶ 桥在|b:这里|。 |i:a| 桥"},
		{"Chinese lines with quotation marks", "金说：\n“桥\n在”\n。 “a”\n“b”", "¶ 金说：“桥在”。 “a” “b”"},
		{"Chinese lines of a quotation", "> 桥在\n> 这里", "> 桥在这里"},
		{"a hard line break", "раз\\\nдва", "¶ раз⏎два"},
		{"styles", "a **b** *c* ***d*** `e*`", "¶ a |b:b| |i:c| |bi:d| |m:e*"},
		{"a link", "см. [схему *моста*](https://example.org/a?b=1&amp;c=%D1%8F)", "¶ см. |схему @https://example.org/a?b=1&c=%D1%8F|i:моста@https://example.org/a?b=1&c=%D1%8F"},
		{"a bare link", "<https://example.org>", "¶ https://example.org@https://example.org"},
		{"tildes", "~5%, а там 10~12% ~~нет~~", "¶ ~5%, а там 10~12% ~~нет~~"},
		{"escapes", `\*не курсив\* &lt;b&gt; &amp;amp; \&amp; «–» 2 < 3`, "¶ *не курсив* <b> &amp; &amp; «–» 2 < 3"},
		{"a heading", "## Часть *первая*", "# Часть |i:первая"},
		{"bullets", "- раз\n- два", "• раз | • два"},
		{"numbers", "0. раз\n1. два", "0. раз | 1. два"},
		{"a quotation", "> раз\n>\n> два", "> раз | > два"},
		{"code", "```go\na <b>\n\n*c*\n```", "` a <b>⏎⏎*c*"},
		{"an abbreviation with a bracket", "гос. Гу (Gu)[1]", "¶ гос. Гу (Gu)[1]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &file{name: "a/ru.md"}
			blocks := f.markdown(c.markdown, 1)
			if got := notation(blocks); got != c.want || len(f.Problems) > 0 {
				t.Errorf("got  %s\nwant %s\n%v", got, c.want, f.Problems)
			}
		})
	}
}

func notation(blocks []Block) string {
	marks := map[BlockKind]string{Paragraph: "¶", Heading: "#", Item: "•", Quotation: ">", Code: "`"}
	var out []string
	for _, b := range blocks {
		var spans []string
		for _, s := range b.Spans {
			style := ""
			for i, letter := range []string{"b", "i", "m"} {
				if s.Style&(1<<i) != 0 {
					style += letter
				}
			}
			if style != "" {
				style += ":"
			}
			if s.URL != "" {
				s.URL = "@" + s.URL
			}
			spans = append(spans, style+strings.ReplaceAll(s.Text, "\n", "⏎")+s.URL)
		}
		mark := marks[b.Kind]
		if b.Kind == Numbered {
			mark = fmt.Sprintf("%d.", b.Number)
		}
		out = append(out, mark+" "+strings.Join(spans, "|"))
	}
	return strings.Join(out, " | ")
}

// A file from an editor under Windows reads as any other.
func TestWindowsLineEndsAndByteOrderMark(t *testing.T) {
	files, err := fs.Sub(os.DirFS("testdata/good"), "tunnel")
	if err != nil {
		t.Fatal(err)
	}
	unix, err := fs.ReadFile(files, "ru.md")
	if err != nil {
		t.Fatal(err)
	}
	windows := "\ufeff" + strings.ReplaceAll(string(unix), "\n", "\r\n")
	lib, err := Load(fstest.MapFS{"a/ru.md": {Data: []byte(windows)}, "b/ru.md": {Data: unix}})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := lib.Articles[0].Original, lib.Articles[1].Original; a.Text() != b.Text() || a.Title != b.Title {
		t.Errorf("%q is not %q", a.Text(), b.Text())
	}
}

// Whatever a file holds, loading it ends in a library or in problems that each
// name the file.
func FuzzLoad(f *testing.F) {
	for _, pattern := range []string{"testdata/good/*/*.md", "articles/*/*.md"} {
		names, _ := filepath.Glob(pattern)
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	fixtures, _ := filepath.Glob("testdata/bad/*.txtar")
	for _, name := range fixtures {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			f.Add(file.Data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		lib, err := Load(fstest.MapFS{"a/ru.md": {Data: data}})
		if problems, ok := err.(Problems); ok {
			lines := strings.Count(string(data), "\n") + 2
			for _, p := range problems {
				if !strings.HasPrefix(p.File, "a") || p.Line > lines || p.What == "" || p.Cure == "" {
					t.Errorf("problem %+v in a file of %d lines", p, lines)
				}
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range lib.Articles[0].Original.Quotes {
			if !strings.Contains(lib.Articles[0].Original.Text(), q.Text) {
				t.Errorf("the quote %q is not in the text", q.Text)
			}
		}
	})
}
