package main

import (
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
)

func TestRotateEncryptsAnewWithTheFirstKey(t *testing.T) {
	b := newBench(t)
	const token = "https://discord.com/api/webhooks/1/secret-token-abcd"
	for range 2 * rotatePage { // more than one page
		b.Save("destinations", object{"name": "d", "type": "http", "url": "https://example.com", "secrets": []string{secretOne, secretTwo}})
	}
	chat := b.Save("destinations", object{"name": "chat", "type": "discord", "url": token, "headers": object{"x-key": "header-secret"}}).Id
	plain := b.Save("destinations", object{"name": "none", "type": "inbox"}).Id
	old := testEnvironment().EncryptionKeys[0]
	before := b.Get("destinations", chat)

	keys, err := newKeyring([][]byte{[]byte("abcdef0123456789abcdef0123456789"), old})
	b.Must(err)
	s := newVault(keys)
	// One that no key opens must not keep the others from being rotated.
	foreign := sealedPrefix + "00000000:AAAA"
	lost := b.Save("sources", object{"name": "lost", "enabled": true, "verification": "none"}).Id
	b.Execute("UPDATE sources SET secrets = {:s} WHERE id = {:id}", dbx.Params{"s": `["` + foreign + `"]`, "id": lost})

	version := b.Count(selectConfigVersion)
	refused, err := s.Rotate(b.App, rotateRequest{Known: []string{"00000000"}, caller: caller{Actor: "operator:o"}}, b.Now())
	b.Must(err)
	b.Equal(refused, rotateAnswer{Refused: true, Key: keys.Current, Unreadable: []unreadable{}})
	known := rotateRequest{Known: []string{"00000000", keys.Current}, caller: caller{Actor: "operator:o"}}
	answer, err := s.Rotate(b.App, known, b.Now())
	b.Must(err)
	b.Equal(answer, rotateAnswer{Key: keys.Current, Rotated: 4*rotatePage + 2, Unreadable: []unreadable{{"sources", lost, "lost", "secrets"}}})
	again, err := s.Rotate(b.App, known, b.Now())
	b.Must(err)
	b.Equal([]any{again.Rotated, again.Current, len(again.Unreadable)}, []any{0, 4*rotatePage + 2, 1})

	after := b.Get("destinations", chat)
	url, err := s.Plain(after, "url")
	b.Must(err)
	headers, err := s.Plain(after, "headers")
	b.Must(err)
	b.Equal([]string{url[0].Text, headers[0].Key + headers[0].Text}, []string{token, "x-keyheader-secret"})
	b.Equal(after.GetString("updated"), before.GetString("updated"))
	b.Equal(b.Count(selectConfigVersion), version)
	b.Equal(b.Get("destinations", plain).GetString("secrets"), "null")
	if stored := after.GetString("url"); !strings.HasPrefix(stored, sealedPrefix+keys.Current) {
		t.Error(stored)
	}
	// The old key is not needed any more.
	only, err := newKeyring([][]byte{[]byte("abcdef0123456789abcdef0123456789")})
	b.Must(err)
	url, err = newVault(only).Plain(after, "url")
	b.Must(err)
	b.Equal(url[0].Text, token)
}
