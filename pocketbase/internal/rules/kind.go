// Package rules defines the kinds of configuration records and validates them. Each kind has a file of its own (mapping.go
// is the shortest); code for all kinds iterates over the list Kinds.
package rules

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/secrets"
	"pockethook/internal/store"
)

// Kind describes one kind of configuration record: a collection that people edit and that accounts own. Each has the fields
// `account`, `name` and `enabled`. The API service has the same description (api/src/kinds); both are tested against
// tests/shared/kinds.json.
type Kind struct {
	Collection string
	// Singular is the name of one record's kind in the audit log.
	Singular string
	// View is the part of the configuration that its records are read with.
	View store.View
	// OneNameEverywhere is the reason why names are unique across all accounts; empty: names are unique within an account.
	OneNameEverywhere string
	// NameFrom is the field whose value becomes the name if none is given; it is validated by itself. Empty: none.
	NameFrom string
	// Within is the field that refers to the parent record: names are unique within the parent, and the account is the
	// parent's. Empty: there is no parent.
	Within string
	// Tidy normalises the fields before they are checked; nil: nothing to normalise.
	Tidy func(record *core.Record)
	// Secrets are the fields that are encrypted at rest and masked everywhere else.
	Secrets []secrets.Field
	// Expressions are the fields with expressions, which the API's own code checks; a timeout is reported at the last one,
	// so the field with the most goes last.
	Expressions []string
	// References are the fields that refer to other records, with their collections; both must be of the same account.
	References map[string]string
	// AuditedApart are the fields whose edits get audit rows of their own.
	AuditedApart []string
	// Check adds further problems of a record; nil: there are no further rules.
	Check func(s save, p problems) error
}

// save is the input of a kind's check.
type save struct {
	app    core.App
	record *core.Record
	vault  *secrets.Vault
	urls   URLs
	// secrets are the kind's.
	secrets []secrets.Field
}

// Kinds are all kinds, each after those that it refers to.
var Kinds = []Kind{Sources, Destinations, Mappings, Sites, Goals, Triggers}

// Collections returns the collections of all kinds.
func Collections() []string {
	names := make([]string, len(Kinds))
	for i, kind := range Kinds {
		names[i] = kind.Collection
	}
	return names
}

// KindOf returns the kind of a collection; false if it has none.
func KindOf(collection string) (Kind, bool) {
	i := slices.IndexFunc(Kinds, func(k Kind) bool { return k.Collection == collection })
	if i < 0 {
		return Kind{}, false
	}
	return Kinds[i], true
}

// SecretFields returns the secret fields of all kinds.
func SecretFields() secrets.Fields {
	fields := secrets.Fields{}
	for _, kind := range Kinds {
		if len(kind.Secrets) > 0 {
			fields[kind.Collection] = kind.Secrets
		}
	}
	return fields
}
