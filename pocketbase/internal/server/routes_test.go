package server_test

import (
	"bytes"
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/access"
	"pockethook/internal/configuration"
	"pockethook/internal/secrets"
	"pockethook/internal/server"
	"pockethook/internal/store"
	"pockethook/internal/testfiles"
	. "pockethook/internal/testkit"
)

func TestRoutesAreForSuperusers(t *testing.T) {
	s := Serve(t)
	user := s.User(s.Account, "user@example.com")
	for _, path := range []string{"GET /config", "GET /stats", "POST /probe", "POST /accept", "POST /claim", "POST /settle", "POST /retain", "POST /rotate", "GET /migrations", "POST /command", "POST /command/many",
		"POST /rejection", "POST /changes", "POST /overview", "POST /search", "POST /search/events", "POST /starter", "POST /login"} {
		method, route, _ := strings.Cut(path, " ")
		for token, want := range map[string]int{"": 401, user: 403} {
			if status, body := s.Call(token, method, "/api/pockethook"+route, Object{}); status != want {
				t.Errorf("%s: %d %s", path, status, body)
			}
		}
	}
}

// forBoth runs a check as an operator, who comes through PocketBase's chain, and as the API service, two of whose calls don't.
func forBoth(t *testing.T, check func(t *testing.T, s *Service, caller string)) {
	t.Run("operator", func(t *testing.T) {
		s := Serve(t)
		check(t, s, s.Operator)
	})
	t.Run("API service", func(t *testing.T) {
		token, err := access.ServiceToken(TestEnvironment().EncryptionKeys[0])
		if err != nil {
			t.Fatal(err)
		}
		check(t, Serve(t), access.ServiceScheme+" "+token)
	})
}

func TestJourneyOverHTTP(t *testing.T) { forBoth(t, checkJourneyOverHTTP) }

func checkJourneyOverHTTP(t *testing.T, s *Service, caller string) {
	d := s.Destination(Object{"secrets": []string{SecretOne}})
	post := func(route string, body any) string {
		status, answer := s.Call(caller, "POST", "/api/pockethook"+route, body)
		if status != 200 {
			t.Fatalf("%s: %d %s", route, status, answer)
		}
		return answer
	}
	event, planned := s.Event(nil), s.Planned(d, Object{"lease": true})
	version := s.Count(store.SelectConfigVersion)
	watched := s.Count(`SELECT value FROM meta WHERE key = 'notifications_version'`)
	s.Equal(Decoded(post("/accept", Object{"owner": "a", "lease_ms": LeaseMs, "items": []Object{Item(event, planned)}})), Object{
		"config_version": version, "notifications_version": watched, "results": []Object{{"status": "accepted", "seq": 1, "leased": []any{planned["id"]}}},
	})
	s.Equal(Decoded(post("/claim", Object{"owner": "a", "lease_ms": LeaseMs, "limit": 5, "per_destination": 3})), Object{
		"config_version": version, "notifications_version": watched, "deliveries": []any{}, "next_due_in_ms": nil, "reclaimed": 0, "dead": 0, "expired": 0,
	})
	s.Equal(Decoded(post("/settle", Object{"owner": "a", "results": []Object{{
		"delivery": planned["id"], "lease_token": 1, "next": Object{"state": "delivered", "retry_in_ms": 0, "used_try": true},
		"attempt": Object{
			"id": "att000000000001", "number": 1, "started_at": "2026-11-23 12:00:00.000Z", "duration_ms": 1.5, "status": 204,
			"outcome": "success", "error": "", "response_headers": Object{}, "response_body": "",
		},
	}}})), Object{"config_version": version, "notifications_version": watched, "results": []Object{{"status": "settled"}}})
	s.Equal(Decoded(post("/command", Object{"delivery": planned["id"], "command": "retry", "actor": "operator:a"})),
		Object{"config_version": version, "status": "refused", "state": "delivered"})
	_, stats := s.Call(caller, "GET", "/api/pockethook/stats", nil)
	s.Equal(Decoded(stats), Object{"config_version": version, "depth": Object{"pending": 0, "delivering": 0, "held": 0}, "oldest_due_ms": 0,
		"destinations": Object{"open": 0, "half_open": 0, "paused": 0, "disabled": 0}})
}

func TestWhatWasAcceptedCanBeRead(t *testing.T) { forBoth(t, checkWhatWasAcceptedCanBeRead) }

func checkWhatWasAcceptedCanBeRead(t *testing.T, s *Service, caller string) {
	event := s.Event(Object{"body": "nul \x00, \u2028 and é"})
	items := strings.Replace(string(Raw([]Object{Item(event)})), `"extracted":{}`, `"extracted":{"lone":"\ud800","big":12345678901234567890,"a":1,"a":2}`, 1)
	status, answer := s.Call(caller, "POST", "/api/pockethook/accept", jsontext.Value(`{"owner":"a","lease_ms":30000,"items":`+items+`}`))
	if status != 200 || !strings.Contains(answer, `"accepted"`) {
		t.Fatalf("%d %s", status, answer)
	}
	for _, path := range []string{"", "/" + event["id"].(string)} {
		status, answer = s.Call(caller, "GET", "/api/collections/events/records"+path, nil)
		if status != 200 || !strings.Contains(answer, "12345678901234567890") {
			t.Errorf("%d %s", status, answer)
		}
	}
	_, body := s.Call(caller, "GET", "/api/collections/event_bodies/records/"+event["id"].(string), nil)
	s.Equal(Decoded(body).(Object)["body"], event["body"])
}

