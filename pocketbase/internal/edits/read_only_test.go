package edits_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pockethook/internal/edits"
	"pockethook/internal/store"
	. "pockethook/internal/testkit"
)

func TestEveryCollectionIsWrittenByPeopleOrByRoutes(t *testing.T) {
	b := NewBench(t)
	all, err := b.App.FindAllCollections()
	b.Must(err)
	known := map[string]bool{}
	for _, name := range slices.Concat(edits.WrittenByPeople, edits.WrittenByRoutes, edits.Views) {
		known[name] = true
	}
	for _, collection := range all {
		if !collection.System && !known[collection.Name] {
			t.Errorf("say in read_only.go who writes %s", collection.Name)
		}
		delete(known, collection.Name)
	}
	b.Equal(len(known), 0)
}

// writeHistory is one row in each collection that only routes write.
func writeHistory(s *Service) {
	s.Helper()
	d := s.Destination(nil)
	planned := s.Planned(d, nil)
	items := Object{"owner": "a", "lease_ms": LeaseMs, "items": []Object{Item(s.Event(nil), planned)}}
	if status, body := s.Call(s.Operator, "POST", "/api/pockethook/accept", items); status != 200 {
		s.Fatal(body)
	}
	for _, query := range []string{
		"INSERT INTO attempts (id, account, delivery, outcome, started_at) VALUES ('att000000000001', {:a}, 'd', 'retry', '2026-11-23 12:00:00.000Z')",
		"INSERT INTO audit (id, account, actor, action) VALUES ('aud000000000001', {:a}, 'd', 'retry')",
		"INSERT INTO rejections (id, account, source, code) VALUES ('rej000000000001', {:a}, 's', 'x')",
		"INSERT INTO destination_health (id, account, state) VALUES ('" + d + "', {:a}, 'open')",
		"INSERT INTO replays (id, account, state, actor, mode) VALUES ('rep000000000001', {:a}, 'pending', 'a', 'current')",
	} {
		s.Execute(query, Object{"a": s.Account})
	}
}

func recordsOf(s *Service, collection string) string {
	s.Helper()
	_, rows := s.Call(s.Operator, "GET", "/api/collections/"+collection+"/records?perPage=100", nil)
	return rows
}

func TestNobodyEditsWhatRoutesWrite(t *testing.T) {
	s := Serve(t)
	writeHistory(s)
	settings := s.App.Settings()
	settings.Batch.Enabled = true
	s.Must(s.App.Save(settings))
	for _, name := range edits.WrittenByRoutes {
		before := recordsOf(s, name)
		record := Decoded(before).(Object)["items"].([]any)[0].(Object)
		collection, err := s.App.FindCollectionByNameOrId(name)
		s.Must(err)
		fresh := Object{}
		for field, value := range record {
			fresh[field] = value
		}
		delete(fresh, "id")
		for _, called := range []string{name, collection.Id} {
			path := "/api/collections/" + called + "/records"
			for what, request := range map[string][3]any{
				"create":   {"POST", path, fresh},
				"update":   {"PATCH", path + "/" + record["id"].(string), record},
				"delete":   {"DELETE", path + "/" + record["id"].(string), nil},
				"truncate": {"DELETE", "/api/collections/" + called + "/truncate", nil},
				"batch": {"POST", "/api/batch", Object{"requests": []Object{
					{"method": "PATCH", "url": "/api/collections/sources/records/" + s.Source, "body": Object{"enabled": false}},
					{"method": "DELETE", "url": path + "/" + record["id"].(string)},
				}}},
			} {
				status, answer := s.Call(s.Operator, request[0].(string), request[1].(string), request[2])
				if status < 400 || !strings.Contains(answer, name+" can't be edited") && !strings.Contains(strings.ToLower(answer), name+" can't be edited") {
					t.Errorf("%s %s: %d %s", what, name, status, answer)
				}
			}
		}
		s.Equal(recordsOf(s, name), before)
	}
	s.Equal(s.Get("sources", s.Source).GetBool("enabled"), true)
}

