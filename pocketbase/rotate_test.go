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
		b.save("destinations", object{"name": "d", "type": "http", "url": "https://example.com", "secrets": []string{secretOne, secretTwo}})
	}
	chat := b.save("destinations", object{"name": "chat", "type": "discord", "url": token, "headers": object{"x-key": "header-secret"}}).Id
	plain := b.save("destinations", object{"name": "none", "type": "inbox"}).Id
	old := testEnvironment().EncryptionKeys[0]
	before := b.get("destinations", chat)

	keys, err := newKeyring([][]byte{[]byte("abcdef0123456789abcdef0123456789"), old})
	b.must(err)
	s := newVault(keys)
	// One that no key opens must not keep the others from being rotated.
	foreign := sealedPrefix + "00000000:AAAA"
	lost := b.save("sources", object{"name": "lost", "enabled": true, "verification": "none"}).Id
	b.execute("UPDATE sources SET secrets = {:s} WHERE id = {:id}", dbx.Params{"s": `["` + foreign + `"]`, "id": lost})

	version := b.count(selectConfigVersion)
	refused, err := s.rotate(b.app, rotateRequest{Known: []string{"00000000"}, caller: caller{Actor: "operator:o"}}, b.now())
	b.must(err)
	b.equal(refused, rotateAnswer{Refused: true, Key: keys.current, Unreadable: []unreadable{}})
	known := rotateRequest{Known: []string{"00000000", keys.current}, caller: caller{Actor: "operator:o"}}
	answer, err := s.rotate(b.app, known, b.now())
	b.must(err)
	b.equal(answer, rotateAnswer{Key: keys.current, Rotated: 4*rotatePage + 2, Unreadable: []unreadable{{"sources", lost, "lost", "secrets"}}})
	again, err := s.rotate(b.app, known, b.now())
	b.must(err)
	b.equal([]any{again.Rotated, again.Current, len(again.Unreadable)}, []any{0, 4*rotatePage + 2, 1})

	after := b.get("destinations", chat)
	url, err := s.plain(after, "url")
	b.must(err)
	headers, err := s.plain(after, "headers")
	b.must(err)
	b.equal([]string{url[0].text, headers[0].key + headers[0].text}, []string{token, "x-keyheader-secret"})
	b.equal(after.GetString("updated"), before.GetString("updated"))
	b.equal(b.count(selectConfigVersion), version)
	b.equal(b.get("destinations", plain).GetString("secrets"), "null")
	if stored := after.GetString("url"); !strings.HasPrefix(stored, sealedPrefix+keys.current) {
		t.Error(stored)
	}
	// The old key is not needed any more.
	only, err := newKeyring([][]byte{[]byte("abcdef0123456789abcdef0123456789")})
	b.must(err)
	url, err = newVault(only).plain(after, "url")
	b.must(err)
	b.equal(url[0].text, token)
}
