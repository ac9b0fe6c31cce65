package secrets_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/rules"
	"pockethook/internal/secrets"
	. "pockethook/internal/testkit"
)

func TestSecretsAreSealedMaskedAndKept(t *testing.T) {
	b := NewBench(t)
	const token = "https://discord.com/api/webhooks/1/secret-token-abcd"
	id := b.Save("destinations", Object{
		"name": "d", "type": "discord", "url": token, "enabled": true,
		"secrets": []string{SecretOne, SecretTwo}, "headers": Object{"Authorization": "Bearer abcdefgh", "x-short": "tiny"},
	}).Id

	stored := b.Get("destinations", id)
	for _, field := range []string{"url", "secrets", "headers"} {
		text := stored.GetString(field)
		if !strings.Contains(text, secrets.SealedPrefix) || strings.Contains(text, "secret-token") || strings.Contains(text, "whsec") || strings.Contains(text, "Bearer") {
			t.Errorf("%s is stored as %s", field, text)
		}
	}
	shown := b.Shown("destinations", id)
	b.Equal(shown.GetString("url"), "https://discord.com/api/webhooks/1/••••abcd")
	b.Equal(shown.Get("secrets"), []string{"••••ZWY=", "••••MTA="})
	b.Equal(shown.Get("headers"), Object{"Authorization": "••••efgh", "x-short": "••••"})

	// The dashboard sends back what it was shown, with one change.
	fields := Object{"name": "renamed", "url": shown.GetString("url"), "secrets": shown.Get("secrets"), "headers": shown.Get("headers")}
	b.Must(b.TryUpdate("destinations", id, fields))
	b.Equal(b.Opened("destinations", id, "url"), []string{token})
	b.Equal(b.Opened("destinations", id, "secrets"), []string{SecretOne, SecretTwo})
	b.Equal(b.Opened("destinations", id, "headers"), []string{"AuthorizationBearer abcdefgh", "x-shorttiny"})
	b.Equal(b.Get("destinations", id).GetString("name"), "renamed")

	// A rotation: the new one first, the old one by its mask; then the old one goes.
	b.Must(b.TryUpdate("destinations", id, Object{"secrets": []string{SecretTwo, "••••ZWY="}}))
	b.Equal(b.Opened("destinations", id, "secrets"), []string{SecretTwo, SecretOne})
	b.Must(b.TryUpdate("destinations", id, Object{"secrets": []string{"••••MTA="}}))
	b.Equal(b.Opened("destinations", id, "secrets"), []string{SecretTwo})
	// Ciphertext as it is stored is kept too.
	b.Must(b.TryUpdate("destinations", id, Object{"secrets": b.Get("destinations", id).Get("secrets")}))
	b.Equal(b.Opened("destinations", id, "secrets"), []string{SecretTwo})
	b.Must(b.TryUpdate("destinations", id, Object{"secrets": nil, "headers": nil}))
	b.Equal(len(b.Opened("destinations", id, "secrets"))+len(b.Opened("destinations", id, "headers")), 0)
}

