package content_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"articlebot/content"
)

// The customer's text, and the one scraping fault in it that the edition mends:
// a sentence that was cut in two.
func customerText(t *testing.T) (title string, paragraphs []string, source string) {
	data, err := os.ReadFile("testdata/customer/ru.txt")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(data), "между CSSC\n\nHaiwei", "между CSSC Haiwei", 1)
	all := regexp.MustCompile(`\n\s*\n`).Split(strings.TrimSpace(text), -1)
	return all[0], all[1 : len(all)-1], strings.Trim(all[len(all)-1], "<>")
}

func TestTheShippedTextIsTheCustomersParagraphByParagraph(t *testing.T) {
	lib, err := content.Load(content.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	article := lib.Article("kazakhstan-china-science")
	ru := article.Original
	title, paragraphs, source := customerText(t)
	if ru.Lang != "ru" || ru.Title != title || article.Source != source {
		t.Errorf("lang %s, title %q, source %s", ru.Lang, ru.Title, article.Source)
	}
	if len(ru.Body) != len(paragraphs) {
		t.Fatalf("%d paragraphs, the customer's text has %d", len(ru.Body), len(paragraphs))
	}
	for i, want := range paragraphs {
		if got := ru.Body[i].Text(); got != want {
			t.Errorf("paragraph %d:\ngot  %s\nwant %s", i+1, got, want)
		}
	}
}

// The customer's text puts the direct words, and no others, in quotation marks
// of their own.
func TestTheShippedQuotesAreTheCustomersWords(t *testing.T) {
	lib, err := content.Load(content.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	_, paragraphs, _ := customerText(t)
	text := strings.Join(paragraphs, "\n\n")
	quotes := lib.Article("kazakhstan-china-science").Original.Quotes
	if len(quotes) != 3 {
		t.Fatalf("%d quotes", len(quotes))
	}
	for _, q := range quotes {
		if !strings.Contains(text, q.Text) {
			t.Errorf("not in the customer's text: %s", q.Text)
		}
		if marked := strings.Contains(text, "«"+q.Text+"»"); marked != (q.Speech == content.Direct) {
			t.Errorf("%s is %s, in quotation marks: %v", q.Speaker, q.Speech, marked)
		}
	}
}
