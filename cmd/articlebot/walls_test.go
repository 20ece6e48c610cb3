package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// walls is which packages outside the standard library and below this module
// each room may import, by itself or through others.
var walls = map[string][]string{
	"articlebot/content":      {"github.com/yuin/goldmark", "go.yaml.in/yaml"},
	"articlebot/bot":          {"articlebot/content", "github.com/go-telegram-bot-api", "github.com/yuin/goldmark", "go.yaml.in/yaml"},
	"articlebot/bot/telegram": {"github.com/go-telegram-bot-api", "golang.org/x/time/rate"},
	"articlebot/bot/emulator": {},
}

func TestRoomsImportOnlyWhatTheyMay(t *testing.T) {
	for room, allowed := range walls {
		out, err := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", room).Output()
		if err != nil {
			t.Fatalf("%s: %v", room, err)
		}
		for _, dep := range strings.Fields(string(out)) {
			if dep != room && !slices.ContainsFunc(allowed, func(prefix string) bool { return strings.HasPrefix(dep, prefix) }) {
				t.Errorf("%s imports %s", room, dep)
			}
		}
	}
}
