package main

import (
	"errors"
	"testing"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
)

const (
	secretOne = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
	secretTwo = "whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="
)

// fieldOf returns the message at a field of a refused save, "" if the save went through or the field is fine.
func fieldOf(err error, field string) string {
	var all validation.Errors
	if errors.As(err, &all) && all[field] != nil {
		return all[field].Error()
	}
	return ""
}

func (b *bench) Opened(collection, id, field string) []string {
	b.Helper()
	keys, err := newKeyring(testEnvironment().EncryptionKeys)
	b.Must(err)
	entries, err := newVault(keys).Plain(b.Get(collection, id), field)
	b.Must(err)
	var texts []string
	for _, entry := range entries {
		texts = append(texts, entry.Key+entry.Text)
	}
	return texts
}

// Shown is a record as the API answers it.
func (b *bench) Shown(collection, id string) *core.Record {
	b.Helper()
	record := b.Get(collection, id)
	event := &core.RecordEnrichEvent{App: b.App, RequestInfo: &core.RequestInfo{}}
	event.Record = record
	b.Must(b.App.OnRecordEnrich().Trigger(event, func(*core.RecordEnrichEvent) error { return nil }))
	return record
}

func (b *bench) TryUpdate(collection, id string, fields object) error {
	b.Helper()
	record := b.Get(collection, id)
	record.Load(fields)
	return b.App.Save(record)
}

const otherKey = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

func mustKeyring(t *testing.T, key string) *keyring {
	t.Helper()
	ring, err := newKeyring([][]byte{[]byte(key)})
	if err != nil {
		t.Fatal(err)
	}
	return ring
}
