package edits_test

import (
	"encoding/json/v2"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	. "pockethook/internal/testkit"
)

func TestTheDashboardListsWhatNeedsAHandAndWhyEventsWentWhere(t *testing.T) {
	s := Serve(t)
	d := s.Destination(Object{"name": "ill"})
	s.Destination(Object{"name": "well"})
	s.Execute("INSERT INTO destination_health (id, account, state, failures, failing_since) VALUES ({:id}, {:account}, 'closed', 3, '2026-11-23 12:00:00.000Z')",
		Object{"id": d, "account": s.Account})
	decisions := []any{
		Object{"mapping": "m", "destination": d, "outcome": "filtered", "clause": "body.n > 1"},
		Object{"mapping": "n", "destination": d, "outcome": "disabled"},
	}
	made := s.Event(Object{"decisions": decisions, "type": "order"})
	s.Equal(s.Accept(Item(made))[0].Status, "accepted")
	list := func(token, collection string) (int, []any) {
		status, text := s.Call(token, "GET", "/api/collections/"+collection+"/records", nil)
		items, _ := Decoded(text).(Object)["items"].([]any)
		return status, items
	}
	_, failing := list(s.Operator, "failing_destinations")
	s.Equal(len(failing), 1)
	one := failing[0].(Object)
	s.Equal([]any{one["id"], one["name"], one["failures"], one["account"]}, []any{d, "ill", 3, s.Account})
	_, decided := list(s.Operator, "recent_decisions")
	s.Equal(len(decided), 2)
	first := decided[slices.IndexFunc(decided, func(d any) bool { return d.(Object)["mapping"] == "m" })].(Object)
	s.Equal([]any{first["event"], first["type"], first["destination"], first["outcome"], first["why"]}, []any{made["id"], "order", d, "filtered", "body.n > 1"})
	status, _ := list(s.User(s.Account, "ada@example.com"), "recent_decisions")
	s.Equal(status, 403)
	status, _ = s.Call(s.Operator, "PATCH", "/api/collections/recent_decisions", Object{"viewQuery": "SELECT id FROM events"})
	s.Equal(status, 403)
}

// A new field is in this test without anybody's doing.
func TestEveryFieldSaysWhatItIs(t *testing.T) {
	b := NewBench(t)
	collections, err := b.App.FindAllCollections()
	b.Must(err)
	for _, collection := range collections {
		if collection.System || collection.Type == core.CollectionTypeView {
			continue
		}
		for _, field := range collection.Fields {
			var shown struct {
				Help string `json:"help"`
			}
			b.Must(json.Unmarshal(Raw(field), &shown, json.MatchCaseInsensitiveNames(true)))
			if !field.GetSystem() && field.Type() != core.FieldTypeAutodate && strings.TrimSpace(shown.Help) == "" {
				t.Errorf("%s.%s has no help text", collection.Name, field.GetName())
			}
		}
	}
}
