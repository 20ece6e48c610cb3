package bot

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"articlebot/content"
)

// Screen is what stands at an Address: a message's text and its buttons.
type Screen struct {
	HTML     string
	Keyboard [][]Button
	params   tgbotapi.Params // of the call that shows it
}

// Button is one key under a message: it leads to an address or opens a URL.
type Button struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
}

// A stand is the two forms of a screen: long text is folded where others read.
type stand struct{ private, public Screen }

// view is an edition on its way to the screen.
type view struct {
	*words
	article *content.Article
	edition *content.Edition
}

// layOut renders every page of every section of an edition, once and for all:
// an answer then is a look into a table.
func (b *Bot) layOut(v view) {
	for _, s := range slices.Concat(sections, notices) {
		body := v.body(s)
		pages := paginate(body.parts, v.room(body))
		for i := range pages {
			a := Address{s, v.edition.Lang, i + 1, v.article.Slug}
			private := v.screen(a, body, pages, false)
			public := private
			if body.long {
				public = v.screen(a, body, pages, true)
			}
			b.stands[a] = stand{private, public}
			b.addresses = append(b.addresses, a)
		}
	}
}

// Addresses returns every address at which a screen stands, those that only the
// bot itself leads to included.
func (b *Bot) Addresses() []Address { return b.addresses }

// Screen returns what stands at an address. Outside of private chats long text
// is folded. An address that does not exist (any more) leads to the start, with
// a word of explanation.
func (b *Bot) Screen(a Address, private bool) Screen {
	s, ok := b.stands[b.complete(a)]
	if !ok {
		s = b.stands[b.complete(Address{Section: gone})]
	}
	if private {
		return s.private
	}
	return s.public
}

// complete fills in what an address leaves open.
func (b *Bot) complete(a Address) Address {
	a.Page = max(a.Page, 1)
	a.Article = cmp.Or(a.Article, b.lib.Articles[0].Slug)
	if a.Lang != "" {
		return a
	}
	if article := b.lib.Article(a.Article); article != nil {
		a.Lang = article.Original.Lang
	}
	return a
}

// wordsAt returns the words of the language that an address is in.
func (b *Bot) wordsAt(a Address) *words {
	if w := languages[b.complete(a).Lang]; w != nil {
		return w
	}
	return languages[b.lib.Articles[0].Original.Lang]
}

// room returns what the header, the footer and the number of the page leave of
// a message.
func (v view) room(b body) size {
	room := messageLimit.minus(measure(v.pageOf(999999, 999999)))
	for _, p := range slices.Concat(b.header, b.footer) {
		room = room.minus(measure(p))
	}
	return room
}

func (v view) pageOf(n, pages int) part { return paragraph(plain(fmt.Sprintf(v.PageOf, n, pages))) }

// screen puts together the page that a names, folded or not.
func (v view) screen(a Address, b body, pages [][]part, folded bool) Screen {
	page := pages[a.Page-1]
	footer := b.footer
	if len(pages) > 1 {
		footer = append(slices.Clone(footer), v.pageOf(a.Page, len(pages)))
	}
	text := render(page)
	if folded {
		text = renderExpandable(page)
	}
	blocks := []string{render(b.header), text, render(footer)}
	blocks = slices.DeleteFunc(blocks, func(s string) bool { return s == "" })
	s := Screen{HTML: strings.Join(blocks, "\n\n"), Keyboard: v.keyboard(a, page, len(pages))}
	s.params = tgbotapi.Params{
		"text":                 s.HTML,
		"parse_mode":           "HTML",
		"reply_markup":         toJSON(map[string]any{"inline_keyboard": s.Keyboard}),
		"link_preview_options": `{"is_disabled":true}`,
	}
	if b.preview != "" {
		s.params["link_preview_options"] = toJSON(map[string]any{"url": b.preview})
	}
	return s
}

// toJSON marshals what always can be.
func toJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// keyboard puts the page's own buttons first, then the way to the pages next to
// it, then to the other sections, two in a row.
func (v view) keyboard(a Address, page []part, pages int) (rows [][]Button) {
	for _, p := range page {
		if p.button != nil {
			rows = append(rows, []Button{*p.button})
		}
	}
	var turn []Button
	if n := a.Page - 1; n >= 1 {
		turn = append(turn, v.to(a.Section, n, fmt.Sprintf(v.PagePrevious, n)))
	}
	if n := a.Page + 1; n <= pages {
		turn = append(turn, v.to(a.Section, n, fmt.Sprintf(v.PageNext, n)))
	}
	if turn != nil {
		rows = append(rows, turn)
	}
	var ways []Button
	for _, s := range neighbours(a.Section) {
		ways = append(ways, v.to(s, 1, v.label(s)))
	}
	return slices.AppendSeq(rows, slices.Chunk(ways, 2))
}

// to returns a button that leads to a page of a section of this edition.
func (v view) to(s Section, page int, label string) Button {
	return Button{Text: label, Data: Address{s, v.edition.Lang, page, v.article.Slug}.String()}
}
