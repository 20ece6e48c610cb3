package main

import (
	"errors"
	"fmt"
	"os"
	"path"

	"articlebot/bot"
	"articlebot/bot/emulator"
	"articlebot/content"
)

// check loads the articles, renders every screen, and prints all that is wrong
// as file:line: what: cure.
func (p program) check(args []string) int {
	dir, files := "content/articles", content.Embedded()
	if len(args) == 1 {
		dir, files = args[0], os.DirFS(args[0])
	}
	var screens int
	library, err := content.Load(files)
	if err == nil {
		screens, err = checkScreens(library)
	}
	if problems, ok := errors.AsType[content.Problems](err); ok {
		for _, problem := range problems {
			problem.File = path.Join(dir, problem.File)
			fmt.Fprintln(p.stdout, problem)
		}
		return exitFailure
	}
	if err != nil {
		return p.failed(err)
	}
	fmt.Fprintf(p.stdout, "%s: nothing wrong (articles: %d, screens: %d)\n", dir, len(library.Articles), screens)
	return exitOK
}

// checkScreens has the emulator judge every screen by Telegram's rules, as it
// looks in private and in groups, and returns their number.
func checkScreens(library *content.Library) (screens int, err error) {
	b, err := bot.New(library, "articlebot")
	if err != nil {
		return 0, err
	}
	var problems content.Problems
	for _, address := range b.Addresses() {
		screens++
		for _, private := range []bool{true, false} {
			call := b.Screen(address, private).Send(1, 0)
			if err := emulator.Validate(call.Method, call.Params); err != nil {
				problems = append(problems, content.Problem{
					File: address.Article + "/" + address.Lang + ".md",
					What: fmt.Sprintf("Telegram would refuse the screen %s (%v)", address, err),
					Cure: "shorten or simplify what stands there",
				})
				break
			}
		}
	}
	if problems != nil {
		return screens, problems
	}
	return screens, nil
}
