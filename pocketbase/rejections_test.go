package main

import (
	"fmt"
	"strings"
	"testing"
)

func TestRejectionsAreARing(t *testing.T) {
	b := newBench(t)
	for i := range 103 {
		b.must(b.reject(b.source, fmt.Sprint(i), "2026-11-23 12:00:00.000Z"))
	}
	b.must(b.reject("another00000000", "x", "2026-11-20 12:00:00.000Z"))
	b.equal(b.count("SELECT count(*) FROM rejections WHERE source = '"+b.source+"'"), 100)
	b.equal(b.count("SELECT min(CAST(code AS INTEGER)) FROM rejections WHERE source = '"+b.source+"'"), 3)
	b.equal(b.count("SELECT count(*) FROM rejections"), 101)
}

func TestARejectionIsStoredOnceAndItsTextsAreCut(t *testing.T) {
	b := newBench(t)
	one := rejection{
		ID: "rej000000000001", Account: b.account, Source: b.source, Code: "malformed_json", ReceivedAt: "2026-11-23 12:00:00.000Z",
		VerificationFailure: "secret_missing", CorrelationID: "c", Method: "POST", Detail: strings.Repeat("é", 3000), ContentType: strings.Repeat("x", 3000), BodyBytes: 7,
	}
	for range 2 {
		answer, err := b.queue.reject(one)
		b.must(err)
		b.equal(answer.ConfigVersion, b.count(selectConfigVersion))
	}
	stored := b.get("rejections", one.ID)
	b.equal([]any{b.count("SELECT count(*) FROM rejections"), len([]rune(stored.GetString("detail"))), len(stored.GetString("content_type"))}, []any{1, 2000, 1000})
	for _, field := range stored.Collection().Fields {
		if stored.GetString(field.GetName()) == "" {
			t.Errorf("%s was not stored", field.GetName())
		}
	}
	for _, wrong := range []rejection{{}, {ID: one.ID, Account: "x", Source: b.source, ReceivedAt: one.ReceivedAt}, {ID: one.ID, Account: b.account, Source: b.source}} {
		if _, err := b.queue.reject(wrong); err == nil {
			t.Errorf("%+v was stored", wrong)
		}
	}
}
