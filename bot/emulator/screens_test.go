package emulator_test

import (
	"testing"

	conversation "articlebot/bot"
	"articlebot/content"
)

// What the bot really sends is compared too, folded and not.
func TestEveryScreenAgreesWithTDLib(t *testing.T) {
	library, err := content.Load(content.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	b, err := conversation.New(library, "articlebot")
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range b.Addresses() {
		for _, private := range []bool{true, false} {
			compare(t, b.Screen(address, private).HTML)
		}
	}
}
