package content

import (
	"bufio"
	"fmt"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	xast "github.com/yuin/goldmark/extension/ast"
	renderer "github.com/yuin/goldmark/renderer/html"
	gmtext "github.com/yuin/goldmark/text"
)

// bodyParser knows CommonMark, and tables: one that was not recognized would be
// shown as bars.
var bodyParser = goldmark.New(goldmark.WithExtensions(extension.Table)).Parser()

// markdown reads a body that begins on the given line into blocks, and reports
// what a chat cannot show.
func (f *file) markdown(body string, line int) []Block {
	m := body2blocks{file: f, source: []byte(body), line: line}
	doc := bodyParser.Parse(gmtext.NewReader(m.source))
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		m.block(n)
	}
	return m.blocks
}

type body2blocks struct {
	*file
	source []byte
	line   int // of the first byte of source
	blocks []Block
}

// refuse reports markup that a chat cannot show.
func (m *body2blocks) refuse(n ast.Node, what, cure string) {
	m.problem(m.lineOf(n), what, cure)
}

func (m *body2blocks) lineOf(n ast.Node) int {
	before := m.source[:max(0, min(n.Pos(), len(m.source)))]
	return m.line + strings.Count(string(before), "\n")
}

// block maps a top-level block.
func (m *body2blocks) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		m.append(Paragraph, 0, n)
	case *ast.Heading:
		m.append(Heading, 0, n)
	case *ast.Blockquote:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			m.leaf(c, Quotation, 0, "a quotation that holds more than paragraphs")
		}
	case *ast.List:
		m.list(n)
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		var code strings.Builder
		for i := range n.Lines().Len() {
			segment := n.Lines().At(i)
			code.Write(segment.Value(m.source))
		}
		if text := strings.TrimRight(code.String(), "\n"); text != "" {
			m.sound(m.lineOf(n), text)
			m.blocks = append(m.blocks, Block{Kind: Code, Spans: []Span{{Text: text}}})
		}
	case *ast.ThematicBreak:
		m.refuse(n, "a line across", "remove it, or write a heading")
	case *xast.Table:
		m.refuse(n, "a table", "write it as a list")
	case *ast.HTMLBlock:
		m.refuse(n, "HTML", "write it in Markdown")
	case *ast.LinkReferenceDefinition:
		m.refuse(n, "a line that Markdown takes for the address of a link and does not show", `write the link in its place, as [text](https://…), or \[ for a bracket`)
	default:
		m.refuse(n, "markup of the kind "+n.Kind().String(), "write it as plain paragraphs")
	}
}

func (m *body2blocks) list(list *ast.List) {
	kind := Item
	if list.IsOrdered() {
		kind = Numbered
	}
	number := list.Start
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		if item.ChildCount() != 1 {
			m.refuse(item, "a list item that is not one paragraph", "write one paragraph an item, without lists inside")
			continue
		}
		m.leaf(item.FirstChild(), kind, number, "a list inside a list")
		number++
	}
}

// leaf maps a block inside another, where only a paragraph may stand.
func (m *body2blocks) leaf(n ast.Node, kind BlockKind, number int, what string) {
	switch n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		m.append(kind, number, n)
	default:
		m.refuse(n, what, "write it as plain paragraphs")
	}
}

func (m *body2blocks) append(kind BlockKind, number int, n ast.Node) {
	block := Block{Kind: kind, Number: number}
	m.inline(n, Span{}, &block)
	block.joinLines()
	m.sound(m.lineOf(n), block.Text())
	if strings.TrimSpace(block.Text()) == "" {
		m.refuse(n, "a heading or paragraph without words", "write it, or remove its markup")
		return
	}
	m.blocks = append(m.blocks, block)
}

