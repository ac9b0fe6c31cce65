package secrets

import (
	"encoding/json/v2"
	"errors"
	"maps"
	"slices"

	"github.com/pocketbase/pocketbase/core"
)

// Entry is one secret of a field; the key tells those of a field apart (a header's name).
type Entry struct{ Key, Text string }

// Field says how one field of a collection holds secrets.
type Field struct {
	Name  string
	Read  func(record *core.Record) ([]Entry, error)
	write func(record *core.Record, entries []Entry)
	mask  func(text string) string
	// sealed: whether the field of this record is a secret at all.
	sealed func(record *core.Record) bool
}

// ChatTypes are the types whose URL carries a token; api/src/destinations has a file for each.
var ChatTypes = []string{"discord", "slack", "teams", "telegram", "ntfy"}

// Fields are the fields that hold secrets, by collection.
var Fields = map[string][]Field{
	"sources":      {secretList("secrets")},
	"destinations": {secretList("secrets"), secretHeaders("headers"), secretURL("url")},
}

var (
	errNotAList    = errors.New("must be a list of texts, such as [\"a long secret\"]")
	errNotAHeaders = errors.New("must be an object of texts, such as {\"authorization\": \"Bearer …\"}")
)

func always(*core.Record) bool { return true }

func secretList(name string) Field {
	return Field{
		Name: name, mask: maskSecret, sealed: always,
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

func secretHeaders(name string) Field {
	return Field{
		Name: name, mask: maskSecret, sealed: always,
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

// secretURL: the URL of a chat destination carries its token; any other is no secret.
func secretURL(name string) Field {
	return Field{
		Name: name, mask: maskURL,
		sealed: func(record *core.Record) bool { return slices.Contains(ChatTypes, record.GetString("type")) },
		Read: func(record *core.Record) ([]Entry, error) {
			if text := record.GetString(name); text != "" {
				return []Entry{{Text: text}}, nil
			}
			return nil, nil
		},
		write: func(record *core.Record, entries []Entry) { record.Set(name, entries[0].Text) },
	}
}

// JSONText is the stored JSON; null when there is none, also for the empty text that a form sends.
func JSONText(record *core.Record, name string) string {
	if text := record.GetString(name); text != "" && text != `""` {
		return text
	}
	return "null"
}

// IsUnchanged: the edit leaves the field as it is stored.
func IsUnchanged(record *core.Record, field string) bool {
	return !record.IsNew() && JSONText(record, field) == JSONText(record.Original(), field)
}
