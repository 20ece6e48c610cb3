// Package emulator is a Telegram Bot API in memory. It stands in for api.telegram.org where there is no network: in
// tests, in a chat in a terminal, and as a judge of texts and keyboards that were never sent.
//
// A Server is the API of one bot. The bot talks to it over HTTP, as an http.Handler or without a network as the
// Transport of an http.Client. People act on it in Go: they Write messages and Press buttons, and then Settled waits
// until the bot has acknowledged all of it, and Journal tells what it did; Deliveries and Answered tell it of every
// update and every question.
//
// A new Server answers at once and without fail. Delay gives it latency, Limit the limits of Telegram, Inject faults of
// its own or of the network, Migrate upgrades a group; Forget makes it fit for long runs.
//
// What always holds:
//   - Telegram's refusals are refused, in Telegram's words. Where Telegram is lenient without need the emulator is
//     not: unknown parameters and fields, empty keyboards, entities past the hundredth and unencoded links are refused.
//   - Updates are acknowledged as on the server: a higher offset forgets them, and nothing else does. A bot that asks
//     for the same offset in haste is slowed as there.
//   - HTML is read as TDLib reads it, which the Bot API server is built on; a test compares the two.
//   - It imports nothing of the bot nor of the library the bot uses, so that it judges both.
//   - It starts no goroutines and asks only the time package for the time, so it works inside of testing/synctest.
//
// Validate judges a call by itself, and ParseHTML a markup. The rules are in methods.go (the methods and their
// parameters), fields.go, keyboard.go and send.go; html.go, tags.go, link.go, entities.go and nest.go read a text.
// What is not there: updates and queries that expire, files, and the entities that Telegram finds by itself in a
// bot's text (links, mentions, hashtags).
package emulator
