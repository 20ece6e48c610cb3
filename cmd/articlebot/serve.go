package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"articlebot/bot"
	"articlebot/bot/telegram"
	"articlebot/content"
)

// serve answers in Telegram until ctx is done.
func (p program) serve(ctx context.Context, limits telegram.Limits) int {
	config, err := readConfig(p.getenv)
	if err != nil {
		fmt.Fprintln(p.stderr, "articlebot:", err)
		return exitUsage
	}
	library, err := content.Load(content.Embedded())
	if err == nil {
		_, err = checkScreens(library)
	}
	if err != nil {
		return p.failed(err)
	}
	log := config.logger(p.stderr)
	log.Info("starting", "version", version())
	options := telegram.Options{Limits: limits}
	if config.httpAddr != "" {
		monitor := newMonitor()
		options.Observer = monitor
		stop, err := monitor.listen(config.httpAddr, log)
		if err != nil {
			return p.failed(err)
		}
		defer stop()
	}
	client := telegram.NewClient(config.token(), config.apiURL, log, options)
	err = answer(ctx, client, library, log)
	switch {
	case telegram.DeadToken(err):
		return p.failed(errors.New("there is no bot with this token: get the current one from @BotFather (/mybots, API Token); if TELEGRAM_API_URL is set, check it too"))
	case err != nil:
		return p.failed(err)
	}
	log.Info("stopped")
	return exitOK
}

// answer asks who the bot is and then answers updates until ctx is done.
func answer(ctx context.Context, client *telegram.Client, library *content.Library, log *slog.Logger) error {
	me, err := client.Me(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	b, err := bot.New(library, me.UserName)
	if err != nil {
		return err
	}
	log.Info("polling", "bot", "@"+me.UserName)
	poller := telegram.Poller{Client: client, Kinds: bot.UpdateKinds, Log: log, Receive: receiver(b, client)}
	return poller.Run(ctx)
}

// receiver joins the conversation to the wire.
func receiver(b *bot.Bot, client *telegram.Client) func(json.RawMessage) (telegram.Job, error) {
	return func(update json.RawMessage) (telegram.Job, error) {
		a, err := b.Answer(update)
		job := telegram.Job{Kind: a.Kind, Name: a.Asked, Chat: a.Chat, Group: a.Group, Press: a.Press}
		if a.Date != 0 {
			job.Date = time.Unix(a.Date, 0)
		}
		if len(a.Calls) > 0 {
			job.Run = func(ctx context.Context) error { return carryOut(ctx, client, a.Calls...) }
			job.Busy = func(ctx context.Context) error { return carryOut(ctx, client, a.Busy()) }
		}
		return job, err
	}
}

// carryOut makes all calls, also where one of them is refused.
func carryOut(ctx context.Context, client *telegram.Client, calls ...bot.Call) error {
	var errs []error
	for _, call := range calls {
		_, err := client.Call(ctx, call.Method, call.Params)
		if call.Else != nil && telegram.Refused(err) {
			err = carryOut(ctx, client, *call.Else)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
