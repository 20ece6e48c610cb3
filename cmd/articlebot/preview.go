package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/term"

	"articlebot/bot/emulator"
	"articlebot/bot/telegram"
	"articlebot/content"
)

// The bot and the token of the emulator: nobody's.
const previewToken = "1:preview"

var previewBot = emulator.User{ID: 1, IsBot: true, FirstName: "Articlebot", Username: "articlebot"}

var previewChats = map[string]emulator.Chat{
	"private": {ID: 7, Type: "private", FirstName: "Reader"},
	"group":   {ID: -1007, Type: "supergroup", Title: "Group"},
	"channel": {ID: -1008, Type: "channel", Title: "Channel"},
}

// preview is a chat with the bot in the terminal: the same code end to end, with
// the emulator in place of Telegram. It ends with stdin, or with ctx.
func (p program) preview(ctx context.Context, args []string) int {
	flags := flag.NewFlagSet("preview", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	lang := flags.String("lang", "ru", "")
	chat := flags.String("chat", "private", "")
	asJSON := flags.Bool("json", false, "")
	if err := flags.Parse(args); err != nil {
		return p.misused("preview: " + err.Error())
	}
	if _, ok := previewChats[*chat]; !ok || flags.NArg() > 0 {
		return p.misused("preview: -chat is private, group or channel, and flags are all it takes")
	}
	library, err := content.Load(content.Embedded())
	if err != nil {
		return p.failed(err)
	}
	server := emulator.New(previewToken, previewBot)
	log := slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	client := telegram.NewClient(previewToken, telegram.DefaultURL, log, telegram.Options{Transport: server})

	ctx, stop := context.WithCancel(ctx)
	defer stop()
	answered := make(chan error, 1)
	go func() {
		defer stop() // without the bot there is no chat
		answered <- answer(ctx, client, library, log)
	}()
	session := session{
		server: server,
		chat:   previewChats[*chat],
		reader: emulator.User{ID: 7, FirstName: "Reader", LanguageCode: *lang},
		out:    transcript{w: p.stdout, ansi: isTerminal(p.stdout)},
		prompt: isTerminal(p.stdin) && isTerminal(p.stdout),
	}
	session.show = session.showChat
	if *asJSON { // the calls and nothing else
		session.calls = json.NewEncoder(p.stdout)
		session.calls.SetEscapeHTML(false)
		session.show, session.out.w = session.showJSON, io.Discard
	}
	err = session.run(ctx, p.stdin)
	stop()
	if botErr := <-answered; botErr != nil {
		err = botErr
	}
	if err != nil {
		return p.failed(err)
	}
	return exitOK
}

func isTerminal(f any) bool {
	file, ok := f.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// session is one chat of one reader.
type session struct {
	server *emulator.Server
	chat   emulator.Chat
	reader emulator.User
	out    transcript
	prompt bool // a person types, so the terminal shows what they type
	show   func(emulator.Call)
	calls  *json.Encoder

	seen    int              // calls of the journal already shown
	current emulator.Message // the bot's message whose buttons a number presses
}

// run takes one line after the other: a number presses a button of the bot's
// last message, anything else is said in the chat.
func (s *session) run(ctx context.Context, stdin io.Reader) error {
	lines, failed := readLines(ctx, stdin)
	if s.prompt {
		s.out.line("Write to the bot, for example /start. A number presses a button. Ctrl-D ends.")
	}
	for {
		if s.prompt {
			s.out.print("> ")
		}
		select {
		case <-ctx.Done():
			return nil
		case line, more := <-lines:
			if !more {
				if s.prompt {
					s.out.line("")
				}
				return <-failed
			}
			if strings.TrimSpace(line) == "" {
				continue
			}
			if err := s.say(ctx, line); err != nil {
				return err
			}
		}
	}
}

// readLines reads in a goroutine of its own, which only the end of stdin or of
// the process can wake: ctx cannot interrupt a read.
func readLines(ctx context.Context, stdin io.Reader) (<-chan string, <-chan error) {
	lines, failed := make(chan string), make(chan error, 1)
	go func() {
		defer close(lines)
		scanner := bufio.NewScanner(stdin)
		scanner.Buffer(nil, 1<<20)
		for scanner.Scan() {
			select {
			case lines <- scanner.Text():
			case <-ctx.Done():
			}
		}
		err := scanner.Err()
		if errors.Is(err, bufio.ErrTooLong) {
			err = errors.New("a line is longer than a megabyte: write it on several")
		}
		failed <- err
	}()
	return lines, failed
}

// say hands one line to the bot and shows what it does.
func (s *session) say(ctx context.Context, line string) error {
	if !s.prompt {
		s.out.line("> " + line)
	}
	if note := s.act(line); note != "" {
		s.out.line("(" + note + ")\n")
		return nil
	}
	if err := s.server.Settled(ctx); err != nil {
		return nil // ctx is done: the bot stopped, and says why itself
	}
	calls := s.server.Journal()[s.seen:]
	s.seen += len(calls)
	for _, call := range calls {
		s.show(call)
		if call.Err != nil {
			return fmt.Errorf("%s: Telegram would refuse this: %w", call.Method, call.Err)
		}
	}
	if len(calls) == 0 {
		s.out.line("(silence)")
	}
	s.out.line("")
	return nil
}

// from is who writes: nobody in a channel.
func (s *session) from() *emulator.User {
	if s.chat.Type == "channel" {
		return nil
	}
	return &s.reader
}

// act presses the button whose number the line is, if there are buttons, else
// says the line. It returns what happened where the bot does not hear of it.
func (s *session) act(line string) (note string) {
	line = strings.TrimSpace(line)
	number, err := strconv.Atoi(line)
	if err != nil || s.current.ReplyMarkup == nil {
		s.server.Write(emulator.Message{Chat: s.chat, From: s.from(), Text: line})
		return ""
	}
	buttons := slices.Concat(s.current.ReplyMarkup.InlineKeyboard...)
	if number < 1 || number > len(buttons) {
		return fmt.Sprintf("no button %d: there are 1 to %d", number, len(buttons))
	}
	button := buttons[number-1]
	if button.URL != "" {
		return "opens " + button.URL
	}
	s.server.Press(s.reader, s.chat.ID, s.current.ID, button.CallbackData)
	return ""
}

// showChat shows what a call puts on the reader's screen.
func (s *session) showChat(call emulator.Call) {
	if call.Message == nil {
		if notice := call.Params["text"]; notice != "" {
			s.out.line("(notice: " + notice + ")")
		}
		return
	}
	s.current = *call.Message
	switch {
	case s.current.EditDate != 0:
		s.out.line("(the message changes to)")
	case s.current.ReplyTo != nil:
		s.out.line("(in reply)")
	}
	s.out.message(s.current)
}

// showJSON shows a call as it was made, one line of JSON each; what is JSON
// inside a parameter is shown as such.
func (s *session) showJSON(call emulator.Call) {
	if call.Message != nil {
		s.current = *call.Message
	}
	params := map[string]any{}
	for name, value := range call.Params {
		params[name] = value
		if strings.HasPrefix(value, "{") && json.Valid([]byte(value)) {
			params[name] = json.RawMessage(value)
		}
	}
	_ = s.calls.Encode(map[string]any{"method": call.Method, "params": params}) // output remembers that it failed
}
