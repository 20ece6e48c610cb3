package emulator

import (
	"strings"
	"unicode/utf8"
)

// UTF16Len counts the UTF-16 code units of s: what Telegram measures lengths and offsets in.
func UTF16Len(s string) int {
	n := 0
	for i := range len(s) {
		n += byteUnits(s[i])
	}
	return n
}

// byteUnits is how many UTF-16 units the character has that begins with byte c, and 0 inside of a character.
func byteUnits(c byte) int {
	switch {
	case c&0xc0 == 0x80:
		return 0
	case c >= 0xf0:
		return 2
	}
	return 1
}

func runeUnits(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

func isSurrogate(r rune) bool { return 0xd800 <= r && r <= 0xdfff }

// appendRune writes r in UTF-8, and half of a surrogate pair in three bytes, which are not valid UTF-8.
func appendRune(b []byte, r rune) []byte {
	if isSurrogate(r) {
		return append(b, 0xe0|byte(r>>12), 0x80|byte(r>>6)&0x3f, 0x80|byte(r)&0x3f)
	}
	return utf8.AppendRune(b, r)
}

// The classes of bytes are TDLib's: ASCII only, and 0 is a space.

func isSpace(c byte) bool { return strings.IndexByte(" \t\r\n\v\x00", c) >= 0 }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isAlpha(c byte) bool { return 'a' <= lower(c) && lower(c) <= 'z' }

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// lowerASCII leaves everything but A–Z as it is.
func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		b[i] = lower(c)
	}
	return string(b)
}
