package bot

import (
	"regexp"
	"strings"
	"testing"
)

var payloadRule = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func TestAddressesFitADeepLinkAndComeBack(t *testing.T) {
	longest := Address{Section: Summary, Lang: "zho", Page: 999999, Article: strings.Repeat("a", 40)}
	for _, a := range []Address{
		{Section: Start, Page: 1},
		{Section: Quotes, Page: 2},
		{Section: Text, Lang: "ru", Page: 1, Article: "a-b-"},
		{Section: Help, Page: 3, Article: "0"},
		longest,
	} {
		s := a.String()
		back, ok := ParseAddress(s)
		if !ok || back != a || !payloadRule.MatchString(s) {
			t.Errorf("%+v is written %q and read as %+v, %v", a, s, back, ok)
		}
	}
}

func TestWhatIsNoAddressIsNotRead(t *testing.T) {
	for _, s := range []string{
		"", "summery", "Summary", "summary_RU", "text_ru_0", "text_ru_01", "text_ru_-1", "text_ru_1000000",
		"text_ru_1_A", "text_ru_1_-a", "text_ru_1_a_b", "text_ru_1_" + strings.Repeat("a", 41), " text", "text\n", "текст", "text_ru_1_a\x00",
	} {
		if a, ok := ParseAddress(s); ok {
			t.Errorf("%q is read as %+v", s, a)
		}
	}
}

// An address that is read is written as something that is read as the same
// address and fits wherever an address has to.
func FuzzAddress(f *testing.F) {
	f.Add("text_ru_2_kazakhstan-china-science")
	f.Add("quotes__2")
	f.Add("summary___a")
	f.Fuzz(func(t *testing.T, s string) {
		a, ok := ParseAddress(s)
		if !ok {
			return
		}
		written := a.String()
		if back, ok := ParseAddress(written); !ok || back != a || !payloadRule.MatchString(written) {
			t.Errorf("%q is %+v, is written %q, is read as %+v, %v", s, a, written, back, ok)
		}
	})
}
