package bot

import (
	"slices"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// commands leads from what is typed to a section; /help lists it in this order.
var commands = []struct {
	name    string
	aliases []string
	section Section
}{
	{"summary", nil, Summary},
	{"article", []string{"full", "text"}, Text},
	{"quotes", nil, Quotes},
	{"source", nil, Source},
	{"help", nil, Help},
	{"privacy", nil, Privacy},
	{"start", nil, Start},
}

// lookup finds a command by its name in lower case.
func lookup(name string) (Section, bool) {
	for _, c := range commands {
		if c.name == name || slices.Contains(c.aliases, name) {
			return c.section, true
		}
	}
	return "", false
}

// command is what was typed: /name@bot args.
type command struct {
	name string // in lower case
	bot  string // the bot it is meant for, empty for any
	args string
}

// command returns the command that a message or its caption begins with.
// Telegram marks it as an entity at the very start; how long it is, the text
// says better than the entity, whose numbers need not be true.
func (m *message) command() (command, bool) {
	text, entities := m.Text, m.Entities
	if text == "" {
		text, entities = m.Caption, m.CaptionEntities
	}
	marked := slices.ContainsFunc(entities, func(e tgbotapi.MessageEntity) bool {
		return e.Type == "bot_command" && e.Offset == 0
	})
	rest, ok := strings.CutPrefix(text, "/")
	if !marked || !ok {
		return command{}, false
	}
	name, rest := cutName(rest)
	bot := ""
	if after, ok := strings.CutPrefix(rest, "@"); ok {
		bot, rest = cutName(after)
	}
	return command{strings.ToLower(name), bot, strings.TrimSpace(rest)}, true
}

// cutName splits s after the letters that a name of a command or a bot is made of.
func cutName(s string) (name, rest string) {
	end := strings.IndexFunc(s, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_')
	})
	if end < 0 {
		end = len(s)
	}
	return s[:end], s[end:]
}
