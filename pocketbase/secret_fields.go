package main

import (
	"encoding/json/v2"
	"errors"
	"maps"
	"slices"

	"github.com/pocketbase/pocketbase/core"
)

// secretEntry is one secret of a field; the key tells those of a field apart (a header's name).
type secretEntry struct{ Key, Text string }

// secretField says how one field of a collection holds secrets.
type secretField struct {
	Name  string
	Read  func(record *core.Record) ([]secretEntry, error)
	write func(record *core.Record, entries []secretEntry)
	mask  func(text string) string
	// sealed: whether the field of this record is a secret at all.
	sealed func(record *core.Record) bool
}

// chatTypes are the types whose URL carries a token; api/src/destinations has a file for each.
var chatTypes = []string{"discord", "slack", "teams", "telegram", "ntfy"}

var secretFields = map[string][]secretField{
	"sources":      {secretList("secrets")},
	"destinations": {secretList("secrets"), secretHeaders("headers"), secretURL("url")},
}

var (
	errNotAList    = errors.New("must be a list of texts, such as [\"a long secret\"]")
	errNotAHeaders = errors.New("must be an object of texts, such as {\"authorization\": \"Bearer …\"}")
)

func always(*core.Record) bool { return true }

func secretList(name string) secretField {
	return secretField{
		Name: name, mask: maskSecret, sealed: always,
		Read: func(record *core.Record) (entries []secretEntry, err error) {
			var texts []string
			if json.Unmarshal([]byte(jsonText(record, name)), &texts) != nil {
				return nil, errNotAList
			}
			for _, text := range texts {
				entries = append(entries, secretEntry{Text: text})
			}
			return entries, nil
		},
		write: func(record *core.Record, entries []secretEntry) {
			texts := make([]string, len(entries))
			for i, entry := range entries {
				texts[i] = entry.Text
			}
			record.Set(name, texts)
		},
	}
}

func secretHeaders(name string) secretField {
	return secretField{
		Name: name, mask: maskSecret, sealed: always,
		Read: func(record *core.Record) (entries []secretEntry, err error) {
			var headers map[string]string
			if json.Unmarshal([]byte(jsonText(record, name)), &headers) != nil {
				return nil, errNotAHeaders
			}
			for _, header := range slices.Sorted(maps.Keys(headers)) {
				entries = append(entries, secretEntry{header, headers[header]})
			}
			return entries, nil
		},
		write: func(record *core.Record, entries []secretEntry) {
			headers := map[string]string{}
			for _, entry := range entries {
				headers[entry.Key] = entry.Text
			}
			record.Set(name, headers)
		},
	}
}

// secretURL: the URL of a chat destination carries its token; any other is no secret.
func secretURL(name string) secretField {
	return secretField{
		Name: name, mask: maskURL,
		sealed: func(record *core.Record) bool { return slices.Contains(chatTypes, record.GetString("type")) },
		Read: func(record *core.Record) ([]secretEntry, error) {
			if text := record.GetString(name); text != "" {
				return []secretEntry{{Text: text}}, nil
			}
			return nil, nil
		},
		write: func(record *core.Record, entries []secretEntry) { record.Set(name, entries[0].Text) },
	}
}

// jsonText is the stored JSON; null when there is none, also for the empty text that a form sends.
func jsonText(record *core.Record, name string) string {
	if text := record.GetString(name); text != "" && text != `""` {
		return text
	}
	return "null"
}

// isUnchanged: the edit leaves the field as it is stored.
func isUnchanged(record *core.Record, field string) bool {
	return !record.IsNew() && jsonText(record, field) == jsonText(record.Original(), field)
}
