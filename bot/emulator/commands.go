package emulator

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var command = regexp.MustCompile(`/([A-Za-z0-9_]+)(@[A-Za-z0-9_]*)?`)

// commands finds the bot commands in a text (match_bot_commands in TDLib): up to 64 letters, digits and underscores
// after a slash, and a bot's name of 3 to 32 after an @, with no letter, digit, slash or angle bracket around.
func commands(text string) []Entity {
	var found []Entity
	for _, at := range command.FindAllStringSubmatchIndex(text, -1) {
		begin, end := at[0], at[1]
		before, _ := utf8.DecodeLastRuneInString(text[:begin])
		after, _ := utf8.DecodeRuneInString(text[end:])
		if clings(before, begin > 0) || clings(after, end < len(text)) || at[3]-at[2] > 64 {
			continue
		}
		if name := at[5] - at[4] - len("@"); at[4] >= 0 && (name < 3 || name > 32) {
			continue
		}
		found = append(found, Entity{
			Type:   "bot_command",
			Offset: UTF16Len(text[:begin]),
			Length: end - begin,
		})
	}
	return found
}

// clings reports whether there is a character, and one that makes a command beside it none.
func clings(r rune, there bool) bool {
	return there && (unicode.IsLetter(r) || unicode.IsNumber(r) || strings.ContainsRune("_/<>", r))
}
