package emulator

import (
	"slices"
	"strconv"
	"strings"
)

// tag is a start tag that waits for its end.
type tag struct {
	name   string
	value  string // of the one attribute that matters for this name
	date   int32  // <tg-time unix>
	offset int    // where its text begins, in UTF-16 units
	begin  int    // the same in bytes of the text
}

// tags are the names Telegram knows, and the entity each one makes.
var tags = map[string]string{
	"a":          "text_link",
	"b":          "bold",
	"strong":     "bold",
	"i":          "italic",
	"em":         "italic",
	"u":          "underline",
	"ins":        "underline",
	"s":          "strikethrough",
	"strike":     "strikethrough",
	"del":        "strikethrough",
	"span":       "spoiler",
	"tg-spoiler": "spoiler",
	"tg-emoji":   "custom_emoji",
	"tg-time":    "date_time",
	"pre":        "pre",
	"code":       "code",
	"blockquote": "blockquote",
}

// startTag reads a tag and its attributes.
func (p *parser) startTag() error {
	begin := p.pos
	p.pos++
	t := tag{name: lowerASCII(p.takeWhile(inTagName)), offset: p.units, begin: len(p.out)}
	if p.peek() == 0 {
		return refuse("Unclosed start tag at byte offset %d", begin)
	}
	if tags[t.name] == "" {
		return refuse("Unsupported start tag \"%s\" at byte offset %d", t.name, begin)
	}
	for p.skipSpace(); p.peek() != '>'; p.skipSpace() {
		if err := p.attribute(&t, begin); err != nil {
			return err
		}
	}
	p.pos++
	if t.name == "span" && t.value != "spoiler" {
		return refuse("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", begin)
	}
	p.open = append(p.open, t)
	return nil
}

// attribute reads one attribute, with or without a value, of the tag that began at begin.
func (p *parser) attribute(t *tag, begin int) error {
	name := p.takeWhile(inAttributeName)
	if name == "" {
		return refuse("Empty attribute name in the tag \"%s\" at byte offset %d", t.name, begin)
	}
	p.skipSpace()
	hasValue := p.peek() == '='
	if hasValue {
		p.pos++
		p.skipSpace()
	}
	if p.peek() == 0 {
		return refuse("Unclosed start tag \"%s\" at byte offset %d", t.name, begin)
	}
	if !hasValue {
		if t.name == "blockquote" && name == "expandable" {
			t.value = "1"
		}
		return nil
	}
	value, err := p.attributeValue()
	if err != nil {
		return err
	}
	if p.peek() == 0 {
		return refuse("Unclosed start tag at byte offset %d", begin)
	}
	t.set(name, value)
	return nil
}

// attributeValue reads a quoted value with its character references, or a bare word of letters, digits, dots and
// hyphens, which is lower-cased.
func (p *parser) attributeValue() (string, error) {
	quote := p.peek()
	if quote != '"' && quote != '\'' {
		begin := p.pos
		word := p.takeWhile(inWord)
		if !isSpace(p.peek()) && p.peek() != '>' {
			return "", refuse("Unexpected end of name token at byte offset %d", begin)
		}
		return lowerASCII(word), nil
	}
	p.pos++
	var value []byte
	for p.peek() != quote && p.peek() != 0 {
		if p.peek() == '&' {
			if code := p.reference(); code != 0 {
				value = appendRune(value, code)
				continue
			}
		}
		value = append(value, p.peek())
		p.pos++
	}
	if p.peek() == quote {
		p.pos++
	}
	return string(value), nil
}

// set keeps the attributes that mean something; the others are ignored, as Telegram does.
func (t *tag) set(name, value string) {
	switch t.name + " " + name {
	case "a href", "tg-emoji emoji-id", "tg-time format":
		t.value = value
	case "code class":
		if language, ok := strings.CutPrefix(value, "language-"); ok {
			t.value = language
		}
	case "span class":
		if class, ok := strings.CutPrefix(value, "tg-"); ok {
			t.value = class
		}
	case "blockquote expandable":
		t.value = "1"
	case "tg-time unix":
		t.date = leadingInt32(value)
	}
}

