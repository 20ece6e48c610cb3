package bot

import (
	"math/bits"
	"slices"
	"sort"
	"unicode"
	"unicode/utf8"

	"articlebot/content"
)

// A size is what Telegram limits in one message: UTF-16 units of text after
// the markup is parsed, bytes of text with markup, and entities.
type size struct{ units, bytes, entities int }

// messageLimit is the room of one message: 4096 units, 32,768 bytes, 100
// entities (TDLib drops the rest of them in silence).
var messageLimit = size{4096, 32768, 100}

func (s size) minus(t size) size {
	return size{s.units - t.units, s.bytes - t.bytes, s.entities - t.entities}
}

func (s size) fits(room size) bool {
	return s.units <= room.units && s.bytes <= room.bytes && s.entities <= room.entities
}

// measure returns the most that a part takes, whatever stands next to it.
func measure(p part) size {
	const joint, tags = 2, len("<blockquote expandable></blockquote><i></i>")
	s := size{joint + utf16Len(p.marker()) + utf16Len(p.Text()), joint + tags + len(p.html()), 2}
	for _, span := range p.Spans {
		s.entities += 1 + bits.OnesCount8(uint8(span.Style)) // one for a link, or for italics in an unfolded quotation
	}
	return s
}

// utf16Len is the length of s as Telegram counts it.
func utf16Len(s string) (n int) {
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

// paginate distributes parts over pages of that room: a part that fits on a
// page is not cut; one that does not is cut at a sentence, else at a word. The
// pages put together are the parts again, see [part.cut].
func paginate(parts []part, room size) (pages [][]part) {
	var page []part
	left := room
	turn := func() {
		pages = append(pages, page)
		page, left = nil, room
	}
	for parts = slices.Clone(parts); len(parts) > 0; {
		p := parts[0]
		need := measure(p)
		kept := trailingKept(page)
		switch {
		case need.fits(left):
			page, left, parts = append(page, p), left.minus(need), parts[1:]
		case kept < len(page): // move on, and take along what must stand before p
			parts = append(slices.Clone(page[len(page)-kept:]), parts...)
			page = page[:len(page)-kept]
			turn()
		case len(page) > 0 && (need.fits(room) || left.units < room.units/4):
			turn()
		default:
			head, rest := p.cut(left)
			page, parts[0] = append(page, head), rest
			turn()
			if rest.Spans == nil {
				parts = parts[1:]
			}
		}
	}
	if len(page) > 0 {
		turn()
	}
	return pages
}

// trailingKept counts the parts at the page's end that must not stand last.
func trailingKept(page []part) (n int) {
	for n < len(page) && page[len(page)-1-n].keep {
		n++
	}
	return n
}

// cut parts p in two, so that head fits the room and is as long as a good
// place to cut allows. Their texts put together are the text of p.
func (p part) cut(room size) (head, rest part) {
	text := p.Text()
	window := text    // no shorter than what could fit
	var offsets []int // the end of each character in it
	for i := range text {
		if i > 0 {
			offsets = append(offsets, i)
		}
		if len(offsets) > room.units {
			window = text[:i]
			break
		}
	}
	if len(window) == len(text) {
		offsets = append(offsets, len(text))
	}
	fitting := sort.Search(len(offsets), func(i int) bool {
		return !measure(p.slice(0, offsets[i])).fits(room)
	})
	at := goodCut(window, offsets[max(fitting, 1)-1]) // at least one character, to go on
	head, rest = p.slice(0, at), p.slice(at, len(text))
	rest.continued, rest.button = true, nil
	return head, rest
}

// slice returns p with the text between two byte offsets.
func (p part) slice(from, to int) part {
	var spans []content.Span
	start := 0
	for _, s := range p.Spans {
		end := start + len(s.Text)
		if a, b := max(from, start), min(to, end); a < b {
			s.Text = s.Text[a-start : b-start]
			spans = append(spans, s)
		}
		start = end
	}
	p.Spans = spans
	return p
}

// goodCut returns the best offset to cut text at, at most limit: the end of a
// sentence, else of a word, in the second half of what fits; else any place
// that does not part a letter from its accents.
func goodCut(text string, limit int) int {
	if limit == len(text) {
		return limit
	}
	ends := sentenceEnds(text)
	if i, _ := slices.BinarySearch(ends, limit+1); i > 0 && ends[i-1] > limit/2 {
		return ends[i-1]
	}
	for i := limit; i > limit/2; i-- {
		if r, _ := utf8.DecodeLastRuneInString(text[:i]); unicode.IsSpace(r) {
			return i
		}
	}
	for i := limit; i > 0; i-- {
		if utf8.RuneStart(text[i]) && !clings(text[i:]) {
			return i
		}
	}
	return limit
}

// clings reports whether the first character of s belongs to the one before it.
func clings(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.In(r, unicode.M, unicode.Join_Control, unicode.Variation_Selector)
}
