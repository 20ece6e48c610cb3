package main

import (
	"encoding/json"
	"log"
	"os"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"articlebot/bot"
	"articlebot/content"
)

// quickstart is a bot as the examples of the library have it. It answers each
// message with what the program answers to /summary in a group.
func quickstart() {
	text, keyboard := summary()
	api, err := tgbotapi.NewBotAPIWithAPIEndpoint(os.Getenv("TELEGRAM_BOT_TOKEN"), os.Getenv("TELEGRAM_API_URL")+"/bot%s/%s")
	if err != nil {
		log.Panic(err)
	}
	log.Printf("Authorized on account %s", api.Self.UserName)
	u := tgbotapi.NewUpdate(0)
	u.Timeout = 60
	for update := range api.GetUpdatesChan(u) {
		go func() {
			if update.Message == nil {
				return
			}
			log.Printf("[%s] %s", update.Message.From.UserName, update.Message.Text)
			msg := tgbotapi.NewMessage(update.Message.Chat.ID, text)
			msg.ParseMode = tgbotapi.ModeHTML
			msg.ReplyToMessageID = update.Message.MessageID
			msg.ReplyMarkup = keyboard
			if _, err := api.Send(msg); err != nil {
				log.Println(err)
			}
		}()
	}
}

// summary returns what the program answers to /summary in a group.
func summary() (text string, keyboard tgbotapi.InlineKeyboardMarkup) {
	library, err := content.Load(content.Embedded())
	if err != nil {
		log.Panic(err)
	}
	b, err := bot.New(library, self.Username)
	if err != nil {
		log.Panic(err)
	}
	params := b.Screen(bot.Address{Section: bot.Summary}, false).Send(-1, 0).Params
	if err := json.NewDecoder(strings.NewReader(params["reply_markup"])).Decode(&keyboard); err != nil {
		log.Panic(err)
	}
	return params["text"], keyboard
}
