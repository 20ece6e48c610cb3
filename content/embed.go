package content

import (
	"embed"
	"io/fs"
)

//go:embed articles
var articles embed.FS

// Embedded returns the articles that are part of the binary.
func Embedded() fs.FS {
	sub, err := fs.Sub(articles, "articles")
	if err != nil {
		panic(err) // "articles" is a valid path
	}
	return sub
}