func TestConfigIsRaw(t *testing.T) {
	s := Serve(t)
	d := s.Destination(Object{"secrets": []string{SecretOne}, "retry_schedule": []string{"5s"}, "timeout_ms": 500})
	m := s.Save("mappings", Object{"name": "m", "source": s.Source, "destination": d, "enabled": true, "template": Object{"a": "{{ body.a }}"}})
	site := s.Save("sites", Object{"domain": "example.com", "timezone": "UTC", "enabled": true})
	s.Save("triggers", Object{"name": "t", "site": site.Id, "type": "visitor_spike", "threshold": 3, "destinations": []string{d}})
	_, body := s.Call(s.Operator, "GET", "/api/pockethook/config", nil)
	var config configuration.Snapshot
	s.Must(json.Unmarshal([]byte(body), &config))
	s.Equal(config.Schema, testfiles.NewestMigration(t))
	s.Equal(config.ConfigVersion, s.Count(store.SelectConfigVersion))
	destination := config.Records["destinations"][0]
	s.Equal([]any{destination["enabled"], destination["timeout_ms"], destination["retry_schedule"], destination["headers"], destination["account"]},
		[]any{true, 500, []string{"5s"}, nil, s.Account})
	s.Equal(config.Records["mappings"][0]["template"], Object{"a": "{{ body.a }}"})
	s.Equal(config.Records["mappings"][0]["id"], m.Id)
	_, watched := s.Call(s.Operator, "GET", "/api/pockethook/config?view=notifications", nil)
	var notifications configuration.Snapshot
	s.Must(json.Unmarshal([]byte(watched), &notifications))
	s.Equal(notifications.Records["triggers"][0]["destinations"], []string{d})
	if text := string(Raw(destination["secrets"])); !strings.Contains(text, secrets.SealedPrefix) || strings.Contains(body, SecretOne) {
		t.Errorf("secrets are %s", text)
	}
}

func TestOneMalformedRecordCostsNoOther(t *testing.T) {
	s := Serve(t)
	d := s.Destination(nil)
	for field, damage := range map[string]string{
		"headers": "'{garbage'", "retry_schedule": "x'c328'", "enabled": "'perhaps'", "timeout_ms": "'soon'", "rate_limit": "9e999", "name": "x'ff'",
	} {
		bad := s.Destination(nil)
		s.Execute("UPDATE destinations SET "+field+" = "+damage+" WHERE id = '"+bad+"'", nil)
		status, body := s.Call(s.Operator, "GET", "/api/pockethook/config", nil)
		var config configuration.Snapshot
		if err := json.Unmarshal([]byte(body), &config); status != 200 || err != nil {
			t.Fatalf("%s: %d %s %v", field, status, body, err)
		}
		for _, record := range config.Records["destinations"] {
			switch record["id"] {
			case bad:
				s.Equal([]any{record["malformed"], record[field]}, []any{[]string{field}, nil})
			case d:
				s.Equal(record["malformed"], nil)
			}
		}
		if status, answer := s.Call(s.Operator, "GET", "/api/collections/destinations/records", nil); status != 200 {
			t.Errorf("%s: the list answers %d %s", field, status, answer)
		}
		s.Execute("DELETE FROM destinations WHERE id = '"+bad+"'", nil)
	}
}

func TestAChangeWhoseCallerIsGoneIsUndone(t *testing.T) {
	b := NewBench(t)
	id := b.Enqueue(b.Destination(nil))[0]
	caller, leave := context.WithCancel(t.Context())
	send := func() error {
		body := bytes.NewReader(Raw(Object{"delivery": id, "command": "cancel", "actor": "operator:a"}))
		e := &core.RequestEvent{App: b.App}
		e.Request = httptest.NewRequest("POST", "/", body).WithContext(caller)
		_, err := server.CommandFor(b.Queue)(e)
		return err
	}
	leave()
	if send() == nil {
		t.Error("it says that it was done")
	}
	b.Equal(b.State(id), "pending")
	caller = t.Context()
	b.Must(send())
	b.Equal(b.State(id), "cancelled")
}

func TestBadRequestsTellNothingOfTheInside(t *testing.T) {
	forBoth(t, checkBadRequestsTellNothingOfTheInside)
}

func checkBadRequestsTellNothingOfTheInside(t *testing.T, s *Service, caller string) {
	for path, body := range map[string]any{
		"/accept": Object{"owner": "a", "lease_ms": LeaseMs, "items": "none"}, "/claim": Object{"owner": "", "lease_ms": 1, "limit": 1},
		"/settle": Object{"owner": "a", "results": "none"}, "/command": Object{"command": "drop"}, "/command/many": Object{"command": "retry", "selection": Object{"state": "delivered"}},
	} {
		status, answer := s.Call(caller, "POST", "/api/pockethook"+path, body)
		if status != 400 || strings.Contains(answer, ".go") || strings.Contains(answer, "SQL") || strings.Contains(answer, "jsontext") {
			t.Errorf("%s: %d %s", path, status, answer)
		}
	}
	status, answer := s.Call(caller, "POST", "/api/pockethook/accept", Object{"owner": strings.Repeat("x", server.BodyLimit)})
	if status != 413 {
		t.Errorf("%d %s", status, answer)
	}
}
