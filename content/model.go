package content

import "strings"

// Library is all articles, ordered by slug. It never changes once loaded.
type Library struct {
	Articles []*Article
}

// Article returns the article with that slug, or nil.
func (l *Library) Article(slug string) *Article {
	for _, a := range l.Articles {
		if a.Slug == slug {
			return a
		}
	}
	return nil
}

// Article is one text in all its languages.
type Article struct {
	Slug     string
	Outlet   string     // who published it, as the outlet calls itself
	Source   string     // where it was published, an https URL
	Cites    string     // whom the outlet says it has it from; may be empty
	Original *Edition   // the edition as published
	Editions []*Edition // the original first, then the translations by language
}

// Edition is an article in one language.
type Edition struct {
	Lang        string // ISO 639 code in lower case: ru, kk, en, zh
	Translates  string // language of the original; empty in the original
	Title       string
	Summary     []string // 3 to 5 points
	Quotes      []Quote
	Corrections []Correction
	Body        []Block
}

// Quote is what somebody said, as the edition has it: Text stands in the body
// character for character, without the quotation marks around it.
type Quote struct {
	Text    string
	Speaker string
	Role    string
	Speech  Speech
}

// Speech tells the speaker's own words from a retelling of them.
type Speech string

const (
	Direct   Speech = "direct"   // the speaker's words, shown in quotation marks
	Reported Speech = "reported" // the outlet's words, never in quotation marks
)

// Correction is a mistake that was mended after publication.
type Correction struct {
	Date string // YYYY-MM-DD
	Text string
}

// BlockKind says what a Block is.
type BlockKind int

const (
	Paragraph BlockKind = iota
	Heading
	Item      // of a list
	Numbered  // item of a numbered list
	Quotation // a paragraph that the article quotes
	Code      // preformatted lines
)

// Block is one paragraph of text, or what stands in its place.
type Block struct {
	Kind   BlockKind
	Number int // of a Numbered item
	Spans  []Span
}

// Style is how a Span looks: a set of the constants below.
type Style uint8

const (
	Bold Style = 1 << iota
	Italic
	Mono
)

// Span is a run of text in one style.
type Span struct {
	Text  string
	Style Style
	URL   string // of a link, else empty
}

// Text returns the block's words without markup.
func (b Block) Text() string {
	var s strings.Builder
	for _, span := range b.Spans {
		s.WriteString(span.Text)
	}
	return s.String()
}

// Text returns the body's words without markup, paragraphs parted by a blank
// line.
func (e *Edition) Text() string {
	blocks := make([]string, len(e.Body))
	for i, b := range e.Body {
		blocks[i] = b.Text()
	}
	return strings.Join(blocks, "\n\n")
}
