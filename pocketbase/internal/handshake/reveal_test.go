package handshake_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/audit"
	"pockethook/internal/handshake"
	"pockethook/internal/secrets"
	"pockethook/internal/store"
	. "pockethook/internal/testkit"
)

const token = "secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl"

// waiting is a source without a secret, which a handshake brings.
func waiting(b *Bench) string {
	options := Object{"header": "x-notion-signature", "secret_from": "body.verification_token"}
	return b.Save("sources", Object{"name": "notion", "enabled": true, "verification": "hmac", "verification_options": options}).Id
}

func change(b *Bench, id string, by audit.Caller, fields Object) error {
	b.Helper()
	record := b.Get("sources", id)
	record.Load(fields)
	by.Asks(record)
	return b.App.Save(record)
}

var (
	byHandshake = audit.Caller{Actor: "source:notion", Via: handshake.Via}
	byAda       = audit.Caller{Actor: "user:ada@example.com", Via: "api"}
)

func reveal(b *Bench, id string, by audit.Caller) handshake.RevealAnswer {
	b.Helper()
	answer, err := handshake.Reveal(b.Store, handshake.RevealRequest{Source: id, Caller: by})
	b.Must(err)
	return answer
}

func TestASecretIsRevealedOnce(t *testing.T) {
	b := NewBench(t)
	id := waiting(b)
	b.Equal(reveal(b, id, byAda).Status, "shown")
	b.Equal(reveal(b, "nobody", byAda).Status, "unknown")
	b.Must(change(b, id, byHandshake, Object{"secrets": []string{token}, "secret_unshown": true}))
	before := b.Get("sources", id)

	once := byAda
	once.Once = audit.Once{Key: strings.Repeat("a", 64), Fingerprint: strings.Repeat("b", 64)}
	version := int64(b.Count(store.SelectConfigVersion))
	first := reveal(b, id, once)
	b.Equal([]any{first.Status, first.ConfigVersion, first.Repeated}, []any{"revealed", version + 1, false})
	b.Equal(strings.HasPrefix(first.Secret, secrets.SealedPrefix), true)
	b.Equal(b.Opened("sources", id, "secrets"), []string{token})
	b.Equal(b.Get("sources", id).GetString("secrets"), `["`+first.Secret+`"]`)
	after := b.Get("sources", id)
	b.Equal([]bool{before.GetBool("secret_unshown"), after.GetBool("secret_unshown")}, []bool{true, false})
	if after.GetString("updated") <= before.GetString("updated") {
		t.Error("the record has no new version")
	}

	again := reveal(b, id, once)
	b.Equal([]any{again.Status, again.Repeated, again.Secret}, []any{"revealed", true, first.Secret})
	b.Equal(reveal(b, id, byAda), handshake.RevealAnswer{ConfigVersion: version + 1, Status: "shown"})

	var rows []string
	b.Must(b.App.DB().NewQuery("SELECT actor || ' ' || via || ' ' || action || ' ' || detail FROM audit WHERE subject = '" + id + "' ORDER BY rowid").Column(&rows))
	b.Equal(rows, []string{
		`source:notion handshake source.update {"changes":{"secrets":{"to":["••••7yBl"]}},"name":"notion"}`,
		`user:ada@example.com api source.reveal {}`,
	})
}

func TestOnlyAHandshakeMakesASecretRevealable(t *testing.T) {
	b := NewBench(t)
	id := waiting(b)
	unshown := func() bool { return b.Get("sources", id).GetBool("secret_unshown") }
	superuser := audit.Caller{Actor: "operator:o@example.com", Via: audit.ViaDashboard}
	b.Must(change(b, id, superuser, Object{"secrets": []string{token}, "secret_unshown": true}))
	b.Equal(unshown(), false)
	b.Must(change(b, id, superuser, Object{"secret_unshown": true}))
	b.Equal(unshown(), false)
	made := b.Save("sources", Object{"name": "other", "enabled": true, "verification": "github", "secrets": []string{token}, "secret_unshown": true})
	b.Equal(made.GetBool("secret_unshown"), false)

	b.Must(change(b, id, superuser, Object{"secrets": []string{}}))
	b.Must(change(b, id, byHandshake, Object{"secrets": []string{token}, "secret_unshown": true}))
	b.Equal(unshown(), true)
	// A form sends back what it was shown.
	shown := b.Shown("sources", id)
	b.Must(change(b, id, superuser, Object{"secrets": shown.Get("secrets"), "secret_unshown": true, "rate_limit": 5}))
	b.Equal(unshown(), true)
	// Whoever sets another secret knows it.
	b.Must(change(b, id, superuser, Object{"secrets": []string{"another secret, set by hand"}}))
	b.Equal(unshown(), false)
}

// TestTheFirstHandshakeWins: two that read the same version of the source, as two API processes do.
func TestTheFirstHandshakeWins(t *testing.T) {
	s := Serve(t)
	id := waiting(s.Bench)
	seen := strings.Replace(s.Get("sources", id).GetString("updated"), " ", "T", 1)
	results := make(chan error, 2)
	for _, secret := range []string{"the first of two secrets", "the other of two secrets"} {
		record := s.Get("sources", id)
		record.Load(Object{"secrets": []string{secret}})
		by := byHandshake
		by.IfMatch = []string{seen}
		by.Asks(record)
		go func(record *core.Record) { results <- s.App.Save(record) }(record)
	}
	var refused int
	for range 2 {
		if err := <-results; err != nil {
			refused++
			if !strings.Contains(err.Error(), "changed meanwhile") {
				t.Error(err)
			}
		}
	}
	s.Equal(refused, 1)
	s.Equal(len(s.Opened("sources", id, "secrets")), 1)
}
