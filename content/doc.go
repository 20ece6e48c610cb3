// Package content holds the articles: the model, the loader that checks every
// word of it, and the articles themselves.
//
// What enters is a tree of files, embedded in the binary or a directory:
//
//	<slug>/<lang>.md    one edition: YAML front matter, then the body in Markdown
//
// What leaves is a [Library] whose articles keep all the promises below, or
// [Problems] that name the file, the line and the cure of everything wrong.
//
//   - Exactly one edition of an article is the original; the others say which
//     language they translate and match it paragraph by paragraph and quote by
//     quote.
//   - Every quote stands in the body of its edition, character for character.
//   - Every link is https, and the body holds only what a chat can show:
//     paragraphs, headings, flat lists, quotations, code, bold, italic, links.
//   - A slug is short enough to be written into an address.
//
// The package knows nothing of Telegram.
package content
