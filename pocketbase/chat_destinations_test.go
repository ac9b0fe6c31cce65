package main

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

func TestOlderVersionHoldsWhatIsForAChatThatItDoesNotKnow(t *testing.T) {
	const url = "https://hooks.slack.com/services/T0/B0/slack-token-abcd"
	b := newBench(t)
	slack := b.destination(object{"type": "slack", "url": url})
	plain := b.destination(nil)
	waiting := b.enqueue(slack, plain)

	runner := core.NewMigrationsRunner(b.app, core.AppMigrations)
	after := 0
	for _, migration := range core.AppMigrations.Items() {
		if migration.File >= "1795431630_chat_destinations.js" {
			after++
		}
	}
	_, err := runner.Down(after)
	b.must(err)

	record := b.get("destinations", slack)
	b.equal([]any{record.GetString("type"), record.GetBool("enabled")}, []any{"discord", false})
	b.equal(record.GetString("disabled_reason"), "Its type, slack, is unknown to this version.")
	b.equal(b.opened("destinations", slack, "url"), []string{url})
	b.equal(b.get("destinations", plain).GetString("type"), "http")
	b.equal([]string{b.state(waiting[0]), b.state(waiting[1])}, []string{"held", "pending"})
}
