package content

import "testing"

// Whether words are the speaker's own is told by what stands around them.
func TestDirectSpeechIsToldFromReported(t *testing.T) {
	for _, c := range []struct {
		paragraph, quote string
		found, direct    bool
	}{
		{"«Мост стоит», – сказал Ким.", "Мост стоит", true, true},
		{"Ким сказал: «Да. Мост стоит. Все».", "Мост стоит", true, true},
		{"Ким сказал, что мост стоит.", "мост стоит", true, false},
		{"«Да», – сказал Ким: мост стоит.", "мост стоит", true, false},
		{"Мост стоит. «Мост стоит», – сказал Ким.", "Мост стоит", true, true},
		{"— Мост стоит, — сказал Ким.", "Мост стоит", true, true},
		{"“The bridge stands,” said Kim.", "The bridge stands", true, true},
		{"“Yes,” said Kim of the bridge.", "the bridge", true, false},
		{"„Die Brücke steht“, sagt Kim und lacht.", "Die Brücke steht", true, true},
		{"„Die Brücke steht“, sagt Kim und lacht.", "und lacht", true, false},
		{`"The bridge stands," said Kim, "yes."`, "said Kim", true, false},
		{`"The bridge stands," said Kim, "yes."`, "yes", true, true},
		{"金说：“桥在这里。”", "桥在这里", true, true},
		{"金表示，桥在这里。", "桥在这里", true, false},
		{"«Мост стоит», – сказал Ким. Он соврал.", "Мост стоит», – сказал Ким. Он соврал", true, false},
		{"— Мост стоит, — сказал Ким и соврал.", "сказал Ким и соврал", true, false},
		{"— Мост стоит, — сказал Ким и соврал. — Давно стоит.", "Давно стоит", true, true},
		{"— Мост стоит, — сказал Ким и соврал.", "Мост стоит, — сказал Ким", true, false},
		{"-5 градусов, мост стоит.", "мост стоит", true, false},
		{`Экран 12" показан. По его словам, мост стоит.`, "мост стоит", true, false},
		{"«Мост стоит. Давно", "Мост стоит", true, true}, // goes on in the next paragraph
		{"«Он сказал: «Мост стоит» – и ушел».", "Он сказал: «Мост стоит» – и ушел", true, true},
		{"Мой\u0306 мост", "Мой", false, false},
		{"«Мосты стоят».", "Мост", false, false},
		{"桥在这里。", "在这", true, false},
	} {
		var found, direct bool
		for _, d := range places(c.paragraph, c.quote) {
			found, direct = true, direct || d
		}
		if found != c.found || direct != c.direct {
			t.Errorf("%q in %q: found %v, direct %v", c.quote, c.paragraph, found, direct)
		}
	}
}

func TestMarksAroundAQuoteAreNoticed(t *testing.T) {
	for text, want := range map[string]bool{
		"«Мост стоит»": true, "“The bridge”": true, `"a"`: true, "„A“": true, "「桥」": true,
		"Мост «стоит»": false, "«Мост» и «дом»": false, "«": false, "": false, "Мост": false,
	} {
		if got := isMarked(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
