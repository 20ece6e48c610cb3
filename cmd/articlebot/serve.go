package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"articlebot/bot"
	"articlebot/bot/telegram"
	"articlebot/content"
)

// serve answers in Telegram until ctx is done.
func (p program) serve(ctx context.Context) int {
	config, err := readConfig(p.getenv)
	if err != nil {
		fmt.Fprintln(p.stderr, "articlebot:", err)
		return exitUsage
	}
	library, err := content.Load(content.Embedded())
	if err != nil {
		return p.failed(err)
	}
	log := config.logger(p.stderr)
	client := telegram.NewClient(config.token, config.apiURL, telegram.NewTransport(), log)
	log.Info("starting", "version", version())
	err = answer(ctx, client, library, log)
	switch {
	case telegram.DeadToken(err):
		return p.failed(errors.New("this token is unknown to Telegram, or not valid any more: get the current one from @BotFather (/mybots, API Token)"))
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
		answer, err := b.Answer(update)
		job := telegram.Job{Chat: answer.Chat, Name: answer.Asked}
		if len(answer.Calls) > 0 {
			job.Run = func(ctx context.Context) error { return carryOut(ctx, client, answer.Calls) }
		}
		return job, err
	}
}

// carryOut makes all calls, also where one of them is refused.
func carryOut(ctx context.Context, client *telegram.Client, calls []bot.Call) error {
	var errs []error
	for _, call := range calls {
		_, err := client.Call(ctx, call.Method, call.Params)
		if call.Else != nil && telegram.Refused(err) {
			err = carryOut(ctx, client, []bot.Call{*call.Else})
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
