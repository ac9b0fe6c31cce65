package queue_test

import (
	"fmt"
	"strings"
	"testing"

	"pockethook/internal/queue"
	"pockethook/internal/store"
	. "pockethook/internal/testkit"
)

func TestRejectionsAreARing(t *testing.T) {
	b := NewBench(t)
	for i := range 103 {
		b.Must(b.Reject(b.Source, fmt.Sprint(i), "2026-11-23 12:00:00.000Z"))
	}
	b.Must(b.Reject("another00000000", "x", "2026-11-20 12:00:00.000Z"))
	b.Equal(b.Count("SELECT count(*) FROM rejections WHERE source = '"+b.Source+"'"), 100)
	b.Equal(b.Count("SELECT min(CAST(code AS INTEGER)) FROM rejections WHERE source = '"+b.Source+"'"), 3)
	b.Equal(b.Count("SELECT count(*) FROM rejections"), 101)
}

func TestARejectionIsStoredOnceAndItsTextsAreCut(t *testing.T) {
	b := NewBench(t)
	one := queue.Rejection{
		ID: "rej000000000001", Account: b.Account, Source: b.Source, Code: "malformed_json", ReceivedAt: "2026-11-23 12:00:00.000Z",
		VerificationFailure: "secret_missing", CorrelationID: "c", Method: "POST", Detail: strings.Repeat("é", 3000), ContentType: strings.Repeat("x", 3000), BodyBytes: 7, BodyExcerpt: `{"a":`,
	}
	for range 2 {
		answer, err := b.Queue.Reject(one)
		b.Must(err)
		b.Equal(answer.ConfigVersion, b.Count(store.SelectConfigVersion))
	}
	stored := b.Get("rejections", one.ID)
	b.Equal([]any{b.Count("SELECT count(*) FROM rejections"), len([]rune(stored.GetString("detail"))), len(stored.GetString("content_type"))}, []any{1, 2000, 1000})
	for _, field := range stored.Collection().Fields {
		if stored.GetString(field.GetName()) == "" {
			t.Errorf("%s was not stored", field.GetName())
		}
	}
	for _, wrong := range []queue.Rejection{{}, {ID: one.ID, Account: "x", Source: b.Source, ReceivedAt: one.ReceivedAt}, {ID: one.ID, Account: b.Account, Source: b.Source}} {
		if _, err := b.Queue.Reject(wrong); err == nil {
			t.Errorf("%+v was stored", wrong)
		}
	}
}
