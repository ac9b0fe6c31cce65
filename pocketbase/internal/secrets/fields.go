package secrets

import (
	"encoding/json/v2"
	"errors"
	"maps"
	"slices"

	"github.com/pocketbase/pocketbase/core"
)

// Entry is one secret of a field, with its key: a header's name, or empty.
type Entry struct{ Key, Text string }

// Field describes how a field of a collection stores secrets.
type Field struct {
	Name string
	// Form is list, map or text, as SecretForm in api/src/kinds/kind.ts.
	Form  string
	Read  func(record *core.Record) ([]Entry, error)
	write func(record *core.Record, entries []Entry)
	mask  func(text string) string
	// sealed tells whether the field of this record is a secret at all.
	sealed func(record *core.Record) bool
}

// Change replaces the texts of a field by what change makes of them; a field that can't be read stays as it is.
func (f Field) Change(record *core.Record, change func(text string) string) {
	entries, err := f.Read(record)
	if err != nil {
		return
	}
	changed := false
	for i, entry := range entries {
		entries[i].Text = change(entry.Text)
		changed = changed || entries[i].Text != entry.Text
	}
	if changed {
		f.write(record, entries)
	}
}

// Fields are the fields that hold secrets, by collection.
type Fields map[string][]Field

// collections returns the collections with such fields, in a fixed order.
func (f Fields) collections() []string { return slices.Sorted(maps.Keys(f)) }

var (
	errNotAList    = errors.New("must be a list of texts, such as [\"a long secret\"]")
	errNotAHeaders = errors.New("must be an object of texts, such as {\"authorization\": \"Bearer …\"}")
)

func always(*core.Record) bool { return true }

// List describes a field with a list of secrets.
func List(name string) Field {
	return Field{
		Name: name, Form: "list", mask: maskSecret, sealed: always,
		Read: func(record *core.Record) (entries []Entry, err error) {
			var texts []string
			if json.Unmarshal([]byte(JSONText(record, name)), &texts) != nil {
				return nil, errNotAList
			}
			for _, text := range texts {
				entries = append(entries, Entry{Text: text})
			}
			return entries, nil
		},
		write: func(record *core.Record, entries []Entry) {
			texts := make([]string, len(entries))
			for i, entry := range entries {
				texts[i] = entry.Text
			}
			record.Set(name, texts)
		},
	}
}

// Headers describes a field with secrets by name.
func Headers(name string) Field {
	return Field{
		Name: name, Form: "map", mask: maskSecret, sealed: always,
		Read: func(record *core.Record) (entries []Entry, err error) {
			var headers map[string]string
			if json.Unmarshal([]byte(JSONText(record, name)), &headers) != nil {
				return nil, errNotAHeaders
			}
			for _, header := range slices.Sorted(maps.Keys(headers)) {
				entries = append(entries, Entry{header, headers[header]})
			}
			return entries, nil
		},
		write: func(record *core.Record, entries []Entry) {
			headers := map[string]string{}
			for _, entry := range entries {
				headers[entry.Key] = entry.Text
			}
			record.Set(name, headers)
		},
	}
}

// Text describes a field with one secret.
func Text(name string) Field {
	return Field{Name: name, Form: "text", mask: maskSecret, sealed: always, Read: readText(name), write: writeText(name)}
}

// URL describes a field with a URL, which is secret in the records where it contains a token.
func URL(name string, carriesToken func(record *core.Record) bool) Field {
	return Field{
		Name: name, Form: "text", mask: maskURL, sealed: carriesToken, Read: readText(name), write: writeText(name),
	}
}

func readText(name string) func(record *core.Record) ([]Entry, error) {
	return func(record *core.Record) ([]Entry, error) {
		if text := record.GetString(name); text != "" {
			return []Entry{{Text: text}}, nil
		}
		return nil, nil
	}
}

func writeText(name string) func(record *core.Record, entries []Entry) {
	return func(record *core.Record, entries []Entry) { record.Set(name, entries[0].Text) }
}

// JSONText returns the stored JSON; null if there is none, or if a form sent an empty text.
func JSONText(record *core.Record, name string) string {
	if text := record.GetString(name); text != "" && text != `""` {
		return text
	}
	return "null"
}

// IsUnchanged is true if the edit leaves the field as it is stored.
func IsUnchanged(record *core.Record, field string) bool {
	return !record.IsNew() && JSONText(record, field) == JSONText(record.Original(), field)
}
