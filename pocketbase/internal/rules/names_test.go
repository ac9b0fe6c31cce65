package rules_test

import (
	"strings"
	"testing"

	. "pockethook/internal/testkit"
)

func TestNamesAreUnique(t *testing.T) {
	b := NewBench(t)
	other := b.Save("accounts", Object{"name": "other"}).Id
	destination := b.Destination(Object{"name": "alerts"})
	elsewhere := b.Destination(Object{"name": "alerts", "account": other})
	b.Save("sources", Object{"name": "stripe", "verification": "none", "account": other})
	mapping := Object{"name": "all", "source": b.Source, "destination": destination}
	b.Save("mappings", mapping)
	renamed := b.Destination(Object{"name": "renamed"})

	refused := func(err error, words string) {
		t.Helper()
		if message := FieldOf(err, "name"); !strings.Contains(message, words) {
			t.Errorf("%q lacks %q (%v)", message, words, err)
		}
	}
	_, err := b.TrySave("destinations", Object{"name": "alerts", "type": "inbox"})
	refused(err, "another destination of this account")
	_, err = b.TrySave("mappings", mapping)
	refused(err, "another mapping of this account")
	_, err = b.TrySave("sources", Object{"name": "stripe", "verification": "none"})
	refused(err, "another source already")
	refused(b.TryUpdate("destinations", renamed, Object{"name": "alerts"}), "another destination")
	refused(b.TryUpdate("destinations", renamed, Object{"name": "alerts", "enabled": false}), "another destination")

	b.Must(b.TryUpdate("destinations", elsewhere, Object{"ordered": true}))
	b.Must(b.TryUpdate("destinations", renamed, Object{"name": "Alerts"}))
}
