package content

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing wrong in the articles, and how to mend it.
type Problem struct {
	File string // path below the articles' root
	Line int    // from 1; 0 where the file as a whole is meant
	What string
	Cure string
}

func (p Problem) Error() string {
	place := p.File
	if p.Line > 0 {
		place = fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s: %s: %s", place, p.What, p.Cure)
}

// Problems is everything wrong in the articles, ordered by file and line. As
// an error it prints one problem a line.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

func (ps *Problems) add(file string, line int, what, cure string) {
	*ps = append(*ps, Problem{File: file, Line: line, What: what, Cure: cure})
}

func (ps Problems) sort() {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
}
