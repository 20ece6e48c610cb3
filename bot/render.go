package bot

import (
	"fmt"
	"strings"

	"articlebot/content"
)

// All HTML that leaves the bot is written in this file, out of blocks and
// spans: nothing else can forget to escape.
//
// Source of the rules: https://core.telegram.org/bots/api#html-style

var (
	textEscapes      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	attributeEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")
)

// A part is a block on its way to a page.
type part struct {
	content.Block
	keep      bool    // stands on the same page as what follows
	continued bool    // goes on from the page before
	button    *Button // stands below the page where the part begins
}

// paragraph makes a part of plain text and styled spans.
func paragraph(spans ...content.Span) part {
	return part{Block: content.Block{Spans: spans}}
}

func plain(text string) content.Span { return content.Span{Text: text} }

func styled(style content.Style, text string) content.Span {
	return content.Span{Text: text, Style: style}
}

func link(text, url string) content.Span { return content.Span{Text: text, URL: url} }

// render writes parts as Telegram HTML: a blank line between them, one line
// break within a list and before a quotation that belongs to what precedes it.
func render(parts []part) string {
	var out strings.Builder
	for i, p := range parts {
		quoted := p.Kind == content.Quotation
		after := i > 0 && quoted && parts[i-1].Kind == content.Quotation
		if i > 0 {
			out.WriteString(joint(parts[i-1], p))
		}
		if quoted && !after {
			out.WriteString("<blockquote>")
		}
		out.WriteString(p.html())
		if last := i == len(parts)-1; quoted && (last || parts[i+1].Kind != content.Quotation) {
			out.WriteString("</blockquote>")
		}
	}
	return out.String()
}

// renderExpandable writes parts as one quotation that the reader unfolds.
// Quotations cannot be nested; inside it they are in italics.
func renderExpandable(parts []part) string {
	flat := make([]part, len(parts))
	for i, p := range parts {
		if p.Kind == content.Quotation {
			p.Kind = content.Paragraph
			spans := make([]content.Span, len(p.Spans))
			for j, s := range p.Spans {
				s.Style |= content.Italic
				spans[j] = s
			}
			p.Spans = spans
		}
		flat[i] = p
	}
	return "<blockquote expandable>" + render(flat) + "</blockquote>"
}

func joint(a, b part) string {
	if a.listed() && b.listed() || a.keep && b.Kind == content.Quotation {
		return "\n"
	}
	return "\n\n"
}

// html writes one part without what parts it from its neighbours.
func (p part) html() string {
	var out strings.Builder
	out.WriteString(p.marker())
	for _, s := range p.Spans {
		out.WriteString(spanHTML(s))
	}
	switch p.Kind {
	case content.Code:
		return "<pre>" + out.String() + "</pre>"
	case content.Heading:
		return "<b>" + out.String() + "</b>"
	}
	return out.String()
}

func spanHTML(s content.Span) string {
	out := textEscapes.Replace(s.Text)
	if s.Style&content.Mono != 0 {
		out = "<code>" + out + "</code>"
	}
	if s.Style&content.Italic != 0 {
		out = "<i>" + out + "</i>"
	}
	if s.Style&content.Bold != 0 {
		out = "<b>" + out + "</b>"
	}
	if s.URL != "" {
		out = `<a href="` + attributeEscapes.Replace(s.URL) + `">` + out + "</a>"
	}
	return out
}

func (p part) listed() bool { return p.Kind == content.Item || p.Kind == content.Numbered }

// marker is what stands before a list item where it begins.
func (p part) marker() string {
	switch {
	case p.continued:
		return ""
	case p.Kind == content.Item:
		return "• "
	case p.Kind == content.Numbered:
		return fmt.Sprintf("%d. ", p.Number)
	}
	return ""
}
