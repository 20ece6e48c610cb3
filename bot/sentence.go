package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentenceEnds returns the byte offsets in text after each sentence and the
// white space that follows it, in rising order, without that of the last one.
//
// A sentence ends at . ! ? or … with white space after it, closing marks in
// between or not, where what precedes is no abbreviation: a word of up to three
// letters («гос.», “Co.”) ends none. Chinese marks need no white space.
func sentenceEnds(text string) (ends []int) {
	for i, r := range text {
		if !strings.ContainsRune(".!?…。！？", r) {
			continue
		}
		rest := strings.TrimLeft(text[i+utf8.RuneLen(r):], ".!?…。！？»”\"'’)）」』")
		next := strings.TrimLeftFunc(rest, unicode.IsSpace)
		spaced := len(next) < len(rest)
		if next == "" || !strings.ContainsRune("。！？", r) && !(spaced && !abbreviated(text[:i])) {
			continue
		}
		end := len(text) - len(next)
		if len(ends) == 0 || ends[len(ends)-1] != end {
			ends = append(ends, end)
		}
	}
	return ends
}

// abbreviated reports whether text ends in a word too short to end a sentence.
func abbreviated(text string) bool {
	n := utf8.RuneCountInString(text[len(strings.TrimRightFunc(text, unicode.IsLetter)):])
	return 0 < n && n <= 3
}
