package bot

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"articlebot/content"
)

// Section is a part of what the bot has to say.
type Section string

const (
	Start   Section = "start"
	Summary Section = "summary"
	Text    Section = "text"
	Quotes  Section = "quotes"
	Source  Section = "source"
	Help    Section = "help"
	Privacy Section = "privacy"
)

// Where nobody is sent by a link or a button: the start, with a word of why the
// reader is there.
const (
	gone    Section = "gone"    // the address does not exist any more
	unknown Section = "unknown" // no such command
	chatter Section = "chatter" // words that are no command
)

var (
	sections = []Section{Start, Summary, Text, Quotes, Source, Help, Privacy}
	notices  = []Section{gone, unknown, chatter}
)

// neighbours lists the sections that a section has buttons to. The start and
// the privacy screen are reached through the help, which is next to all.
func neighbours(at Section) (next []Section) {
	all := []Section{Summary, Text, Quotes, Source, Help}
	if at == Help || at == Privacy {
		all = append(all, Privacy, Start)
	}
	for _, s := range all {
		if s != at {
			next = append(next, s)
		}
	}
	return next
}

// label returns the name of a section.
func (w *words) label(s Section) string {
	return map[Section]string{
		Start: w.Start, Summary: w.Summary, Text: w.Text, Quotes: w.Quotes,
		Source: w.Source, Help: w.Help, Privacy: w.Privacy,
	}[s]
}

// body is what a section has to say before it is parted into pages.
type body struct {
	header  []part // on every page
	parts   []part // one page or several
	footer  []part // on every page
	long    bool   // folded where others read
	preview string // the link whose preview is shown; empty for none
}

// body returns what a section says.
func (v view) body(s Section) body {
	title := part{Block: content.Block{Kind: content.Heading, Spans: []content.Span{plain(v.edition.Title)}}}
	from := paragraph(v.from(link(v.article.Outlet, v.article.Source))...)
	greet := func(greeting string) body {
		return body{parts: []part{paragraph(plain(greeting)), title, paragraph(plain(v.Choose))}}
	}
	switch s {
	case Summary:
		return body{header: []part{title}, parts: slices.Concat(v.corrections(), v.summary()), footer: []part{from}}
	case Text:
		return body{header: []part{title}, parts: slices.Concat(v.corrections(), v.text()), footer: []part{from}, long: true}
	case Quotes:
		return body{header: []part{title}, parts: v.quotes(), footer: []part{from}}
	case Source:
		return body{header: []part{title}, parts: v.source(), preview: v.article.Source}
	case Help:
		return body{parts: v.help()}
	case Privacy:
		return body{parts: v.privacy()}
	case gone:
		return greet(v.Gone)
	case unknown:
		return greet(v.Unknown)
	case chatter:
		return greet(v.PlainWords)
	}
	return greet(v.Intro)
}

// from says where the article is from: the outlet, and whom it cites if the
// article says so.
func (v view) from(outlet content.Span) []content.Span {
	before, after, _ := strings.Cut(v.From, "%s")
	spans := []content.Span{plain(before), outlet, plain(after)}
	if v.article.Cites != "" {
		spans = append(spans, plain(fmt.Sprintf(v.Cites, v.article.Cites)))
	}
	return spans
}

func (v view) corrections() (parts []part) {
	for _, c := range v.edition.Corrections {
		date, _ := time.Parse(time.DateOnly, c.Date) // the loader has checked it
		parts = append(parts, paragraph(styled(content.Italic, fmt.Sprintf(v.Correction, date.Format(v.Date), c.Text))))
	}
	return parts
}

func (v view) summary() []part {
	parts := []part{paragraph(styled(content.Italic, v.SummaryNote))}
	for _, point := range v.edition.Summary {
		parts = append(parts, part{Block: content.Block{Kind: content.Item, Spans: []content.Span{plain(point)}}})
	}
	return parts
}

func (v view) text() (parts []part) {
	for _, block := range v.edition.Body {
		parts = append(parts, part{Block: block, keep: block.Kind == content.Heading})
	}
	return parts
}

// quotes gives each quote its speaker, who they are, and whether the words are
// theirs: direct speech in quotation marks, reported speech without and marked
// as such. The button opens the original's words at the source.
func (v view) quotes() (parts []part) {
	if len(v.edition.Quotes) == 0 {
		return []part{paragraph(plain(v.NoQuotes))}
	}
	original := v.article.Original.Text()
	for i, q := range v.edition.Quotes {
		name, label := q.Speaker, v.QuoteAtSite
		if len(v.edition.Quotes) > 1 {
			name, label = fmt.Sprintf("%d. %s", i+1, name), fmt.Sprintf(v.NthAtSite, i+1)
		}
		who := paragraph(styled(content.Bold, name), plain("\n"+q.Role))
		words := q.Text
		if q.Speech == content.Direct {
			words = v.Open + words + v.Close
		} else {
			who.Spans = append(who.Spans, plain("\n"), styled(content.Italic, v.Reported))
		}
		who.keep = true
		who.button = &Button{
			Text: label,
			URL:  quoteURL(v.article.Source, original, v.article.Original.Quotes[i].Text),
		}
		parts = append(parts, who, part{Block: content.Block{Kind: content.Quotation, Spans: []content.Span{plain(words)}}})
	}
	return parts
}

func (v view) source() []part {
	return []part{
		paragraph(append(v.from(plain(v.article.Outlet)), plain("\n"), link(v.article.Source, v.article.Source))...),
		paragraph(plain(v.Citation+"\n"), styled(content.Mono, fmt.Sprintf(v.CitationOf, v.edition.Title, v.article.Outlet, v.article.Source))),
	}
}

// help lists the commands, from the table that answers them.
func (v view) help() []part {
	lines := make([]string, len(commands))
	for i, c := range commands {
		lines[i] = "/" + c.name + " – " + v.CommandHelp[c.name]
		if c.aliases != nil {
			lines[i] += " (" + fmt.Sprintf(v.Aliases, "/"+strings.Join(c.aliases, ", /")) + ")"
		}
	}
	return []part{paragraph(styled(content.Bold, v.HelpTitle)), paragraph(plain(strings.Join(lines, "\n"))), paragraph(plain(v.HelpGroups))}
}

func (v view) privacy() []part {
	parts := []part{paragraph(styled(content.Bold, v.PrivacyTitle))}
	for _, text := range v.PrivacyText {
		parts = append(parts, paragraph(plain(text)))
	}
	return parts
}
