package emulator

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ParseHTML reads Telegram's HTML as TDLib does (parse_html in MessageEntity.cpp): the text without its tags and the
// entities found, outer before inner, their offsets in UTF-16 units. Nothing is trimmed, merged or cut yet: that
// happens when a message is sent (see normalize). A link that Telegram does not know how to open leaves its text and
// no entity.
//
// The error is worded as the Bot API words it after "Bad Request: "; its offsets count the bytes of markup.
func ParseHTML(markup string) (text string, entities []Entity, err error) {
	if !utf8.ValidString(markup) {
		return "", nil, errors.New("text must be encoded in UTF-8")
	}
	p := parser{in: markup}
	if err := p.parse(); err != nil {
		return "", nil, fmt.Errorf("can't parse entities: %w", err)
	}
	return string(p.out), p.found, nil
}

// tdError is a fault in TDLib's own words.
type tdError string

func (e tdError) Error() string { return string(e) }

func refuse(format string, args ...any) error { return tdError(fmt.Sprintf(format, args...)) }

// parser is one reading of a markup.
type parser struct {
	in  string
	pos int

	out   []byte   // the text so far
	units int      // its length in UTF-16 units
	open  []tag    // the tags not closed yet, innermost last
	found []Entity // in the order their tags were closed

	halves bool // a reference named half of a surrogate pair
}

func (p *parser) parse() error {
	for p.pos < len(p.in) {
		if err := p.step(); err != nil {
			return err
		}
	}
	if len(p.open) > 0 {
		return refuse("Can't find end tag corresponding to start tag \"%s\"", p.open[len(p.open)-1].name)
	}
	if p.halves && !utf8.Valid(p.out) {
		return refuse("Text contains invalid Unicode characters after decoding HTML entities, " +
			"check for unmatched surrogate code units")
	}
	for i := range p.found {
		if p.found[i].Type == "code" {
			p.found[i].Language = "" // only <pre> around it would have given it one
		}
	}
	sortEntities(p.found)
	return nil
}

// step reads one tag, one character reference or one byte of text.
func (p *parser) step() error {
	switch {
	case p.peek() == '<' && p.at(p.pos+1) == '/':
		return p.endTag()
	case p.peek() == '<':
		return p.startTag()
	case p.peek() == '&':
		if code := p.reference(); code != 0 {
			p.halves = p.halves || isSurrogate(code)
			p.units += runeUnits(code)
			p.out = appendRune(p.out, code)
			return nil
		}
	}
	p.units += byteUnits(p.peek())
	p.out = append(p.out, p.peek())
	p.pos++
	return nil
}

// at is the byte at i, and 0 beyond the end: TDLib reads a C string.
func (p *parser) at(i int) byte {
	if i < len(p.in) {
		return p.in[i]
	}
	return 0
}

func (p *parser) peek() byte { return p.at(p.pos) }

// takeWhile reads the bytes for which keep holds.
func (p *parser) takeWhile(keep func(byte) bool) string {
	begin := p.pos
	for p.pos < len(p.in) && keep(p.in[p.pos]) {
		p.pos++
	}
	return p.in[begin:p.pos]
}

// skipSpace stops at a 0 byte, though TDLib counts that one as a space elsewhere.
func (p *parser) skipSpace() {
	p.takeWhile(func(c byte) bool { return c != 0 && isSpace(c) })
}

// named are the only names a character reference may have.
var named = map[string]rune{"lt": '<', "gt": '>', "amp": '&', "quot": '"'}

// reference reads a character reference and returns its code point, or reads nothing and returns 0. The semicolon at
// its end is optional.
func (p *parser) reference() rune {
	end := p.pos + 1
	var code rune
	if p.at(end) == '#' {
		code, end = p.numeric(end + 1)
	} else {
		for isAlpha(p.at(end)) {
			end++
		}
		code = named[p.in[p.pos+1:end]]
	}
	if code == 0 {
		return 0
	}
	if p.at(end) == ';' {
		end++
	}
	p.pos = end
	return code
}

// numeric reads the digits at i, hexadecimal after an x. The whole reference may be 9 bytes without its semicolon.
func (p *parser) numeric(i int) (code rune, end int) {
	base := rune(10)
	if p.at(i) == 'x' {
		base, i = 16, i+1
	}
	for ; i-p.pos < 10; i++ {
		d, ok := digit(p.at(i), base)
		if !ok {
			break
		}
		code = code*base + d
	}
	if code >= utf8.MaxRune || i-p.pos >= 10 {
		return 0, i
	}
	return code, i
}

func digit(c byte, base rune) (value rune, ok bool) {
	i := strings.IndexByte("0123456789abcdef", lower(c))
	return rune(i), 0 <= i && rune(i) < base
}
