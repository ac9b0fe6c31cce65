// Package rules says which kinds of configuration records there are, and what each may be. A kind has a file of its own
// (mapping.go is a short one); everything that holds for all of them goes by the list of kinds.
package rules

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/secrets"
	"pockethook/internal/store"
)

// Kind describes one kind of configuration record: a collection that people edit and that accounts own. Each has the fields
// `account`, `name` and `enabled`. The API service has the same description (api/src/kinds); tests/shared/kinds.json holds
// both to it.
type Kind struct {
	Collection string
	// Singular is how the audit calls one of them.
	Singular string
	// View is the part of the configuration that its records are read with.
	View store.View
	// OneNameEverywhere is why no two accounts have a name in common; empty: names are unique in an account.
	OneNameEverywhere string
	// NameFrom is the field that a record is named by if it was given no name; it has a check of its own. Empty: none.
	NameFrom string
	// Within is the field that names the record which this one belongs to: names are unique there, and the account is its
	// account. Empty: the record stands by itself.
	Within string
	// Tidy brings the fields into the form in which they are kept, before they are checked; nil: as they come.
	Tidy func(record *core.Record)
	// Secrets are the fields that are encrypted at rest and masked everywhere else.
	Secrets []secrets.Field
	// Expressions are the fields with expressions, which the API's own code checks; the largest stands last.
	Expressions []string
	// References are the fields that name other records, with their collections. They belong to the same account.
	References map[string]string
	// AuditedApart are the fields whose edits have rows of their own in the audit.
	AuditedApart []string
	// Check adds what else is wrong with a record; nil: nothing can be.
	Check func(s save, p problems) error
}

// save is what a kind's check looks at.
type save struct {
	app    core.App
	record *core.Record
	vault  *secrets.Vault
	urls   URLs
}

// Kinds are all of them, each after those that it refers to.
var Kinds = []Kind{Sources, Destinations, Mappings, Sites, Goals, Triggers}

// Collections are those of all kinds.
func Collections() []string {
	names := make([]string, len(Kinds))
	for i, kind := range Kinds {
		names[i] = kind.Collection
	}
	return names
}

// KindOf is false for a collection of no kind.
func KindOf(collection string) (Kind, bool) {
	i := slices.IndexFunc(Kinds, func(k Kind) bool { return k.Collection == collection })
	if i < 0 {
		return Kind{}, false
	}
	return Kinds[i], true
}

// SecretFields are those of all kinds.
func SecretFields() secrets.Fields {
	fields := secrets.Fields{}
	for _, kind := range Kinds {
		if len(kind.Secrets) > 0 {
			fields[kind.Collection] = kind.Secrets
		}
	}
	return fields
}
