package secrets_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"pockethook/internal/audit"
	"pockethook/internal/rules"
	"pockethook/internal/secrets"
	"pockethook/internal/store"
	. "pockethook/internal/testkit"
)

func TestRotateEncryptsAnewWithTheFirstKey(t *testing.T) {
	b := NewBench(t)
	const token = "https://discord.com/api/webhooks/1/secret-token-abcd"
	for i := range 2 * secrets.RotatePage { // more than one page
		b.Save("destinations", Object{"name": strconv.Itoa(i), "type": "http", "url": "https://example.com", "secrets": []string{SecretOne, SecretTwo}})
	}
	chat := b.Save("destinations", Object{"name": "chat", "type": "discord", "url": token, "headers": Object{"x-key": "header-secret"}}).Id
	plain := b.Save("destinations", Object{"name": "none", "type": "inbox"}).Id
	old := TestEnvironment().EncryptionKeys[0]
	before := b.Get("destinations", chat)

	keys, err := secrets.NewKeyring([][]byte{[]byte("abcdef0123456789abcdef0123456789"), old})
	b.Must(err)
	s := secrets.NewVault(keys, rules.SecretFields())
	// One that no key opens must not keep the others from being rotated.
	foreign := secrets.SealedPrefix + "00000000:AAAA"
	lost := b.Save("sources", Object{"name": "lost", "enabled": true, "verification": "none"}).Id
	b.Execute("UPDATE sources SET secrets = {:s} WHERE id = {:id}", dbx.Params{"s": `["` + foreign + `"]`, "id": lost})

	version := b.Count(store.SelectConfigVersion)
	refused, err := s.Rotate(b.App, secrets.RotateRequest{Known: []string{"00000000"}, Caller: audit.Caller{Actor: "operator:o"}}, b.Now())
	b.Must(err)
	b.Equal(refused, secrets.RotateAnswer{Refused: true, Key: keys.Current, Unreadable: []secrets.Unreadable{}})
	known := secrets.RotateRequest{Known: []string{"00000000", keys.Current}, Caller: audit.Caller{Actor: "operator:o"}}
	answer, err := s.Rotate(b.App, known, b.Now())
	b.Must(err)
	b.Equal(answer, secrets.RotateAnswer{Key: keys.Current, Rotated: 4*secrets.RotatePage + 2, Unreadable: []secrets.Unreadable{{"sources", lost, "lost", "secrets"}}})
	again, err := s.Rotate(b.App, known, b.Now())
	b.Must(err)
	b.Equal([]any{again.Rotated, again.Current, len(again.Unreadable)}, []any{0, 4*secrets.RotatePage + 2, 1})

	after := b.Get("destinations", chat)
	url, err := s.Plain(after, "url")
	b.Must(err)
	headers, err := s.Plain(after, "headers")
	b.Must(err)
	b.Equal([]string{url[0].Text, headers[0].Key + headers[0].Text}, []string{token, "x-keyheader-secret"})
	b.Equal(after.GetString("updated"), before.GetString("updated"))
	b.Equal(b.Count(store.SelectConfigVersion), version)
	b.Equal(b.Get("destinations", plain).GetString("secrets"), "null")
	if stored := after.GetString("url"); !strings.HasPrefix(stored, secrets.SealedPrefix+keys.Current) {
		t.Error(stored)
	}
	// The old key is not needed any more.
	only, err := secrets.NewKeyring([][]byte{[]byte("abcdef0123456789abcdef0123456789")})
	b.Must(err)
	url, err = secrets.NewVault(only, rules.SecretFields()).Plain(after, "url")
	b.Must(err)
	b.Equal(url[0].Text, token)
}
