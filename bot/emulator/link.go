package emulator

import (
	"net/netip"
	"strconv"
	"strings"
)

// checkLink says how Telegram would write a link, or why it would not have it (LinkManager::check_link in TDLib).
// Without a scheme it is taken for http.
func checkLink(link string) (string, error) {
	app, link := appScheme(link)
	u, err := parseURL(link)
	if err != nil {
		return "", err
	}
	if app != "" {
		return appLink(app, link, u)
	}
	if !strings.Contains(u.host, ".") && !u.ipv6 {
		return "", refuse("Wrong HTTP URL")
	}
	return u.String(), nil
}

// appScheme cuts a scheme that Telegram's own programs open, with the slashes after it.
func appScheme(link string) (scheme, rest string) {
	for _, scheme := range []string{"tg", "ton", "tonsite"} {
		if n := len(scheme) + 1; len(link) >= n && lowerASCII(link[:n]) == scheme+":" {
			return scheme, strings.TrimPrefix(link[n:], "//")
		}
	}
	return "", link
}

func appLink(scheme, link string, u httpURL) (string, error) {
	if strings.HasPrefix(lowerASCII(link), "http://") || u.scheme == "https" || u.userinfo != "" || u.port != 0 || u.ipv6 {
		return "", refuse("Wrong %s URL", scheme)
	}
	for i := range len(u.host) {
		c := u.host[i]
		if !isAlpha(c) && !isDigit(c) && c != '-' && c != '_' && !(c == '.' && scheme == "tonsite") {
			return "", refuse("Unallowed characters in URL host")
		}
	}
	query := u.query
	if strings.HasPrefix(query, "/?") {
		query = query[1:]
	}
	return scheme + "://" + u.host + query, nil
}

// httpURL is a URL taken apart as TDLib does it (tdutils/td/utils/HttpUrl.cpp).
type httpURL struct {
	scheme, userinfo, host string
	ipv6                   bool
	port                   int    // 0 where none is written
	query                  string // the path and all that follows, never empty
}

func (u httpURL) String() string {
	s := u.scheme + "://"
	if u.userinfo != "" {
		s += u.userinfo + "@"
	}
	s += u.host
	if u.port != 0 {
		s += ":" + strconv.Itoa(u.port)
	}
	return s + u.query
}

func parseURL(s string) (httpURL, error) {
	u := httpURL{scheme: "http"}
	if i := strings.IndexAny(s, ":/?#@[]"); i >= 0 && strings.HasPrefix(s[i:], "://") {
		u.scheme = lowerASCII(s[:i])
		s = s[i+len("://"):]
		if u.scheme != "http" && u.scheme != "https" {
			return u, refuse("Unsupported URL protocol")
		}
	}
	authority := s
	if i := strings.IndexAny(s, "/?#"); i >= 0 {
		authority = s[:i]
	}
	u.query = escapeQuery(s[len(authority):])
	rest, port, err := cutPort(authority)
	if err != nil {
		return u, err
	}
	at := strings.LastIndexByte(rest, '@')
	u.port, u.userinfo, u.host = port, rest[:max(at, 0)], lowerASCII(rest[at+1:])
	return u, u.checkHost()
}

// cutPort cuts the number after the last colon, unless a bracket or an @ follows that colon.
func cutPort(authority string) (rest string, port int, err error) {
	i := strings.LastIndexAny(authority, ":]@")
	if i <= 0 || authority[i] != ':' {
		return authority, 0, nil
	}
	digits := strings.TrimLeft(authority[i+1:], "0")
	port, err = strconv.Atoi(digits)
	if err != nil || port <= 0 || port > 65535 || strconv.Itoa(port) != digits {
		return "", 0, refuse("Wrong port number specified in the URL")
	}
	return authority[:i], port, nil
}

// escapeQuery drops spaces at the end and percent-encodes spaces and control characters.
func escapeQuery(s string) string {
	for s != "" && isSpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	var b strings.Builder
	if !strings.HasPrefix(s, "/") {
		b.WriteByte('/')
	}
	for i := range len(s) {
		if c := s[i]; c <= ' ' {
			b.Write([]byte{'%', "0123456789ABCDEF"[c/16], "0123456789ABCDEF"[c%16]})
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func (u *httpURL) checkHost() error {
	switch {
	case u.host == "":
		return refuse("URL host is empty")
	case u.host == ".":
		return refuse("Host is invalid")
	case u.host[0] == '[' && u.host[len(u.host)-1] == ']':
		return u.checkIPv6()
	}
	if err := checkSymbols(u.host, "", "host"); err != nil {
		return err
	}
	return checkSymbols(u.userinfo, ":", "userinfo")
}

// checkSymbols lets pass what RFC 3986 allows in a host, the bytes in also, and anything that is not ASCII.
func checkSymbols(s, also, where string) error {
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '%':
			if !isEscape(s[i:]) {
				return refuse("Wrong percent-encoded symbol in URL %s", where)
			}
		case c < 0x80 && !isAlpha(c) && !isDigit(c) && strings.IndexByte(".-_!$,~*'();&+="+also, c) < 0:
			return refuse("Wrong URL %s", where)
		}
	}
	return nil
}

func (u *httpURL) checkIPv6() error {
	ip, err := netip.ParseAddr(u.host[1 : len(u.host)-1])
	if err != nil || !ip.Is6() {
		return refuse("Wrong IPv6 address specified in the URL")
	}
	if ip.Zone() != "" {
		return refuse("Wrong IPv6 URL host")
	}
	u.ipv6 = true
	return nil
}

// isEscape reports whether s begins with a percent sign and two hexadecimal digits.
func isEscape(s string) bool {
	if len(s) < 3 || s[0] != '%' {
		return false
	}
	_, high := digit(s[1], 16)
	_, low := digit(s[2], 16)
	return high && low
}

// linkedUser is the id in a link of the form tg://user?id=…, and 0 in any other (LinkManager::get_link_user_id).
func linkedUser(link string) int64 {
	scheme, rest := appScheme(lowerASCII(link))
	query, ok := strings.CutPrefix(rest, "user")
	query, isQuery := strings.CutPrefix(strings.TrimPrefix(query, "/"), "?")
	if scheme != "tg" || !ok || !isQuery {
		return 0
	}
	query, _, _ = strings.Cut(query, "#")
	for parameter := range strings.SplitSeq(query, "&") {
		if key, value, _ := strings.Cut(parameter, "="); key == "id" {
			id, err := strconv.ParseInt(value, 10, 64)
			if err != nil || id < 0 || id >= 1<<40 || strconv.FormatInt(id, 10) != value {
				return 0
			}
			return id
		}
	}
	return 0
}
