// Articlebot is a Telegram bot that puts an article into any chat.
//
// Run it without arguments and it answers in Telegram until it is told to stop;
// see usage for what else it can do. Exit codes: 0 after a clean stop, 1 for a
// failure at run time, 2 for usage and configuration.
package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"syscall"

	"articlebot/bot/telegram"
)

const usage = `articlebot puts an article into any Telegram chat.

  articlebot                    answer in Telegram; settings: see .env.example
  articlebot preview [flags]    chat with the bot here: no token, no network
      -lang xx                  the language of your Telegram app
      -chat private|group|channel
      -json                     show the calls to Telegram instead of a chat
  articlebot check [dir]        check the articles in dir, or those inside
  articlebot health             ask the bot at HTTP_ADDR whether polling works
  articlebot version
`

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr))
}

// program is what a command gets of the outside.
type program struct {
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
}

const (
	exitOK      = 0
	exitFailure = 1 // at run time
	exitUsage   = 2 // of arguments and settings
)

// run carries out the command that args name. SIGINT and SIGTERM end ctx; a
// second one ends the process at once.
func run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	defer context.AfterFunc(ctx, stop)() // after the first signal, the next one is not caught

	out := &output{Writer: stdout}
	p := program{getenv, stdin, out, stderr}
	code := p.run(ctx, args)
	if out.err != nil {
		return p.failed(fmt.Errorf("standard output: %w", out.err))
	}
	return code
}

// output remembers that something could not be written, so that nobody takes a
// full disk for success.
type output struct {
	io.Writer
	err error
}

func (o *output) Write(b []byte) (int, error) {
	n, err := o.Writer.Write(b)
	o.err = cmp.Or(o.err, err)
	return n, err
}

func (p program) run(ctx context.Context, args []string) int {
	if len(args) == 0 {
		return p.serve(ctx, telegram.TelegramLimits)
	}
	name, args := args[0], args[1:]
	if slices.Contains([]string{"help", "-h", "-help", "--help"}, name) || len(args) > 0 && slices.Contains([]string{"-h", "-help", "--help"}, args[0]) {
		fmt.Fprint(p.stdout, usage)
		return exitOK
	}
	switch {
	case name == "preview":
		return p.preview(ctx, args)
	case name == "check" && len(args) <= 1:
		return p.check(args)
	case name == "health" && len(args) == 0:
		return p.health(ctx)
	case (name == "version" || name == "--version") && len(args) == 0:
		fmt.Fprintln(p.stdout, version())
		return exitOK
	}
	return p.misused("there is no such command") // not quoted: it may be a token in the wrong place
}

// misused says what is wrong with the arguments, and what they can be.
func (p program) misused(what string) int {
	fmt.Fprintf(p.stderr, "articlebot: %s\n\n%s", what, usage)
	return exitUsage
}

// failed reports a failure at run time.
func (p program) failed(err error) int {
	fmt.Fprintln(p.stderr, "articlebot:", err)
	return exitFailure
}

// version says which source and compiler the binary was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "articlebot (no build information)"
	}
	return fmt.Sprintf("articlebot %s %s", info.Main.Version, info.GoVersion)
}