func TestSecretsThatStandForNothingAreRefused(t *testing.T) {
	b := NewBench(t)
	other := b.Save("destinations", Object{"name": "o", "type": "inbox", "secrets": []string{SecretOne}})
	id := b.Destination(Object{"secrets": []string{SecretTwo}, "headers": Object{"x-a": "abcdefghijklmnop"}})
	for name, c := range map[string]struct {
		field string
		value any
	}{
		"unknown mask":                     {"secrets", []string{"••••xxxx"}},
		"one mask twice":                   {"secrets", []string{"••••MTA=", "••••MTA="}},
		"mask in a URL":                    {"url", "https://example.com/••••abcd"},
		"mask of another header":           {"headers", Object{"x-b": "••••mnop"}},
		"ciphertext from another record":   {"secrets", other.Get("secrets")},
		"no list":                          {"secrets", Object{"a": 1}},
		"no texts":                         {"secrets", []int{1}},
		"headers that are a list":          {"headers", []string{"a"}},
		"headers that are no object":       {"headers", 3},
		"ciphertext that is none":          {"secrets", []string{"enc:v1:00000000:AAAA"}},
		"a key that nobody has":            {"url", "enc:v1:zzzzzzzz:AAAA"},
		"a header value that is a newline": {"headers", Object{"x-c": "a\r\nb: c"}},
	} {
		err := b.TryUpdate("destinations", id, Object{c.field: c.value})
		if FieldOf(err, c.field) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.Equal(b.Opened("destinations", id, "secrets"), []string{SecretTwo})
}

func TestSavingEncryptsWithTheFirstKey(t *testing.T) {
	b := NewBench(t)
	b.Update("sources", b.Source, Object{"secrets": []string{"an old and long secret"}})
	before := b.Get("sources", b.Source).GetString("secrets")
	ring, err := secrets.NewKeyring([][]byte{[]byte(strings.Repeat("n", 32)), TestEnvironment().EncryptionKeys[0]})
	b.Must(err)
	source := b.Get("sources", b.Source)
	s := secrets.NewVault(ring, rules.SecretFields())
	event := &core.RecordEvent{App: b.App}
	event.Record = source
	b.Must(s.SealRecord(event))
	after := source.GetString("secrets")
	if after == before || !strings.Contains(after, secrets.SealedPrefix+ring.Current) {
		t.Fatalf("still %s", after)
	}
	entries, err := s.Plain(source, "secrets")
	b.Must(err)
	b.Equal(entries[0].Text, "an old and long secret")
}

func TestSwitchingTheTypeUnsealsTheURL(t *testing.T) {
	b := NewBench(t)
	id := b.Destination(Object{"type": "discord", "url": "https://discord.com/api/webhooks/1/secret-token-abcd"})
	// A type whose URL is no secret would show what the mask stands for, to viewers as well.
	for _, fields := range []Object{{"type": "http"}, {"type": "http", "url": "https://discord.com/api/webhooks/1/••••abcd"}} {
		if message := FieldOf(b.TryUpdate("destinations", id, fields), "url"); !strings.Contains(message, "write it anew") {
			t.Errorf("%v: %q", fields, message)
		}
	}
	b.Must(b.TryUpdate("destinations", id, Object{"type": "http", "url": "https://example.com/hook"}))
	b.Equal(b.Get("destinations", id).GetString("url"), "https://example.com/hook")
}

func TestWhatNoKeyOpensSaysSoWhereItIsShown(t *testing.T) {
	s := Serve(t)
	d := s.Destination(Object{"secrets": []string{SecretOne}, "headers": Object{"authorization": "Bearer header-secret"}})
	other := s.Destination(Object{"secrets": []string{SecretOne}})
	path := "/api/collections/destinations/records/" + d
	for _, damage := range []string{
		"secrets = (SELECT secrets FROM destinations WHERE id = '" + other + "')", `secrets = '["enc:v1:deadbeef:AAAA"]'`, `secrets = '["enc:v1:?"]'`,
		`secrets = '["a secret in the clear", 5]'`, "secrets = '{garbage'",
	} {
		s.Execute("UPDATE destinations SET "+damage+" WHERE id = '"+d+"'", nil)
		status, shown := s.Call(s.Operator, "GET", path, nil)
		if status != 200 || !strings.Contains(shown, "can't be opened") || strings.Contains(shown, "in the clear") || strings.Contains(shown, secrets.SealedPrefix) {
			t.Errorf("%s: %d %s", damage, status, shown)
		}
		// As a form saves it, which leaves it as it is; and made well by writing it anew.
		if status, saved := s.Call(s.Operator, "PATCH", path, Decoded(shown)); status != 200 || !strings.Contains(saved, "can't be opened") {
			t.Errorf("%s: %d %s", damage, status, saved)
		}
		if status, healed := s.Call(s.Operator, "PATCH", path, Object{"secrets": []string{SecretOne}}); status != 200 {
			t.Errorf("%s: %d %s", damage, status, healed)
		}
		s.Equal(s.Opened("destinations", d, "secrets"), []string{SecretOne})
	}
}

// A record out of service is renamed, disabled and paused as any other, also from a form that shows all its fields; only its
// secrets wait for being written anew.
func TestWhatCanNotBeReadKeepsNobodyFromPuttingItAside(t *testing.T) {
	foreign, err := MustKeyring(t, OtherKey).Seal("a secret of a key that is lost", "anywhere")
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
			b := NewBench(t)
			b.Must(err)
			d := b.Destination(Object{"type": "discord", "url": "https://discord.com/api/webhooks/1/secret-token-abcd"})
			id := map[string]string{"sources": b.Source, "destinations": d}[c.collection]
			if c.collection == "mappings" {
				id = b.Save("mappings", Object{"name": "m", "source": b.Source, "destination": d, "enabled": true}).Id
			}
			b.Execute("UPDATE "+c.collection+" SET "+c.column+" = {:v} WHERE id = {:id}", dbx.Params{"v": c.stored, "id": id})
			b.Must(b.TryUpdate(c.collection, id, Object{"name": "renamed"}))
			shown := b.Shown(c.collection, id)
			b.Must(b.TryUpdate(c.collection, id, Object{"name": "again", "enabled": false, c.column: shown.Get(c.column)}))
			record := b.Get(c.collection, id)
			b.Equal([]any{record.GetString("name"), record.GetBool("enabled")}, []any{"again", false})
			b.Equal(b.Shown(c.collection, id).Get(c.column), shown.Get(c.column))
			if c.collection != "mappings" && b.TryUpdate(c.collection, id, Object{"enabled": true}) == nil {
				t.Error("was enabled")
			}
		})
	}
}
