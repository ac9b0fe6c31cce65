package edits_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	. "pockethook/internal/testkit"
)

// A new collection is in this test without anybody's doing: its rules must be ones that keep accounts apart.
func TestEveryCollectionKeepsAccountsApart(t *testing.T) {
	b := NewBench(t)
	collections, err := b.App.FindAllCollections()
	b.Must(err)
	apart := map[string]bool{
		"account = @request.auth.account":                                                  true,
		"account != '' && account = @request.auth.account":                                 true,
		"account != '' && account = @request.auth.account && @request.auth.role = 'admin'": true,
	}
	own := map[string]string{"users": "id = @request.auth.id", "accounts": "id = @request.auth.account"}
	for _, collection := range collections {
		if collection.System {
			continue
		}
		for name, rule := range map[string]*string{"list": collection.ListRule, "view": collection.ViewRule} {
			if rule != nil && !apart[*rule] && own[collection.Name] != *rule {
				t.Errorf("%s: the %s rule %q doesn't keep accounts apart", collection.Name, name, *rule)
			}
		}
		for name, rule := range map[string]*string{
			"create": collection.CreateRule, "update": collection.UpdateRule, "delete": collection.DeleteRule, "manage": collection.ManageRule,
		} {
			if rule != nil {
				t.Errorf("%s: the %s rule lets users write", collection.Name, name)
			}
		}
		for _, field := range collection.Fields {
			if field.Type() == core.FieldTypeFile && collection.Name != "users" {
				t.Errorf("%s.%s: files are open to whoever has their address", collection.Name, field.GetName())
			}
		}
	}
}
