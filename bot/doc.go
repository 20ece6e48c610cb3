// Package bot is the conversation: what a reader asks, and what stands there.
//
//	update ─▶ route: which Address? ─▶ screen: what stands there? ─▶ calls
//
// What enters is the library of articles and one update of the Telegram Bot
// API as JSON; what leaves is the calls that answer it. Nothing here knows the
// network or the clock, and nothing is remembered between two updates: whatever
// a later press of a button needs travels in the button, as an [Address].
//
// What always holds:
//
//   - A press of a button is answered, whatever it carries.
//   - A private chat is never met with silence; a group hears only answers to
//     commands that may be meant for this bot.
//   - A message is within Telegram's limits, however long the article.
//   - Reported speech never stands in quotation marks.
package bot
