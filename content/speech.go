package content

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Quotation marks that open and close in the languages there may be. „ is closed
// by “, which opens in English; the straight " does both.
const (
	openers = "«„「『"
	closers = "»”」』"
	dashes  = "–—―-"
)

// places finds a quote in a paragraph, whole words only, and reports of each
// place whether all of it is direct speech there: inside one pair of quotation
// marks, or in the speaker's part of a dialogue with a dash.
func places(paragraph, quote string) (direct []bool) {
	for from := 0; ; {
		i := strings.Index(paragraph[from:], quote)
		if i < 0 {
			return direct
		}
		start, end := from+i, from+i+len(quote)
		if !cuts(paragraph, start) && !cuts(paragraph, end) {
			direct = append(direct, quoted(paragraph, start, end) || spoken(paragraph, start, end))
		}
		from = start + utf8.RuneLen(firstRune(quote))
	}
}

// turn is where speaker and narrator take turns in a dialogue with a dash.
var turn = regexp.MustCompile(`[,.!?…]\s[–—―-]\s`)

// spoken reports whether text[start:end] is of the speaker's part of a dialogue,
// which begins with a dash: — Да, — сказал Ким. — Мост стоит.
func spoken(text string, start, end int) bool {
	dash := firstRune(text)
	if !strings.ContainsRune(dashes, dash) || !strings.HasPrefix(text[utf8.RuneLen(dash):], " ") {
		return false
	}
	return len(turn.FindAllString(text[:start], -1))%2 == 0 && !turn.MatchString(text[start:end])
}

// cuts reports whether a word goes on at that offset. Scripts written without
// spaces have no such words.
func cuts(text string, at int) bool {
	a, b := lastRune(text[:at]), firstRune(text[at:])
	letter := func(r rune) bool { return (unicode.IsLetter(r) || unicode.IsDigit(r)) && !wide(r) }
	return letter(a) && letter(b) || unicode.IsMark(b)
}

// marks is the quotation marks that are open at a place in a text.
type marks []rune

func (m marks) read(r rune) marks {
	last := rune(0)
	if len(m) > 0 {
		last = m[len(m)-1]
	}
	switch {
	case strings.ContainsRune(openers, r), r == '“' && last != '„', r == '"' && last != '"':
		return append(m, r)
	case strings.ContainsRune(closers, r), r == '“', r == '"':
		return m[:max(0, len(m)-1)]
	}
	return m
}

// quoted reports whether text[start:end] stands in a quotation that is open
// before it and not closed until after it. A straight " that is never closed is
// no quotation: it may be an inch.
func quoted(text string, start, end int) bool {
	var open marks
	depth := 0
	for i, r := range text {
		if i == start {
			depth = len(open)
		}
		open = open.read(r)
		if i >= start && len(open) < depth {
			return i >= end
		}
	}
	return depth > 0 && open[depth-1] != '"'
}

// isMarked reports whether text is one quotation from its first character to
// its last.
func isMarked(text string) bool {
	var open marks
	for i, r := range text {
		if open = open.read(r); len(open) == 0 {
			return i > 0 && i+utf8.RuneLen(r) == len(text)
		}
	}
	return false
}