// inline maps what stands within a paragraph; style is that of the surroundings.
func (m *body2blocks) inline(parent ast.Node, style Span, block *Block) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		inner := style
		switch n := n.(type) {
		case *ast.Text:
			inner.Text = m.text(n)
			block.add(inner)
			continue
		case *ast.AutoLink:
			inner.Text, inner.URL = string(n.Label(m.source)), m.url(n, string(n.URL(m.source)))
			block.add(inner)
			continue
		case *ast.CodeSpan:
			inner.Style |= Mono
		case *ast.Emphasis:
			inner.Style |= emphasis(n.Level)
		case *ast.Link:
			inner.URL = m.url(n, unescape(n.Destination))
			if n.ChildCount() == 0 {
				m.refuse(n, "a link without words", "write them between the brackets")
			}
		case *ast.Image:
			m.refuse(n, "a picture", "remove it, or link to it")
			continue
		case *ast.RawHTML:
			m.refuse(n, "HTML", "write it in Markdown, or write &lt; for <")
			continue
		default:
			m.refuse(n, "markup of the kind "+n.Kind().String(), "write it plainly")
			continue
		}
		m.inline(n, inner, block)
	}
}

// emphasis is the style of *one* asterisk or **two**.
func emphasis(level int) Style {
	if level == 2 {
		return Bold
	}
	return Italic
}

// url checks a link's destination.
func (m *body2blocks) url(n ast.Node, dest string) string {
	if !isHTTPS(dest) || len(dest) > maxURL {
		m.refuse(n, fmt.Sprintf("a link to %q", dest), fmt.Sprintf("write a whole address such as https://example.org/page, at most %d bytes", maxURL))
	}
	return dest
}

// softBreak stands for a line break in the file within a paragraph, until it is
// known what stands on both sides. No text has this character itself: Markdown
// replaces it.
const softBreak = "\x00"

// text returns a text's characters with escapes and references resolved, and
// the line break that follows it.
func (m *body2blocks) text(n *ast.Text) string {
	value := n.Segment.Value(m.source)
	text := string(value)
	if !n.IsRaw() {
		text = unescape(value)
	}
	switch {
	case n.HardLineBreak():
		return text + "\n"
	case n.SoftLineBreak():
		return text + softBreak
	}
	return text
}

// joinLines makes a soft line break a space, or nothing between characters of a
// script that puts no spaces between words.
func (b *Block) joinLines() {
	text := b.Text()
	at := 0
	for i, s := range b.Spans {
		var out strings.Builder
		for _, r := range s.Text {
			if string(r) != softBreak {
				out.WriteRune(r)
			} else if !touch(lastRune(text[:at]), firstRune(text[at+len(softBreak):])) {
				out.WriteByte(' ')
			}
			at += utf8.RuneLen(r)
		}
		b.Spans[i].Text = out.String()
	}
}

// touch reports whether two characters stand side by side without a space: of
// which at least one is wide, the other wide or a mark that goes with such text.
func touch(a, b rune) bool {
	fits := func(r rune) bool { return wide(r) || strings.ContainsRune("“”‘’—…·", r) }
	return fits(a) && fits(b) && (wide(a) || wide(b))
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// wide reports whether r is of a script written without spaces, or its
// punctuation.
func wide(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) ||
		0x3000 <= r && r <= 0x303f || 0xff00 <= r && r <= 0xffef
}

// unescape resolves backslashes and character references. The library only
// does so while it writes HTML, hence the way there and back.
func unescape(markup []byte) string {
	var out strings.Builder
	w := bufio.NewWriter(&out)
	renderer.DefaultWriter.Write(w, markup)
	w.Flush()
	return html.UnescapeString(out.String())
}

// add appends a span, joined to the last one where they look the same.
func (b *Block) add(s Span) {
	if s.Text == "" {
		return
	}
	if last := len(b.Spans) - 1; last >= 0 && b.Spans[last].Style == s.Style && b.Spans[last].URL == s.URL {
		b.Spans[last].Text += s.Text
		return
	}
	b.Spans = append(b.Spans, s)
}
