package emulator

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// sortEntities puts outer entities before inner ones; of two over the same text, Telegram has a fixed order.
func sortEntities(entities []Entity) {
	slices.SortStableFunc(entities, func(a, b Entity) int {
		return cmp.Or(a.Offset-b.Offset, b.Length-a.Length, rank(a)-rank(b))
	})
}

// ranks are get_type_priority of TDLib: the smaller, the further out.
var ranks = map[string]int{
	"blockquote": 0, "expandable_blockquote": 0, "pre": 11, "code": 20, "date_time": 48, "text_link": 49,
	"text_mention": 49, "bold": 90, "italic": 91, "underline": 92, "strikethrough": 93, "spoiler": 94, "custom_emoji": 99,
}

func rank(e Entity) int {
	if e.Type == "pre" && e.Language != "" {
		return 10
	}
	return ranks[e.Type]
}

// normalize is what Telegram makes of a text and its entities when it is sent (fix_formatted_text in TDLib): control
// characters become spaces, invisible ones that break a layout go, entities are split and merged until they nest, and
// spaces around the text are trimmed, except before an entity at its very beginning. A text in which nothing can be
// seen becomes empty.
func normalize(text string, entities []Entity) (string, []Entity) {
	text, entities = clean(text, nest(entities))
	text, entities = trim(text, nest(entities))
	if strings.TrimFunc(text, invisible) == "" {
		return "", nil
	}
	return text, entities
}

// invisible reports whether r is one of the characters that alone make no message (is_empty_string in TDLib).
func invisible(r rune) bool {
	return strings.ContainsRune(" \n\u00a0\u1680\u180e\u205f\u2800\u3000\ufeff\ufffc\u202f", r) ||
		0x2000 <= r && r <= 0x200f || 0xe0000 <= r && r <= 0xe007f
}

// clean replaces and removes characters, and moves the entities with the text.
func clean(text string, entities []Entity) (string, []Entity) {
	var b strings.Builder
	moved := make([]int, 0, len(text)+1) // where each UTF-16 unit of text went
	units := 0
	for _, r := range text {
		for range runeUnits(r) {
			moved = append(moved, units)
		}
		switch {
		case r == '\r' || 0x2028 <= r && r <= 0x202e || r == 0x333 || r == 0x33f || r == 0x30a:
			continue
		case r < ' ' && r != '\n':
			r = ' '
		}
		b.WriteRune(r)
		units += runeUnits(r)
	}
	moved = append(moved, units)
	var cleaned []Entity
	for _, e := range entities {
		begin, end := moved[e.Offset], moved[e.Offset+e.Length]
		e.Offset, e.Length = begin, end-begin
		if e.Length > 0 {
			e.URL, _ = clean(e.URL, nil)
			e.Language, _ = clean(e.Language, nil)
			cleaned = append(cleaned, e)
		}
	}
	return marks.ReplaceAllStringFunc(b.String(), joinMarks), cleaned
}

// marks are marks of direction in a row. Telegram keeps the last one only.
var marks = regexp.MustCompile("[\u200e\u200f]{2,}")

func joinMarks(row string) string {
	last := len(row) - len("\u200f")
	return strings.Repeat("\u200c", utf8.RuneCountInString(row[:last])) + row[last:]
}

func trim(text string, entities []Entity) (string, []Entity) {
	text = strings.TrimRight(text, " \n")
	end := UTF16Len(text)
	var kept []Entity
	for _, e := range entities {
		if e.Length = min(e.Length, end-e.Offset); e.Length > 0 {
			kept = append(kept, e)
		}
	}
	sortEntities(kept)
	left := len(text) - len(strings.TrimLeft(text, " \n"))
	if len(kept) > 0 {
		left = min(left, kept[0].Offset)
	}
	for i := range kept {
		kept[i].Offset -= left
	}
	return text[left:], kept
}
