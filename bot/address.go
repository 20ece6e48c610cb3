package bot

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
)

// Address names one screen. A field that is empty leaves the choice to the one
// who arrives: the first page, the original's language, the first article.
type Address struct {
	Section Section
	Lang    string
	Page    int // from 1; 0 is the first page too
	Article string
}

// An address is written section_lang_page_article, with empty parts left out
// from the end: "text_ru_2_some-article", "quotes__2", "summary". That fits the
// 64 bytes of [A-Za-z0-9_-] of a deep link's payload and a button's data: the
// longest section, language, page and slug need 7+3+6+40 and three joints.
var addressRule = regexp.MustCompile(`^(start|summary|text|quotes|source|help|privacy)(?:_([a-z]{2,3})?(?:_([1-9][0-9]{0,5})?(?:_([a-z0-9][a-z0-9-]{0,39})?)?)?)?$`)

// String writes the address for callback data, deep links and the log.
func (a Address) String() string {
	page := ""
	if a.Page > 1 {
		page = strconv.Itoa(a.Page)
	}
	return strings.TrimRight(strings.Join([]string{string(a.Section), a.Lang, page, a.Article}, "_"), "_")
}

// ParseAddress reads what String wrote. It reports false for anything else.
func ParseAddress(s string) (Address, bool) {
	m := addressRule.FindStringSubmatch(s)
	if m == nil {
		return Address{}, false
	}
	page, _ := strconv.Atoi(cmp.Or(m[3], "1")) // the rule lets only digits pass
	return Address{Section: Section(m[1]), Lang: m[2], Page: page, Article: m[4]}, true
}
