package main

import (
	"strings"
	"testing"
	"time"
)

func TestEveryCollectionIsWrittenByPeopleOrByRoutes(t *testing.T) {
	b := newBench(t)
	all, err := b.app.FindAllCollections()
	b.must(err)
	known := map[string]bool{}
	for _, name := range append(append([]string{}, writtenByPeople...), writtenByRoutes...) {
		known[name] = true
	}
	for _, collection := range all {
		if !collection.System && !known[collection.Name] {
			t.Errorf("say in read_only.go who writes %s", collection.Name)
		}
		delete(known, collection.Name)
	}
	b.equal(len(known), 0)
}

// writeHistory is one row in each collection that only routes write.
func writeHistory(s *service) {
	s.Helper()
	d := s.destination(nil)
	planned := s.planned(d, nil)
	items := object{"owner": "a", "lease_ms": leaseMs, "items": []object{item(s.event(nil), planned)}}
	if status, body := s.call(s.operator, "POST", "/api/pockethook/accept", items); status != 200 {
		s.Fatal(body)
	}
	for _, query := range []string{
		"INSERT INTO attempts (id, account, delivery, outcome, started_at) VALUES ('att000000000001', {:a}, 'd', 'retry', '2026-11-23 12:00:00.000Z')",
		"INSERT INTO audit (id, account, actor, action) VALUES ('aud000000000001', {:a}, 'd', 'retry')",
		"INSERT INTO rejections (id, account, source, code) VALUES ('rej000000000001', {:a}, 's', 'x')",
		"INSERT INTO destination_health (id, account, state) VALUES ('" + d + "', {:a}, 'open')",
		"INSERT INTO replays (id, account, state, actor, mode) VALUES ('rep000000000001', {:a}, 'pending', 'a', 'current')",
	} {
		s.execute(query, object{"a": s.account})
	}
}

func recordsOf(s *service, collection string) string {
	s.Helper()
	_, rows := s.call(s.operator, "GET", "/api/collections/"+collection+"/records?perPage=100", nil)
	return rows
}

func TestNobodyEditsWhatRoutesWrite(t *testing.T) {
	s := serve(t)
	writeHistory(s)
	settings := s.app.Settings()
	settings.Batch.Enabled = true
	s.must(s.app.Save(settings))
	for _, name := range writtenByRoutes {
		before := recordsOf(s, name)
		record := decoded(before).(object)["items"].([]any)[0].(object)
		collection, err := s.app.FindCollectionByNameOrId(name)
		s.must(err)
		fresh := object{}
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
				"batch": {"POST", "/api/batch", object{"requests": []object{
					{"method": "PATCH", "url": "/api/collections/sources/records/" + s.source, "body": object{"enabled": false}},
					{"method": "DELETE", "url": path + "/" + record["id"].(string)},
				}}},
			} {
				status, answer := s.call(s.operator, request[0].(string), request[1].(string), request[2])
				if status < 400 || !strings.Contains(answer, name+" can't be edited") && !strings.Contains(strings.ToLower(answer), name+" can't be edited") {
					t.Errorf("%s %s: %d %s", what, name, status, answer)
				}
			}
		}
		s.equal(recordsOf(s, name), before)
	}
	s.equal(s.get("sources", s.source).GetBool("enabled"), true)
}

func TestSchemaIsChangedByMigrationsOnly(t *testing.T) {
	s := serve(t)
	_, before := s.call(s.operator, "GET", "/api/collections?perPage=200", nil)
	for _, name := range append(append([]string{}, writtenByPeople...), writtenByRoutes...) {
		collection, err := s.app.FindCollectionByNameOrId(name)
		s.must(err)
		for _, called := range []string{name, collection.Id, strings.ToUpper(name)} {
			for _, request := range [][2]any{
				{"PATCH", object{"listRule": ""}}, {"PATCH", object{"name": "renamed"}}, {"PATCH", object{"id": "another00000000", "name": "renamed"}},
				{"PATCH", object{"fields": []object{}}}, {"DELETE", nil},
			} {
				status, answer := s.call(s.operator, request[0].(string), "/api/collections/"+called, request[1])
				if status != 403 || !strings.Contains(answer, "migrations only") {
					t.Errorf("%s %s %v: %d %s", request[0], called, request[1], status, answer)
				}
			}
		}
	}
	status, answer := s.call(s.operator, "PUT", "/api/collections/import", object{"collections": []object{{"name": "mine", "type": "base"}}, "deleteMissing": true})
	if status != 403 || !strings.Contains(answer, "migrations only") {
		t.Errorf("import: %d %s", status, answer)
	}
	_, after := s.call(s.operator, "GET", "/api/collections?perPage=200", nil)
	s.equal(after, before)

	// An operator's own are their own.
	for _, request := range [][3]any{
		{"POST", "/api/collections", object{"name": "mine", "type": "base"}}, {"PATCH", "/api/collections/mine", object{"listRule": ""}}, {"DELETE", "/api/collections/mine", nil},
	} {
		if status, answer := s.call(s.operator, request[0].(string), request[1].(string), request[2]); status >= 300 {
			t.Errorf("%v: %d %s", request, status, answer)
		}
	}
}

func TestNoSQLFromTheDashboard(t *testing.T) {
	s := serve(t)
	for _, query := range []string{"DELETE FROM meta", "WITH x AS (SELECT 1) DELETE FROM meta", "SELECT hash FROM api_keys"} {
		status, answer := s.call(s.operator, "POST", "/api/sql", object{"query": query})
		if status != 403 || !strings.Contains(answer, "SQL console is off") {
			t.Errorf("%s: %d %s", query, status, answer)
		}
	}
}

func TestMetaHealsAtEachStart(t *testing.T) {
	b := newBench(t)
	d := b.destination(nil)
	b.enqueue(d)
	position := b.count("SELECT value FROM meta WHERE key = 'seq'")
	told := b.count(selectConfigVersion)
	for _, damage := range []string{"SELECT 1", "DELETE FROM meta", "UPDATE meta SET value = 0", "UPDATE meta SET value = 'text'"} {
		b.execute(damage, nil)
		b.time = b.time.Add(time.Second)
		b.must(healMeta(b.app, b.now()))
		version := b.count(selectConfigVersion)
		if version <= told {
			t.Errorf("after %s the version is %d, and %d was told before", damage, version, told)
		}
		told = version
		b.enqueue(d)
		next := b.count("SELECT value FROM meta WHERE key = 'seq'")
		if next <= position {
			t.Errorf("after %s the position is %d, and %d was given before", damage, next, position)
		}
		position = next
	}
	// A clock that was set back.
	b.must(healMeta(b.app, time.Unix(0, 0)))
	b.equal(b.count(selectConfigVersion), told+1)
}

func TestADeleteThatIsRefusedHasDeletedNothing(t *testing.T) {
	s := serve(t)
	s.execute("DELETE FROM meta", nil)
	status, answer := s.call(s.operator, "DELETE", "/api/collections/sources/records/"+s.source, nil)
	left := s.count("SELECT count(*) FROM sources")
	if (status < 300) != (left == 0) {
		t.Errorf("%d %s, and %d are left", status, answer, left)
	}
	account := s.save("accounts", object{"name": "other"}).Id
	s.save("sources", object{"name": "theirs", "account": account, "enabled": true, "verification": "none"})
	status, answer = s.call(s.operator, "DELETE", "/api/collections/accounts/records/"+account, nil)
	if left = s.count("SELECT count(*) FROM accounts"); (status < 300) != (left == 1) {
		t.Errorf("%d %s, and %d are left", status, answer, left)
	}
}
