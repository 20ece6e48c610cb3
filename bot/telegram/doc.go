// Package telegram is the wire: it fetches updates, has them answered, and only
// then acknowledges them, so that a process killed at any moment answers after
// its restart what it has not answered before. (The one exception is an answer
// that has to wait while a hundred others do: see window.)
//
// What enters is a token and a function that turns an update into a [Job]; what
// leaves is calls to the Bot API through the library, each bound to a context.
//
// What always holds:
//
//   - The token is in no error and no log line: only this package knows it.
//   - Every call ends, by its own deadline at the latest.
//   - A chat that has to wait, or asks for too much, does not hold up the others.
//   - What Telegram may not have received is sent again, after a pause that
//     grows, or that Telegram itself asks for. An answer twice is better than none.
//   - An update that cannot be read, or whose answer panics, is logged by its id
//     and passed over; its neighbours are answered.
//
// The package knows nothing of articles.
package telegram
