package redisdb

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"github.com/anjie-desk/anjie/bot/dispute"
)

// TestARowIsWrittenAsJSONWritesIt, and its detail as it always stood in the link.
func TestARowIsWrittenAsJSONWritesIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "<b>&\"\\", "\u2028", "\xff\xe4", "\x7f", "“引号”"}))
		row := eventRow{
			Seq: rapid.Int64().Draw(t, "seq"), At: rapid.Int64().Draw(t, "at"), Actor: text.Draw(t, "actor"), Kind: text.Draw(t, "kind"),
			From: dispute.State(text.Draw(t, "from")), To: dispute.State(text.Draw(t, "to")), Link: text.Draw(t, "link"),
		}
		if rapid.Bool().Draw(t, "detail") {
			row.Detail = rapid.MapOf(text, text).Draw(t, "fields")
		}
		if rapid.Bool().Draw(t, "text") {
			row.Text = rapid.SliceOf(rapid.Byte()).Draw(t, "sealed")
		}
		want, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		if got := row.encode(); got != string(want) {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
		detail, err := json.Marshal(row.Detail)
		if err != nil {
			t.Fatal(err)
		}
		if got := appendMap(nil, row.Detail); string(got) != string(detail) {
			t.Fatalf("detail %s\nwant   %s", got, detail)
		}
	})
}

// TestABodyIsWrittenAsJSONWritesIt: what an older or newer version of the desk
// reads with encoding/json is the very same text.
func TestABodyIsWrittenAsJSONWritesIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
			"", "城区街道〔2026〕1 号", "<b>&\"\\", "\u2028", "\xff\xe4", "\x7f", "\t", "“引号”", dispute.NumberMark,
		}))
		n := dispute.Notice{To: text.Draw(t, "to"), Key: text.Draw(t, "key")}
		if rapid.Bool().Draw(t, "data") {
			n.Data = rapid.MapOf(text, text).Draw(t, "fields")
		}
		at := rapid.Int64().Draw(t, "at")
		want, err := json.Marshal(body{n, at})
		if err != nil {
			t.Fatal(err)
		}
		if got := encodeBody(n, at); got != string(want) {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
	})
}