func TestSchemaIsChangedByMigrationsOnly(t *testing.T) {
	s := Serve(t)
	_, before := s.Call(s.Operator, "GET", "/api/collections?perPage=200", nil)
	for _, name := range slices.Concat(edits.WrittenByPeople, edits.WrittenByRoutes, edits.Views) {
		collection, err := s.App.FindCollectionByNameOrId(name)
		s.Must(err)
		for _, called := range []string{name, collection.Id, strings.ToUpper(name)} {
			for _, request := range [][2]any{
				{"PATCH", Object{"listRule": ""}}, {"PATCH", Object{"name": "renamed"}}, {"PATCH", Object{"id": "another00000000", "name": "renamed"}},
				{"PATCH", Object{"fields": []Object{}}}, {"DELETE", nil},
			} {
				status, answer := s.Call(s.Operator, request[0].(string), "/api/collections/"+called, request[1])
				if status != 403 || !strings.Contains(answer, "migrations only") {
					t.Errorf("%s %s %v: %d %s", request[0], called, request[1], status, answer)
				}
			}
		}
	}
	status, answer := s.Call(s.Operator, "PUT", "/api/collections/import", Object{"collections": []Object{{"name": "mine", "type": "base"}}, "deleteMissing": true})
	if status != 403 || !strings.Contains(answer, "migrations only") {
		t.Errorf("import: %d %s", status, answer)
	}
	_, after := s.Call(s.Operator, "GET", "/api/collections?perPage=200", nil)
	s.Equal(after, before)

	// An operator's own are their own.
	for _, request := range [][3]any{
		{"POST", "/api/collections", Object{"name": "mine", "type": "base"}}, {"PATCH", "/api/collections/mine", Object{"listRule": ""}}, {"DELETE", "/api/collections/mine", nil},
	} {
		if status, answer := s.Call(s.Operator, request[0].(string), request[1].(string), request[2]); status >= 300 {
			t.Errorf("%v: %d %s", request, status, answer)
		}
	}
}

func TestNoSQLFromTheDashboard(t *testing.T) {
	s := Serve(t)
	for _, query := range []string{"DELETE FROM meta", "WITH x AS (SELECT 1) DELETE FROM meta", "SELECT hash FROM api_keys"} {
		status, answer := s.Call(s.Operator, "POST", "/api/sql", Object{"query": query})
		if status != 403 || !strings.Contains(answer, "SQL console is off") {
			t.Errorf("%s: %d %s", query, status, answer)
		}
	}
}

func TestMetaHealsAtEachStart(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	b.Enqueue(d)
	position := b.Count("SELECT value FROM meta WHERE key = 'seq'")
	told := b.Count(store.SelectConfigVersion)
	for _, damage := range []string{"SELECT 1", "DELETE FROM meta", "UPDATE meta SET value = 0", "UPDATE meta SET value = 'text'"} {
		b.Execute(damage, nil)
		b.Time = b.Time.Add(time.Second)
		b.Must(store.HealMeta(b.App, b.Now()))
		version := b.Count(store.SelectConfigVersion)
		if version <= told {
			t.Errorf("after %s the version is %d, and %d was told before", damage, version, told)
		}
		told = version
		b.Enqueue(d)
		next := b.Count("SELECT value FROM meta WHERE key = 'seq'")
		if next <= position {
			t.Errorf("after %s the position is %d, and %d was given before", damage, next, position)
		}
		position = next
	}
	// A clock that was set back.
	b.Must(store.HealMeta(b.App, time.Unix(0, 0)))
	b.Equal(b.Count(store.SelectConfigVersion), told+1)
}

func TestTheStarterIsNotMadeAgainWhereEventsWereAccepted(t *testing.T) {
	b := NewBench(t)
	marked := func() int {
		b.Must(store.HealMeta(b.App, b.Now()))
		return b.Count("SELECT count(*) FROM meta WHERE key = 'starter'")
	}
	b.Equal(marked(), 0)
	b.Enqueue(b.Destination(nil))
	b.Equal(marked(), 1)
	b.Equal(marked(), 1)
}

func TestADeleteThatIsRefusedHasDeletedNothing(t *testing.T) {
	s := Serve(t)
	s.Execute("DELETE FROM meta", nil)
	status, answer := s.Call(s.Operator, "DELETE", "/api/collections/sources/records/"+s.Source, nil)
	left := s.Count("SELECT count(*) FROM sources")
	if (status < 300) != (left == 0) {
		t.Errorf("%d %s, and %d are left", status, answer, left)
	}
	account := s.Save("accounts", Object{"name": "other"}).Id
	s.Save("sources", Object{"name": "theirs", "account": account, "enabled": true, "verification": "none"})
	status, answer = s.Call(s.Operator, "DELETE", "/api/collections/accounts/records/"+account, nil)
	if left = s.Count("SELECT count(*) FROM accounts"); (status < 300) != (left == 1) {
		t.Errorf("%d %s, and %d are left", status, answer, left)
	}
}
