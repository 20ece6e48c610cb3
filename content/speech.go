package content

import (
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
// place whether it is direct speech there: inside quotation marks, or in a
// paragraph that begins with the dash of a dialogue.
func places(paragraph, quote string) (direct []bool) {
	for from := 0; ; {
		i := strings.Index(paragraph[from:], quote)
		if i < 0 {
			return direct
		}
		start, end := from+i, from+i+len(quote)
		if !cuts(paragraph, start) && !cuts(paragraph, end) {
			direct = append(direct, strings.ContainsRune(dashes, firstRune(paragraph)) || quoted(paragraph[:start]))
		}
		from = start + utf8.RuneLen(firstRune(quote))
	}
}

// cuts reports whether a word goes on at that offset. Scripts written without
// spaces have no such words.
func cuts(text string, at int) bool {
	a, b := lastRune(text[:at]), firstRune(text[at:])
	letter := func(r rune) bool { return (unicode.IsLetter(r) || unicode.IsDigit(r)) && !wide(r) }
	return letter(a) && letter(b)
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

// quoted reports whether a quotation is open at the end of text.
func quoted(text string) bool {
	var open marks
	for _, r := range text {
		open = open.read(r)
	}
	return len(open) > 0
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
