package emulator

import "slices"

// nest makes entities nest (fix_entities in TDLib). Bold, italic, underline, strikethrough and spoiler are merged and
// split at the borders of the others, and are lost inside of code and dates; of the others the first of those that
// overlap is kept, and only quotes hold others. The result is sorted.
func nest(entities []Entity) []Entity {
	var solid, quotes, styles []Entity
	for _, e := range entities {
		switch {
		case isStyle(e):
			styles = append(styles, e)
		case isQuote(e):
			quotes = append(quotes, e)
		default:
			solid = append(solid, e)
		}
	}
	quotes = firstOfOverlapping(quotes)
	solid = slices.DeleteFunc(firstOfOverlapping(solid), func(e Entity) bool {
		return slices.ContainsFunc(quotes, func(q Entity) bool { return overlap(e, q) && !holds(q, e) })
	})
	solid = append(solid, quotes...)
	result := append(split(styles, solid), solid...)
	sortEntities(result)
	return result
}

func isStyle(e Entity) bool {
	return slices.Contains([]string{"bold", "italic", "underline", "strikethrough", "spoiler"}, e.Type)
}

func isQuote(e Entity) bool { return e.Type == "blockquote" || e.Type == "expandable_blockquote" }

// isPlain is for what is shown in a way of its own, whatever style it is in.
func isPlain(e Entity) bool { return e.Type == "pre" || e.Type == "code" || e.Type == "date_time" }

func end(e Entity) int { return e.Offset + e.Length }

func overlap(a, b Entity) bool { return a.Offset < end(b) && b.Offset < end(a) }

func holds(outer, inner Entity) bool { return outer.Offset <= inner.Offset && end(inner) <= end(outer) }

func firstOfOverlapping(sorted []Entity) []Entity {
	covered := 0
	return slices.DeleteFunc(sorted, func(e Entity) bool {
		if e.Offset < covered {
			return true
		}
		covered = end(e)
		return false
	})
}

// split merges the styles of one type, cuts them where other entities begin and end, and drops what shows no style.
func split(styles, solid []Entity) []Entity {
	styles = merge(styles)
	var cuts []int
	for _, s := range styles {
		cuts = append(cuts, s.Offset)
	}
	for _, s := range solid {
		cuts = append(cuts, s.Offset, end(s))
	}
	slices.Sort(cuts)
	var result []Entity
	for _, s := range styles {
		for _, cut := range cuts {
			if s.Offset < cut && cut < end(s) {
				result = append(result, Entity{Type: s.Type, Offset: s.Offset, Length: cut - s.Offset})
				s.Offset, s.Length = cut, end(s)-cut
			}
		}
		result = append(result, s)
	}
	return slices.DeleteFunc(result, func(e Entity) bool {
		return slices.ContainsFunc(solid, func(s Entity) bool {
			return isPlain(s) && holds(s, e)
		})
	})
}

// merge joins the styles of one type that touch.
func merge(sorted []Entity) []Entity {
	var merged []Entity
	last := map[string]int{} // the place of the last entity of a type in merged
	for _, s := range sorted {
		i, ok := last[s.Type]
		if ok && s.Offset <= end(merged[i]) {
			merged[i].Length = max(end(merged[i]), end(s)) - merged[i].Offset
			continue
		}
		last[s.Type] = len(merged)
		merged = append(merged, s)
	}
	return merged
}
