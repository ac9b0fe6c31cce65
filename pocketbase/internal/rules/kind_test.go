package rules_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/rules"
	"pockethook/internal/testfiles"
	. "pockethook/internal/testkit"
)

// described is a kind as tests/shared/kinds.json has it.
type described struct {
	Collection, Singular, View, Within string
	NameFrom                           string `json:"name_from"`
	Secrets, References                map[string]string
	Expressions                        []string
}

// TestSharedKinds holds the kinds to the table that tests/unit/kinds/kinds.test.ts holds those of the API service to.
func TestSharedKinds(t *testing.T) {
	var shared struct{ Kinds []described }
	testfiles.SharedCases(t, "kinds.json", &shared)
	b := NewBench(t)
	var ours []described
	for _, kind := range rules.Kinds {
		all := described{kind.Collection, kind.Singular, kind.View.Name, kind.Within, kind.NameFrom, map[string]string{}, map[string]string{}, append([]string{}, kind.Expressions...)}
		for _, field := range kind.Secrets {
			all.Secrets[field.Name] = field.Form
		}
		for field, collection := range kind.References {
			all.References[field] = collection
		}
		ours = append(ours, all)
	}
	b.Equal(ours, shared.Kinds)
}

// TestKindsFitTheirCollections: what a kind says of its fields, and what is said of all kinds, holds in the database.
func TestKindsFitTheirCollections(t *testing.T) {
	b := NewBench(t)
	for _, kind := range rules.Kinds {
		collection, err := b.App.FindCollectionByNameOrId(kind.Collection)
		b.Must(err)
		typeOf := func(name string) string {
			if field := collection.Fields.GetByName(name); field != nil {
				return field.Type()
			}
			return "missing"
		}
		for name, wanted := range map[string]string{"account": "relation", "name": "text", "enabled": "bool", "created": "autodate", "updated": "autodate"} {
			b.Equal([]string{kind.Collection, name, typeOf(name)}, []string{kind.Collection, name, wanted})
		}
		for _, field := range kind.Secrets {
			// Hidden: users can neither filter nor sort by it.
			hidden := typeOf(field.Name) != "missing" && collection.Fields.GetByName(field.Name).GetHidden()
			b.Equal([]any{kind.Collection, field.Name, hidden}, []any{kind.Collection, field.Name, true})
		}
		for _, name := range kind.Expressions {
			b.Equal([]any{kind.Collection, name, typeOf(name) == "missing"}, []any{kind.Collection, name, false})
		}
		for name, other := range kind.References {
			relation, isRelation := collection.Fields.GetByName(name).(*core.RelationField)
			if !isRelation {
				t.Fatalf("%s.%s is no relation", kind.Collection, name)
			}
			to, err := b.App.FindCollectionByNameOrId(relation.CollectionId)
			b.Must(err)
			b.Equal(to.Name, other)
		}
		// Users see their own account's, and write nothing.
		const own = "account = @request.auth.account"
		b.Equal([]any{collection.ListRule, collection.ViewRule, collection.CreateRule, collection.UpdateRule, collection.DeleteRule}, []any{own, own, nil, nil, nil})
	}
}
