package main

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"strings"
	"testing"
)

func TestRoutesAreForSuperusers(t *testing.T) {
	s := serve(t)
	user := s.User(s.Account, "user@example.com")
	for _, path := range []string{"GET /config", "GET /stats", "POST /probe", "POST /accept", "POST /claim", "POST /settle", "POST /retain", "POST /rotate", "GET /migrations", "POST /command",
		"POST /rejection", "POST /starter", "POST /login"} {
		method, route, _ := strings.Cut(path, " ")
		for token, want := range map[string]int{"": 401, user: 403} {
			if status, body := s.Call(token, method, "/api/pockethook"+route, object{}); status != want {
				t.Errorf("%s: %d %s", path, status, body)
			}
		}
	}
}

func TestJourneyOverHTTP(t *testing.T) {
	s := serve(t)
	d := s.Destination(object{"secrets": []string{secretOne}})
	post := func(route string, body any) string {
		status, answer := s.Call(s.Operator, "POST", "/api/pockethook"+route, body)
		if status != 200 {
			t.Fatalf("%s: %d %s", route, status, answer)
		}
		return answer
	}
	event, planned := s.Event(nil), s.Planned(d, object{"lease": true})
	version := s.Count(selectConfigVersion)
	s.Equal(decoded(post("/accept", object{"owner": "a", "lease_ms": leaseMs, "items": []object{item(event, planned)}})), object{
		"config_version": version, "results": []object{{"status": "accepted", "seq": 1, "leased": []any{planned["id"]}}},
	})
	s.Equal(decoded(post("/claim", object{"owner": "a", "lease_ms": leaseMs, "limit": 5, "per_destination": 3})), object{
		"config_version": version, "deliveries": []any{}, "next_due_in_ms": nil, "reclaimed": 0, "dead": 0, "expired": 0,
	})
	s.Equal(decoded(post("/settle", object{"owner": "a", "results": []object{{
		"delivery": planned["id"], "lease_token": 1, "next": object{"state": "delivered", "retry_in_ms": 0, "used_try": true},
		"attempt": object{
			"id": "att000000000001", "number": 1, "started_at": "2026-11-23 12:00:00.000Z", "duration_ms": 1.5, "status": 204,
			"outcome": "success", "error": "", "response_headers": object{}, "response_body": "",
		},
	}}})), object{"config_version": version, "results": []object{{"status": "settled"}}})
	s.Equal(decoded(post("/command", object{"delivery": planned["id"], "command": "retry", "actor": "operator:a"})),
		object{"config_version": version, "status": "refused", "state": "delivered"})
	_, stats := s.Call(s.Operator, "GET", "/api/pockethook/stats", nil)
	s.Equal(decoded(stats), object{"config_version": version, "depth": object{"pending": 0, "delivering": 0, "held": 0}, "oldest_due_ms": 0,
		"destinations": object{"open": 0, "half_open": 0, "paused": 0, "disabled": 0}})
}

func TestWhatWasAcceptedCanBeRead(t *testing.T) {
	s := serve(t)
	event := s.Event(object{"body": "nul \x00, \u2028 and é"})
	items := strings.Replace(string(raw([]object{item(event)})), `"extracted":{}`, `"extracted":{"lone":"\ud800","big":12345678901234567890,"a":1,"a":2}`, 1)
	status, answer := s.Call(s.Operator, "POST", "/api/pockethook/accept", jsontext.Value(`{"owner":"a","lease_ms":30000,"items":`+items+`}`))
	if status != 200 || !strings.Contains(answer, `"accepted"`) {
		t.Fatalf("%d %s", status, answer)
	}
	for _, path := range []string{"", "/" + event["id"].(string)} {
		status, answer = s.Call(s.Operator, "GET", "/api/collections/events/records"+path, nil)
		if status != 200 || !strings.Contains(answer, "12345678901234567890") {
			t.Errorf("%d %s", status, answer)
		}
	}
	_, body := s.Call(s.Operator, "GET", "/api/collections/event_bodies/records/"+event["id"].(string), nil)
	s.Equal(decoded(body).(object)["body"], event["body"])
}

func TestConfigIsRaw(t *testing.T) {
	s := serve(t)
	d := s.Destination(object{"secrets": []string{secretOne}, "retry_schedule": []string{"5s"}, "timeout_ms": 500})
	m := s.Save("mappings", object{"name": "m", "source": s.Source, "destination": d, "enabled": true, "template": object{"a": "{{ body.a }}"}})
	_, body := s.Call(s.Operator, "GET", "/api/pockethook/config", nil)
	var config configurationAnswer
	s.Must(json.Unmarshal([]byte(body), &config))
	s.Equal(config.Schema, newestMigration(t))
	s.Equal(config.ConfigVersion, s.Count(selectConfigVersion))
	destination := config.Destinations[0]
	s.Equal([]any{destination["enabled"], destination["timeout_ms"], destination["retry_schedule"], destination["headers"], destination["account"]},
		[]any{true, 500, []string{"5s"}, nil, s.Account})
	s.Equal(config.Mappings[0]["template"], object{"a": "{{ body.a }}"})
	s.Equal(config.Mappings[0]["id"], m.Id)
	if text := string(raw(destination["secrets"])); !strings.Contains(text, sealedPrefix) || strings.Contains(body, secretOne) {
		t.Errorf("secrets are %s", text)
	}
}

func TestOneMalformedRecordCostsNoOther(t *testing.T) {
	s := serve(t)
	d := s.Destination(nil)
	for field, damage := range map[string]string{
		"headers": "'{garbage'", "retry_schedule": "x'c328'", "enabled": "'perhaps'", "timeout_ms": "'soon'", "rate_limit": "9e999", "name": "x'ff'",
	} {
		bad := s.Destination(nil)
		s.Execute("UPDATE destinations SET "+field+" = "+damage+" WHERE id = '"+bad+"'", nil)
		status, body := s.Call(s.Operator, "GET", "/api/pockethook/config", nil)
		var config configurationAnswer
		if err := json.Unmarshal([]byte(body), &config); status != 200 || err != nil {
			t.Fatalf("%s: %d %s %v", field, status, body, err)
		}
		for _, record := range config.Destinations {
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

func TestBadRequestsTellNothingOfTheInside(t *testing.T) {
	s := serve(t)
	for path, body := range map[string]any{
		"/accept": object{"owner": "a", "lease_ms": leaseMs, "items": "none"}, "/claim": object{"owner": "", "lease_ms": 1, "limit": 1},
		"/settle": object{"owner": "a", "results": "none"}, "/command": object{"command": "drop"},
	} {
		status, answer := s.Call(s.Operator, "POST", "/api/pockethook"+path, body)
		if status != 400 || strings.Contains(answer, ".go") || strings.Contains(answer, "SQL") || strings.Contains(answer, "jsontext") {
			t.Errorf("%s: %d %s", path, status, answer)
		}
	}
	status, answer := s.Call(s.Operator, "POST", "/api/pockethook/accept", object{"owner": strings.Repeat("x", bodyLimit)})
	if status != 413 {
		t.Errorf("%d %s", status, answer)
	}
}
