package bot

import (
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// Every word is there in every language, with the same verbs, and the words
// keep to what readers are promised: plain, no exclamation marks.
func TestWordsAreComplete(t *testing.T) {
	for lang, w := range languages {
		v := reflect.ValueOf(*w)
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			for _, text := range texts(v.Field(i)) {
				if text == "" || strings.Contains(text, "!") || strings.Contains(text, "！") {
					t.Errorf("%s: %s is %q", lang, name, text)
				}
			}
			if got, want := verbs(v.Field(i)), verbs(reflect.ValueOf(russian).Field(i)); got != want {
				t.Errorf("%s: %s has the verbs %q, in Russian %q", lang, name, got, want)
			}
			if len(texts(v.Field(i))) == 0 {
				t.Errorf("%s: %s is missing", lang, name)
			}
		}
		for _, c := range commands {
			if w.CommandHelp[c.name] == "" || w.label(c.section) == "" {
				t.Errorf("%s: no words for /%s", lang, c.name)
			}
		}
	}
}

// verbs returns what Sprintf would fill in, in order.
func verbs(v reflect.Value) string {
	return strings.Join(regexp.MustCompile(`%.`).FindAllString(strings.Join(texts(v), ""), -1), "")
}

// texts returns the strings inside a field.
func texts(v reflect.Value) (all []string) {
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			all = append(all, v.Index(i).String())
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			all = append(all, v.MapIndex(key).String())
		}
	default:
		all = append(all, v.String())
	}
	return all
}
