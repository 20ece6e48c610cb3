package bot

import (
	"fmt"
	"strings"
)

// quoteURL returns the address of a page that a browser opens at a quote: a
// text fragment, see https://wicg.github.io/scroll-to-text-fragment/. A browser
// that does not know them opens the page at its top.
//
// A long quote is given by its first and last words, as many of them as make
// the place unmistakable in the body; its whole text would make a link of
// thousands of bytes. Where even that is too long, the page opens at its top.
func quoteURL(source, body, quote string) string {
	joint := "#:~:text="
	if strings.Contains(source, "#") {
		joint = ":~:text="
	}
	url := source + joint + percentEncode(quote)
	if first, last, ok := ends(oneLine(strings.ToLower(body)), oneLine(quote)); ok {
		url = source + joint + percentEncode(first) + "," + percentEncode(last)
	}
	if len(url) > maxLink {
		return source
	}
	return url
}

// maxLink is how many bytes a button's URL may have and still be opened by
// every client.
const maxLink = 2000

// oneLine makes one space of all white space, as browsers do.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// ends returns the first and the last words of a quote, at least four each,
// so that the only place in the body between them is the quote. The body is in
// lower case: browsers search without regard to it.
func ends(body, quote string) (first, last string, ok bool) {
	words := strings.Fields(quote)
	lower := strings.ToLower(quote)
	start := strings.Index(body, lower)
	if start < 0 || len(words) < 10 {
		return "", "", false
	}
	for n := 4; 2*n < len(words); n++ {
		first = strings.Join(words[:n], " ")
		last = strings.Join(words[len(words)-n:], " ")
		after := start + len(strings.ToLower(first))
		if strings.Index(body, strings.ToLower(first)) == start &&
			after+strings.Index(body[after:], strings.ToLower(last))+len(strings.ToLower(last)) == start+len(lower) {
			return first, last, true
		}
	}
	return "", "", false
}

// percentEncode encodes all but letters, digits and the marks . _ ~, also the
// marks , & and - that have a meaning inside a text fragment.
func percentEncode(s string) string {
	var out strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '.', c == '_', c == '~':
			out.WriteByte(c)
		default:
			fmt.Fprintf(&out, "%%%02X", c)
		}
	}
	return out.String()
}
