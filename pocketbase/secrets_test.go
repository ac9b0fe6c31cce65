package main

import (
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

func TestSecretsAreSealedMaskedAndKept(t *testing.T) {
	b := newBench(t)
	const token = "https://discord.com/api/webhooks/1/secret-token-abcd"
	id := b.Save("destinations", object{
		"name": "d", "type": "discord", "url": token, "enabled": true,
		"secrets": []string{secretOne, secretTwo}, "headers": object{"Authorization": "Bearer abcdefgh", "x-short": "tiny"},
	}).Id

	stored := b.Get("destinations", id)
	for _, field := range []string{"url", "secrets", "headers"} {
		text := stored.GetString(field)
		if !strings.Contains(text, sealedPrefix) || strings.Contains(text, "secret-token") || strings.Contains(text, "whsec") || strings.Contains(text, "Bearer") {
			t.Errorf("%s is stored as %s", field, text)
		}
	}
	shown := b.Shown("destinations", id)
	b.Equal(shown.GetString("url"), "https://discord.com/api/webhooks/1/••••abcd")
	b.Equal(shown.Get("secrets"), []string{"••••ZWY=", "••••MTA="})
	b.Equal(shown.Get("headers"), object{"Authorization": "••••efgh", "x-short": "••••"})

	// The dashboard sends back what it was shown, with one change.
	fields := object{"name": "renamed", "url": shown.GetString("url"), "secrets": shown.Get("secrets"), "headers": shown.Get("headers")}
	b.Must(b.TryUpdate("destinations", id, fields))
	b.Equal(b.Opened("destinations", id, "url"), []string{token})
	b.Equal(b.Opened("destinations", id, "secrets"), []string{secretOne, secretTwo})
	b.Equal(b.Opened("destinations", id, "headers"), []string{"AuthorizationBearer abcdefgh", "x-shorttiny"})
	b.Equal(b.Get("destinations", id).GetString("name"), "renamed")

	// A rotation: the new one first, the old one by its mask; then the old one goes.
	b.Must(b.TryUpdate("destinations", id, object{"secrets": []string{secretTwo, "••••ZWY="}}))
	b.Equal(b.Opened("destinations", id, "secrets"), []string{secretTwo, secretOne})
	b.Must(b.TryUpdate("destinations", id, object{"secrets": []string{"••••MTA="}}))
	b.Equal(b.Opened("destinations", id, "secrets"), []string{secretTwo})
	// Ciphertext as it is stored is kept too.
	b.Must(b.TryUpdate("destinations", id, object{"secrets": b.Get("destinations", id).Get("secrets")}))
	b.Equal(b.Opened("destinations", id, "secrets"), []string{secretTwo})
	b.Must(b.TryUpdate("destinations", id, object{"secrets": nil, "headers": nil}))
	b.Equal(len(b.Opened("destinations", id, "secrets"))+len(b.Opened("destinations", id, "headers")), 0)
}

func TestSecretsThatStandForNothingAreRefused(t *testing.T) {
	b := newBench(t)
	other := b.Save("destinations", object{"name": "o", "type": "inbox", "secrets": []string{secretOne}})
	id := b.Destination(object{"secrets": []string{secretTwo}, "headers": object{"x-a": "abcdefghijklmnop"}})
	for name, c := range map[string]struct {
		field string
		value any
	}{
		"unknown mask":                     {"secrets", []string{"••••xxxx"}},
		"one mask twice":                   {"secrets", []string{"••••MTA=", "••••MTA="}},
		"mask in a URL":                    {"url", "https://example.com/••••abcd"},
		"mask of another header":           {"headers", object{"x-b": "••••mnop"}},
		"ciphertext from another record":   {"secrets", other.Get("secrets")},
		"no list":                          {"secrets", object{"a": 1}},
		"no texts":                         {"secrets", []int{1}},
		"headers that are a list":          {"headers", []string{"a"}},
		"headers that are no object":       {"headers", 3},
		"ciphertext that is none":          {"secrets", []string{"enc:v1:00000000:AAAA"}},
		"a key that nobody has":            {"url", "enc:v1:zzzzzzzz:AAAA"},
		"a header value that is a newline": {"headers", object{"x-c": "a\r\nb: c"}},
	} {
		err := b.TryUpdate("destinations", id, object{c.field: c.value})
		if fieldOf(err, c.field) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.Equal(b.Opened("destinations", id, "secrets"), []string{secretTwo})
}

func TestSavingEncryptsWithTheFirstKey(t *testing.T) {
	b := newBench(t)
	b.Update("sources", b.Source, object{"secrets": []string{"an old and long secret"}})
	before := b.Get("sources", b.Source).GetString("secrets")
	ring, err := newKeyring([][]byte{[]byte(strings.Repeat("n", 32)), testEnvironment().EncryptionKeys[0]})
	b.Must(err)
	source := b.Get("sources", b.Source)
	s := newVault(ring)
	event := &core.RecordEvent{App: b.App}
	event.Record = source
	b.Must(s.SealRecord(event))
	after := source.GetString("secrets")
	if after == before || !strings.Contains(after, sealedPrefix+ring.Current) {
		t.Fatalf("still %s", after)
	}
	entries, err := s.Plain(source, "secrets")
	b.Must(err)
	b.Equal(entries[0].Text, "an old and long secret")
}

func TestSwitchingTheTypeUnsealsTheURL(t *testing.T) {
	b := newBench(t)
	id := b.Destination(object{"type": "discord", "url": "https://discord.com/api/webhooks/1/secret-token-abcd"})
	// A type whose URL is no secret would show what the mask stands for, to viewers as well.
	for _, fields := range []object{{"type": "http"}, {"type": "http", "url": "https://discord.com/api/webhooks/1/••••abcd"}} {
		if message := fieldOf(b.TryUpdate("destinations", id, fields), "url"); !strings.Contains(message, "write it anew") {
			t.Errorf("%v: %q", fields, message)
		}
	}
	b.Must(b.TryUpdate("destinations", id, object{"type": "http", "url": "https://example.com/hook"}))
	b.Equal(b.Get("destinations", id).GetString("url"), "https://example.com/hook")
}

func TestWhatNoKeyOpensSaysSoWhereItIsShown(t *testing.T) {
	s := serve(t)
	d := s.Destination(object{"secrets": []string{secretOne}, "headers": object{"authorization": "Bearer header-secret"}})
	other := s.Destination(object{"secrets": []string{secretOne}})
	path := "/api/collections/destinations/records/" + d
	for _, damage := range []string{
		"secrets = (SELECT secrets FROM destinations WHERE id = '" + other + "')", `secrets = '["enc:v1:deadbeef:AAAA"]'`, `secrets = '["enc:v1:?"]'`,
		`secrets = '["a secret in the clear", 5]'`, "secrets = '{garbage'",
	} {
		s.Execute("UPDATE destinations SET "+damage+" WHERE id = '"+d+"'", nil)
		status, shown := s.Call(s.Operator, "GET", path, nil)
		if status != 200 || !strings.Contains(shown, "can't be opened") || strings.Contains(shown, "in the clear") || strings.Contains(shown, sealedPrefix) {
			t.Errorf("%s: %d %s", damage, status, shown)
		}
		// As a form saves it; and made well by writing it anew.
		if status, refused := s.Call(s.Operator, "PATCH", path, decoded(shown)); status != 400 || !strings.Contains(refused, `"secrets"`) {
			t.Errorf("%s: %d %s", damage, status, refused)
		}
		if status, healed := s.Call(s.Operator, "PATCH", path, object{"secrets": []string{secretOne}}); status != 200 {
			t.Errorf("%s: %d %s", damage, status, healed)
		}
		s.Equal(s.Opened("destinations", d, "secrets"), []string{secretOne})
	}
}

// A record out of service is renamed, disabled and paused as any other, also from a form that shows all its fields; only its
// secrets wait for being written anew.
func TestWhatCanNotBeReadKeepsNobodyFromPuttingItAside(t *testing.T) {
	foreign, err := mustKeyring(t, otherKey).Seal("a secret of a key that is lost", "anywhere")
	for _, c := range []struct{ collection, column, stored string }{
		{"sources", "secrets", `["` + foreign + `"]`},
		{"sources", "secrets", `{"a": 1}`},
		{"sources", "secrets", `["cut of`},
		{"sources", "verification_options", `[7]`},
		{"destinations", "secrets", `["` + foreign + `"]`},
		{"destinations", "headers", `{"x-a":"` + foreign + `"}`},
		{"destinations", "headers", `["a"]`},
		{"destinations", "url", foreign},
		{"destinations", "retry_schedule", `["soon"]`},
		{"mappings", "filter", `1 +`},
	} {
		t.Run(c.collection+" "+c.column+" "+c.stored, func(t *testing.T) {
			b := newBench(t)
			b.Must(err)
			d := b.Destination(object{"type": "discord", "url": "https://discord.com/api/webhooks/1/secret-token-abcd"})
			id := map[string]string{"sources": b.Source, "destinations": d}[c.collection]
			if c.collection == "mappings" {
				id = b.Save("mappings", object{"name": "m", "source": b.Source, "destination": d, "enabled": true}).Id
			}
			b.Execute("UPDATE "+c.collection+" SET "+c.column+" = {:v} WHERE id = {:id}", dbx.Params{"v": c.stored, "id": id})
			b.Must(b.TryUpdate(c.collection, id, object{"name": "renamed"}))
			shown := b.Shown(c.collection, id)
			b.Must(b.TryUpdate(c.collection, id, object{"name": "again", "enabled": false, c.column: shown.Get(c.column)}))
			record := b.Get(c.collection, id)
			b.Equal([]any{record.GetString("name"), record.GetBool("enabled")}, []any{"again", false})
			b.Equal(b.Shown(c.collection, id).Get(c.column), shown.Get(c.column))
			if c.collection != "mappings" && b.TryUpdate(c.collection, id, object{"enabled": true}) == nil {
				t.Error("was enabled")
			}
		})
	}
}
