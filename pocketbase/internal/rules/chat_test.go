package rules_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	. "pockethook/internal/testkit"
)

func TestOlderVersionHoldsWhatIsForAChatThatItDoesNotKnow(t *testing.T) {
	const url = "https://hooks.slack.com/services/T0/B0/slack-token-abcd"
	b := NewBench(t)
	slack := b.Destination(Object{"type": "slack", "url": url})
	plain := b.Destination(nil)
	waiting := b.Enqueue(slack, plain)

	runner := core.NewMigrationsRunner(b.App, core.AppMigrations)
	after := 0
	for _, migration := range core.AppMigrations.Items() {
		if migration.File >= "1795431630_chat_destinations.js" {
			after++
		}
	}
	_, err := runner.Down(after)
	b.Must(err)

	record := b.Get("destinations", slack)
	b.Equal([]any{record.GetString("type"), record.GetBool("enabled")}, []any{"discord", false})
	b.Equal(record.GetString("disabled_reason"), "Its type, slack, is unknown to this version.")
	b.Equal(b.Opened("destinations", slack, "url"), []string{url})
	b.Equal(b.Get("destinations", plain).GetString("type"), "http")
	b.Equal([]string{b.State(waiting[0]), b.State(waiting[1])}, []string{"held", "pending"})
}
