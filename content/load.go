package content

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

var (
	slugRule = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)
	langRule = regexp.MustCompile(`^[a-z]{2,3}$`)
)

// Load reads and checks all articles of a tree, see the package comment for
// its form. The error is [Problems]: all of them, not the first. Names that
// begin with a dot are passed over.
func Load(tree fs.FS) (*Library, error) {
	l := loader{tree: tree, lib: &Library{}}
	for _, entry := range l.dir(".") {
		if !entry.IsDir() {
			l.add(entry.Name(), 0, "a file outside an article's folder", "move it to <article>/<language>.md")
			continue
		}
		l.article(entry.Name())
	}
	if len(l.lib.Articles) == 0 && len(l.Problems) == 0 {
		l.add(".", 0, "no article here", "add <article>/<language>.md, for example my-article/ru.md")
	}
	if len(l.Problems) > 0 {
		l.sort()
		return nil, slices.Compact(l.Problems)
	}
	return l.lib, nil
}

type loader struct {
	tree fs.FS
	lib  *Library
	Problems
}

// dir lists a folder, ordered by name.
func (l *loader) dir(name string) []fs.DirEntry {
	entries, err := fs.ReadDir(l.tree, name)
	if err != nil {
		l.add(name, 0, "cannot be read ("+reason(err)+")", "name a folder that exists and may be read")
	}
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return strings.HasPrefix(e.Name(), ".") })
}

// reason is err without the path that fs adds, which the Problem names itself.
func reason(err error) string {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		err = p.Err
	}
	return err.Error()
}

func (l *loader) article(slug string) {
	if !slugRule.MatchString(slug) {
		l.add(slug, 0, "the folder's name is not an address", "use 1 to 40 of a-z, 0-9 and -, beginning with a letter or a digit")
		return
	}
	before := len(l.Problems)
	var files []*file
	for _, entry := range l.dir(slug) {
		if f := l.edition(path.Join(slug, entry.Name())); f != nil {
			files = append(files, f)
		}
	}
	if len(l.Problems) > before {
		return // what follows compares editions and would only repeat it
	}
	if a := l.assemble(slug, files); a != nil {
		l.lib.Articles = append(l.lib.Articles, a)
	}
}

// edition reads and checks one file by itself; nil if it is not an edition.
func (l *loader) edition(name string) *file {
	lang, ok := strings.CutSuffix(path.Base(name), ".md")
	if !ok || !langRule.MatchString(lang) {
		l.add(name, 0, "not an edition", "name it <language>.md with a language code of two or three letters, or remove it")
		return nil
	}
	data, err := fs.ReadFile(l.tree, name)
	if err != nil {
		l.add(name, 0, "cannot be read ("+reason(err)+")", "make it a file that may be read")
		return nil
	}
	f := parse(name, lang, data)
	l.Problems = append(l.Problems, f.Problems...)
	return f
}

// assemble makes an article of its editions and checks them against each other.
func (l *loader) assemble(slug string, files []*file) *Article {
	var originals []*file
	for _, f := range files {
		if f.Translates == "" {
			originals = append(originals, f)
		}
	}
	if len(originals) == 0 {
		l.add(slug, 0, "no original edition", "add the article in its own language: a file without `translates`")
		return nil
	}
	original := originals[0]
	for _, f := range originals[1:] {
		l.add(f.name, 1, "a second original beside "+original.name, "if it is a translation, say so: `translates: "+original.Lang+"`")
	}
	article := &Article{Slug: slug, Outlet: original.outlet, Source: original.source, Cites: original.cites, Original: &original.Edition}
	article.Editions = []*Edition{article.Original}
	for _, f := range files {
		if f != original {
			l.match(f, original)
			article.Editions = append(article.Editions, &f.Edition)
		}
	}
	return article
}

// match checks a translation against the original, paragraph by paragraph and
// quote by quote: each screen of a translation shows the original's words.
func (l *loader) match(f, original *file) {
	if f.Translates != "" && f.Translates != original.Lang {
		l.add(f.name, f.line("translates"), fmt.Sprintf("translates %q, but the original is %s", f.Translates, original.name), "write `translates: "+original.Lang+"`")
	}
	if n, want := len(f.Body), len(original.Body); n != want {
		l.add(f.name, f.bodyLine, fmt.Sprintf("paragraphs: %d, but %d in %s", n, want, original.name), "part the text as the original is parted")
	}
	if n, want := len(f.Quotes), len(original.Quotes); n != want {
		l.add(f.name, f.line("quotes"), fmt.Sprintf("quotes: %d, but %d in %s", n, want, original.name), "translate every quote of the original and no other, in its order")
	}
}
