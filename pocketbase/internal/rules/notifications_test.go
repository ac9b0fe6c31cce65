package rules_test

import (
	"strings"
	"testing"

	. "pockethook/internal/testkit"
)

// problemOf creates a record and returns what is wrong with a field, "" if nothing is.
func (n notifications) problemOf(collection, field string, fields Object) string {
	n.Helper()
	all := n.valid(collection)
	for name, value := range fields {
		all[name] = value
	}
	_, err := n.TrySave(collection, all)
	if err != nil && FieldOf(err, field) == "" {
		n.Errorf("%s %v: %v", collection, fields, err)
	}
	return FieldOf(err, field)
}

type notifications struct {
	*Bench
	site, goal string
}

func (n notifications) valid(collection string) Object {
	switch collection {
	case "sites":
		return Object{"domain": "new.example", "enabled": true}
	case "goals":
		return Object{"site": n.site, "name": "Another", "event_name": "Another", "enabled": true}
	default:
		return Object{"site": n.site, "name": "Spike", "type": "visitor_spike", "enabled": true, "threshold": 10}
	}
}

func TestNotificationRules(t *testing.T) {
	b := NewBench(t)
	n := notifications{Bench: b}
	n.site = b.Save("sites", n.valid("sites")).Id
	n.goal = b.Save("goals", Object{"site": n.site, "name": "Signup", "event_name": "Signup", "enabled": true}).Id
	other := b.Save("sites", Object{"domain": "other.example", "enabled": true}).Id
	foreign := b.Save("goals", Object{"site": other, "name": "Signup", "event_name": "Signup", "enabled": true}).Id
	goalTrigger := func(more Object) Object {
		fields := Object{"name": "Goal", "type": "goal_completion", "goal": n.goal, "threshold": 0}
		for name, value := range more {
			fields[name] = value
		}
		return fields
	}

	plausible := func(url string) Object {
		return Object{"domain": "f.example", "counted_by": "plausible", "statistics_url": url, "statistics_key": "0123456789abcdef"}
	}
	for _, c := range []struct {
		collection, field string
		fields            Object
		// problem is a part of the message; empty: it can be saved.
		problem string
	}{
		{"sites", "domain", Object{"domain": "new.example"}, "a site already"},
		{"sites", "domain", Object{"domain": "WWW.New.Example"}, "a site already"},
		{"sites", "name", Object{"domain": "d.example", "name": "new.example"}, "another site of this account"},
		{"sites", "name", Object{"domain": "d.example", "name": "a/b"}, "slash"},
		{"sites", "domain", Object{"domain": ""}, "blank"},
		{"sites", "domain", Object{"domain": "https://example.com"}, "without https://"},
		{"sites", "domain", Object{"domain": "example.com/blog"}, "without a path"},
		{"sites", "domain", Object{"domain": "93.184.215.14"}, "not an address"},
		{"sites", "domain", Object{"domain": "exa mple.com"}, "a domain such as"},
		{"sites", "domain", Object{"domain": "-a.example"}, "a domain such as"},
		{"sites", "timezone", Object{"domain": "a.example", "timezone": "Europe/Berlin"}, ""},
		{"sites", "timezone", Object{"domain": "b.example", "timezone": "Europe/Bern"}, "none named"},
		{"sites", "timezone", Object{"domain": "c.example", "timezone": "Local"}, "none named"},
		{"sites", "timezone", Object{"domain": "c.example", "timezone": "Factory"}, "none named"},
		{"sites", "timezone", Object{"domain": "c.example", "timezone": "posixrules"}, "none named"},
		{"sites", "timezone", Object{"domain": "c.example", "timezone": "right/UTC"}, "none named"},
		{"sites", "domain", Object{"domain": "bücher.example"}, ""},

		{"sites", "statistics_key", Object{"domain": "e.example", "counted_by": "plausible"}, "is needed"},
		{"sites", "statistics_key", Object{"domain": "e.example", "counted_by": "plausible", "statistics_key": "a key"}, "the key alone"},
		{"sites", "statistics_key", Object{"domain": "e.example", "statistics_key": "abcdefghijkl"}, "set counted_by"},
		{"sites", "statistics_url", Object{"domain": "e.example", "statistics_url": "https://plausible.io"}, "set counted_by"},
		{"sites", "counted_by", Object{"domain": "e.example", "counted_by": "matomo"}, "matomo"},
		{"sites", "statistics_url", plausible("ftp://plausible.example.com"), "https://"},
		{"sites", "statistics_url", plausible("https://169.254.169.254"), "not a public address"},
		{"sites", "statistics_url", plausible("https://plausible.io?a=b"), "without a query"},
		{"sites", "statistics_url", plausible("https://example.com/plausible/"), ""},

		{"goals", "event_name", Object{"page_path": "/a"}, "one of them only"},
		{"goals", "event_name", Object{"event_name": ""}, "one of them only"},
		{"goals", "event_name", Object{"event_name": "pageview"}, "page_path"},
		{"goals", "event_name", Object{"event_name": " "}, "one of them only"},
		{"goals", "page_path", Object{"event_name": "", "page_path": "/caf%C3%A9"}, "as people read it"},
		{"goals", "page_path", Object{"event_name": "", "page_path": "/100%", "name": "All"}, ""},
		{"goals", "page_path", Object{"event_name": "", "page_path": "**"}, "every page"},
		{"goals", "page_path", Object{"event_name": "", "page_path": "/**"}, "every page"},
		{"goals", "page_path", Object{"event_name": "", "page_path": "/*/**"}, "every page"},
		{"goals", "page_path", Object{"event_name": "", "page_path": "thanks"}, "begin with /"},
		{"goals", "page_path", Object{"event_name": "", "page_path": "/a?b=c"}, "without ?"},
		{"goals", "page_path", Object{"event_name": "", "page_path": "/app#/done", "name": "Hash"}, ""},
		{"goals", "page_path", Object{"event_name": "", "page_path": "/" + strings.Repeat("*a", 11)}, "more than 10"},
		{"goals", "page_path", Object{"event_name": "", "page_path": "/blog/**", "name": "Blog"}, ""},
		{"goals", "currency", Object{"currency": "eur"}, "ISO 4217"},
		{"goals", "currency", Object{"currency": "XYQ"}, "ISO 4217"},
		{"goals", "currency", Object{"currency": "XXX"}, "ISO 4217"},
		{"goals", "currency", Object{"currency": "EUR", "name": "Paid"}, ""},
		{"goals", "currency", Object{"currency": "SLE", "name": "Paid in leones"}, ""},
		{"goals", "props", Object{"props": Object{"a": "1", "b": "2", "c": "3", "d": "4"}}, "up to 3"},
		{"goals", "props", Object{"props": Object{"a": ""}}, "empty"},
		{"goals", "name", Object{"name": "Signup"}, "another goal of this site"},

		{"triggers", "threshold", Object{"threshold": 0}, "at least 1"},
		{"triggers", "relative_threshold", Object{"relative_threshold": 3}, "together"},
		{"triggers", "relative_threshold", Object{"threshold": 0, "relative_threshold": 0.5}, "more than 1"},
		{"triggers", "relative_threshold", Object{"type": "visitor_drop", "threshold": 0, "relative_threshold": 2}, "less than 1"},
		{"triggers", "goal", Object{"goal": n.goal}, "leave it out"},
		{"triggers", "goal", Object{"type": "goal_completion", "threshold": 0}, "needed"},
		{"triggers", "goal", goalTrigger(Object{"goal": foreign}), "another site"},
		{"triggers", "nth", goalTrigger(Object{"notify": "every_nth"}), "at least 2"},
		{"triggers", "threshold", goalTrigger(Object{"threshold": 5}), "see notify"},
		{"triggers", "window", Object{"window": "5"}, "from 1m to 24h"},
		{"triggers", "window", Object{"window": "30s"}, "from 1m to 24h"},
		{"triggers", "window", Object{"window": "3d"}, "from 1m to 24h"},
		{"triggers", "window", Object{"window": "90.5s"}, "whole seconds"},
		{"triggers", "window", Object{"window": "61500ms"}, "whole seconds"},
		{"triggers", "window", Object{"window": "1.5m", "name": "Ninety seconds"}, ""},
		{"triggers", "cooldown", Object{"cooldown": "0s", "name": "Never quiet"}, ""},
		{"triggers", "cooldown", Object{"cooldown": "8d"}, "from 0s to 7d"},
		{"triggers", "expires_after", Object{"expires_after": "5s"}, "from 1m to 7d"},
		{"triggers", "quiet_hours", Object{"quiet_hours": Object{"from": "22:00", "to": "07:00"}, "name": "By day"}, ""},
		{"triggers", "quiet_hours", Object{"quiet_hours": Object{"from": "22:00", "to": "22:00"}}, "two different"},
		{"triggers", "quiet_hours", Object{"quiet_hours": Object{"from": "24:00", "to": "07:00"}}, "two different"},
		{"triggers", "quiet_hours", Object{"quiet_hours": Object{"from": "22:00"}}, "two different"},
		{"triggers", "goal", goalTrigger(nil), ""},
	} {
		problem := n.problemOf(c.collection, c.field, c.fields)
		if (problem == "") != (c.problem == "") || !strings.Contains(problem, c.problem) {
			t.Errorf("%s %v: %q at %s, want %q", c.collection, c.fields, problem, c.field, c.problem)
		}
	}
}

func TestBlanksAroundWhatAGoalComparesAreDropped(t *testing.T) {
	b := NewBench(t)
	site := b.Save("sites", Object{"domain": "new.example", "enabled": true}).Id
	goal := b.Save("goals", Object{"site": site, "name": "Signup", "event_name": " Signup ", "enabled": true})
	b.Equal(goal.GetString("event_name"), "Signup")
}

func TestWhatASiteLeavesOutIsWrittenOut(t *testing.T) {
	b := NewBench(t)
	site := b.Save("sites", Object{"domain": "WWW.Shop.Example", "enabled": true})
	b.Equal([]string{site.GetString("domain"), site.GetString("name"), site.GetString("timezone")}, []string{"shop.example", "shop.example", "UTC"})
}
