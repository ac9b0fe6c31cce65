package testkit

import (
	"errors"
	"testing"

	"pockethook/internal/rules"
	"pockethook/internal/secrets"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
)

const (
	SecretOne = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
	SecretTwo = "whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="
)

// FieldOf returns the message at a field of a refused save, "" if the save went through or the field is fine.
func FieldOf(err error, field string) string {
	var all validation.Errors
	if errors.As(err, &all) && all[field] != nil {
		return all[field].Error()
	}
	return ""
}

func (b *Bench) Opened(collection, id, field string) []string {
	b.Helper()
	keys, err := secrets.NewKeyring(TestEnvironment().EncryptionKeys)
	b.Must(err)
	entries, err := secrets.NewVault(keys, rules.SecretFields()).Plain(b.Get(collection, id), field)
	b.Must(err)
	var texts []string
	for _, entry := range entries {
		texts = append(texts, entry.Key+entry.Text)
	}
	return texts
}

// Shown is a record as the API answers it.
func (b *Bench) Shown(collection, id string) *core.Record {
	b.Helper()
	record := b.Get(collection, id)
	event := &core.RecordEnrichEvent{App: b.App, RequestInfo: &core.RequestInfo{}}
	event.Record = record
	b.Must(b.App.OnRecordEnrich().Trigger(event, func(*core.RecordEnrichEvent) error { return nil }))
	return record
}

func (b *Bench) TryUpdate(collection, id string, fields Object) error {
	b.Helper()
	record := b.Get(collection, id)
	record.Load(fields)
	return b.App.Save(record)
}

const OtherKey = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

func MustKeyring(t *testing.T, key string) *secrets.Keyring {
	t.Helper()
	ring, err := secrets.NewKeyring([][]byte{[]byte(key)})
	if err != nil {
		t.Fatal(err)
	}
	return ring
}
