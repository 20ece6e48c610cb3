package emulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// object is a JSON object whose fields are known and of their types.
type object map[string]json.RawMessage

// readObject reads a parameter that is a JSON object; what names it in a refusal. Types are JSON's as the Bot API names
// them: Boolean, Number, String, Array, Object. A field that is not among them is refused; the real server ignores it.
func readObject(value, what string, types map[string]string) (object, *Error) {
	if !json.Valid([]byte(value)) {
		return nil, bad("can't parse " + what + " JSON object")
	}
	if jsonType([]byte(value)) != "Object" {
		return nil, bad("object expected as " + what)
	}
	o := object{}
	if err := json.Unmarshal([]byte(value), &o); err != nil {
		return nil, bad("can't parse " + what + " JSON object")
	}
	return o, o.check(what, types)
}

func (o object) check(what string, types map[string]string) *Error {
	for _, name := range slices.Sorted(maps.Keys(o)) {
		want, known := types[name]
		if !known {
			return bad(fmt.Sprintf("%s: unknown field %q", what, name))
		}
		if jsonType(o[name]) != want {
			return bad(fmt.Sprintf("field %q must be of type %s", name, want))
		}
	}
	return nil
}

// string is a field that was checked to be a String, and "" where there is none.
func (o object) string(name string) string {
	var s string
	json.Unmarshal(o[name], &s)
	return s
}

// jsonType is told by the first byte of a valid JSON value.
func jsonType(raw []byte) string {
	for _, c := range raw {
		switch c {
		case ' ', '\t', '\r', '\n':
			continue
		case '{':
			return "Object"
		case '[':
			return "Array"
		case '"':
			return "String"
		case 't', 'f':
			return "Boolean"
		case 'n':
			return "Null"
		}
		break
	}
	return "Number"
}