// endTag reads an end tag, which may be empty: "</>" ends any tag. A tag around nothing makes no entity.
func (p *parser) endTag() error {
	begin := p.pos
	p.pos += 2
	if len(p.open) == 0 {
		return refuse("Unexpected end tag at byte offset %d", begin)
	}
	name := lowerASCII(p.takeWhile(inTagName))
	p.skipSpace()
	if p.peek() != '>' {
		return refuse("Unclosed end tag at byte offset %d", begin)
	}
	p.pos++
	t := p.open[len(p.open)-1]
	if name != "" && name != t.name {
		return refuse("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, t.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	if p.units == t.offset {
		return nil
	}
	return p.add(t)
}

// add makes the entity of a tag that was just closed, if its attributes let it have one.
func (p *parser) add(t tag) error {
	e := Entity{Type: tags[t.name], Offset: t.offset, Length: p.units - t.offset}
	switch e.Type {
	case "custom_emoji":
		id, err := strconv.ParseInt(t.value, 10, 64)
		if err != nil || id == 0 || strconv.FormatInt(id, 10) != t.value {
			return refuse("Invalid custom emoji identifier specified")
		}
		e.CustomEmojiID = t.value
	case "date_time":
		format, err := dateFormat(t.value)
		if err != nil || t.date <= 0 {
			return err
		}
		e.UnixTime, e.DateTimeFormat = int64(t.date), format
	case "text_link":
		if !e.link(t.value, string(p.out[t.begin:])) {
			return nil
		}
	case "pre", "code":
		e.Language = t.value
		if p.mergeCode(e) {
			return nil
		}
	case "blockquote":
		if t.value != "" {
			e.Type = "expandable_blockquote"
		}
	}
	p.found = append(p.found, e)
	return nil
}

// link points the entity at href, or at its own text where there is none. It reports whether Telegram would.
func (e *Entity) link(href, text string) bool {
	if href == "" {
		href = text
	}
	if id := linkedUser(href); id != 0 {
		e.Type, e.User = "text_mention", &User{ID: id}
		return true
	}
	url, err := checkLink(href)
	e.URL = url
	return err == nil
}

// mergeCode makes one entity of <pre> and <code class="language-…"> around the same text, in either order.
func (p *parser) mergeCode(e Entity) bool {
	if len(p.found) == 0 {
		return false
	}
	last := &p.found[len(p.found)-1]
	if last.Offset != e.Offset || last.Length != e.Length || last.Type == e.Type {
		return false
	}
	switch {
	case last.Type == "code" && e.Type == "pre" && last.Language != "":
		last.Type = "pre"
	case last.Type == "pre" && e.Type == "code" && last.Language == "" && e.Language != "":
		last.Language = e.Language
	default:
		return false
	}
	return true
}

// dateFormat is the format of <tg-time> in its normal order: "r", or "w", then "d" or "D", then "t" or "T".
func dateFormat(format string) (string, error) {
	if format == "r" || format == "R" {
		return "r", nil
	}
	if strings.Trim(format, "tTdDwW") != "" {
		return "", refuse("Invalid date format used")
	}
	format = strings.ReplaceAll(format, "W", "w")
	normal := ""
	for _, choice := range []string{"w", "dD", "tT"} {
		if i := strings.IndexAny(choice, format); i >= 0 {
			normal += choice[i : i+1]
		}
	}
	return normal, nil
}

// leadingInt32 reads an integer and ignores what follows it; it wraps around as TDLib's to_integer does.
func leadingInt32(s string) int32 {
	digits, negative := strings.CutPrefix(s, "-")
	var n int32
	for i := 0; i < len(digits) && isDigit(digits[i]); i++ {
		n = n*10 + int32(digits[i]-'0')
	}
	if negative {
		return -n
	}
	return n
}

func inTagName(c byte) bool { return !isSpace(c) && c != '>' }

func inAttributeName(c byte) bool { return !isSpace(c) && !slices.Contains([]byte(`=>/"'`), c) }

func inWord(c byte) bool { return isAlpha(c) || isDigit(c) || c == '.' || c == '-' }
