// Articlebot is a Telegram bot that puts an article into any chat.
//
// Run it without arguments and it answers in Telegram until it is told to stop;
// see usage for what else it can do. Exit codes: 0 after a clean stop, 1 for a
// failure at run time, 2 for usage and configuration.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

const usage = `articlebot puts an article into any Telegram chat.

  articlebot                    answer in Telegram; settings: see .env.example
  articlebot preview [flags]    chat with the bot here: no token, no network
      -lang xx                  the language of your Telegram app
      -chat private|group|channel
      -json                     show the calls to Telegram instead of a chat
  articlebot check [dir]        check the articles in dir, or those inside
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

	p := program{getenv, stdin, stdout, stderr}
	if len(args) == 0 {
		return p.serve(ctx)
	}
	switch args[0] {
	case "preview":
		return p.preview(ctx, args[1:])
	case "check":
		return p.check(args[1:])
	case "version":
		fmt.Fprintln(stdout, version())
		return exitOK
	case "help", "-h", "-help", "--help":
		fmt.Fprint(stdout, usage)
		return exitOK
	}
	return p.misused(fmt.Sprintf("there is no command %q", args[0]))
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
	revision := ""
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			revision = " " + s.Value
		}
	}
	return fmt.Sprintf("articlebot %s%s %s", info.Main.Version, revision, info.GoVersion)
}
