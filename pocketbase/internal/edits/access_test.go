package edits_test

import (
	"encoding/json/v2"
	"strings"
	"testing"

	"pockethook/internal/secrets"
	. "pockethook/internal/testkit"
)

func TestUsersSeeTheirAccountAndWriteNothing(t *testing.T) {
	s := Serve(t)
	other := s.Save("accounts", Object{"name": "other"}).Id
	ours, theirs := s.User(s.Account, "ours@example.com"), s.User(other, "theirs@example.com")
	d := s.Destination(Object{"secrets": []string{SecretOne}, "headers": Object{"authorization": "Bearer header-secret"}})
	s.Save("mappings", Object{"name": "m", "source": s.Source, "destination": d})
	planned := s.Planned(d, Object{"lease": true})
	items := Object{"owner": "a", "lease_ms": LeaseMs, "items": []Object{Item(s.Event(nil), planned)}}
	s.Call(s.Operator, "POST", "/api/pockethook/accept", items)
	s.Execute("INSERT INTO attempts (id, account, delivery, outcome) VALUES ('att', {:a}, 'd', 'retry')", Object{"a": s.Account})
	s.Execute("DELETE FROM audit", nil) // the logins
	s.Execute("INSERT INTO audit (id, account, actor, action) VALUES ('aud', {:a}, 'd', 'retry')", Object{"a": s.Account})
	s.Execute("INSERT INTO rejections (id, account, source, code) VALUES ('rej', {:a}, 's', 'x')", Object{"a": s.Account})

	collections := []string{"accounts", "sources", "destinations", "mappings", "events", "event_bodies", "deliveries", "attempts", "rejections", "audit"}
	for _, collection := range collections {
		path := "/api/collections/" + collection + "/records"
		_, own := s.Call(ours, "GET", path, nil)
		_, foreign := s.Call(theirs, "GET", path, nil)
		_, anonymous := s.Call("", "GET", path, nil)
		if !strings.Contains(own, `"totalItems":1`) {
			t.Errorf("%s is hidden from its own account: %s", collection, own)
		}
		for _, secret := range []string{"source-secret", "whsec_", "header-secret", secrets.SealedPrefix} {
			_, all := s.Call(s.Operator, "GET", path, nil)
			if strings.Contains(own+all, secret) {
				t.Errorf("%s shows %s", collection, secret)
			}
		}
		// The other account sees itself only.
		if want := map[bool]string{true: `"totalItems":1`, false: `"totalItems":0`}[collection == "accounts"]; !strings.Contains(foreign, want) || strings.Contains(foreign, s.Account) {
			t.Errorf("%s is shown to another account: %s", collection, foreign)
		}
		if strings.Contains(anonymous, s.Account) {
			t.Errorf("%s is shown to anybody: %s", collection, anonymous)
		}
		var list struct {
			Items []struct {
				ID string `json:"id"`
			} `json:"items"`
		}
		s.Must(json.Unmarshal([]byte(own), &list))
		record := path + "/" + list.Items[0].ID
		for request, want := range map[string][2]string{"create": {"POST", path}, "update": {"PATCH", record}, "delete": {"DELETE", record}} {
			if status, answer := s.Call(ours, want[0], want[1], Object{"name": "mine", "account": s.Account}); status < 400 {
				t.Errorf("a user may %s %s: %s", request, collection, answer)
			}
		}
		if status, _ := s.Call(theirs, "GET", record, nil); status != 404 {
			t.Errorf("%s: %d for one record of another account", collection, status)
		}
	}
	if status, body := s.Call(ours, "GET", "/api/collections/meta/records", nil); status < 400 {
		t.Errorf("meta is shown: %s", body)
	}
	_, users := s.Call(ours, "GET", "/api/collections/users/records", nil)
	if !strings.Contains(users, `"totalItems":1`) || strings.Contains(users, "theirs") {
		t.Errorf("users: %s", users)
	}
	if status, _ := s.Call("", "POST", "/api/collections/users/records", Object{
		"email": "new@example.com", "password": "correct horse", "passwordConfirm": "correct horse", "account": s.Account, "role": "admin",
	}); status < 400 {
		t.Error("anybody can sign up")
	}
}

func TestWritesAnswerMasks(t *testing.T) {
	s := Serve(t)
	path := "/api/collections/destinations/records"
	status, created := s.Call(s.Operator, "POST", path, Object{"name": "d", "type": "http", "url": "https://example.com", "enabled": true, "secrets": []string{SecretOne}})
	if status != 200 || strings.Contains(created, "whsec_") || strings.Contains(created, secrets.SealedPrefix) || !strings.Contains(created, "••••ZWY=") {
		t.Fatalf("%d %s", status, created)
	}
	record := Decoded(created).(Object)
	s.Equal(record["account"], s.Account)
	status, updated := s.Call(s.Operator, "PATCH", path+"/"+record["id"].(string), record)
	if status != 200 || !strings.Contains(updated, "••••ZWY=") || strings.Contains(updated, secrets.SealedPrefix) {
		t.Fatalf("%d %s", status, updated)
	}
	s.Equal(s.Opened("destinations", record["id"].(string), "secrets"), []string{SecretOne})
	status, refused := s.Call(s.Operator, "PATCH", path+"/"+record["id"].(string), Object{"url": "http://10.0.0.1/x"})
	if status != 400 || !strings.Contains(refused, "not a public address") {
		t.Errorf("%d %s", status, refused)
	}
	// Through a mapping that is expanded as well.
	s.Save("mappings", Object{"name": "m", "source": s.Source, "destination": record["id"]})
	_, expanded := s.Call(s.Operator, "GET", "/api/collections/mappings/records?expand=destination,source", nil)
	if !strings.Contains(expanded, "••••ZWY=") || strings.Contains(expanded, secrets.SealedPrefix) {
		t.Errorf("expanded: %s", expanded)
	}
}

// Ciphertext tells nothing by itself, but nobody should be able to ask for it piece by piece.
func TestUsersCantAskForCiphertext(t *testing.T) {
	s := Serve(t)
	user := s.User(s.Account, "user@example.com")
	chat := s.Save("destinations", Object{
		"name": "d", "type": "discord", "url": "https://discord.com/api/webhooks/1/secret-token-abcd", "enabled": true,
		"secrets": []string{SecretOne}, "headers": Object{"authorization": "Bearer header-secret"},
	}).Id
	s.Save("mappings", Object{"name": "m", "source": s.Source, "destination": chat, "enabled": true})
	for collection, fields := range map[string][]string{
		"sources":      {"secrets"},
		"destinations": {"secrets", "headers", "url"},
		"mappings": {
			"source.secrets", "destination.secrets", "destination.headers", "destination.url",
			"source.mappings_via_source.destination.url", "account.destinations_via_account.url", "account.sources_via_account.secrets",
		},
		"accounts": {"sources_via_account.secrets", "destinations_via_account.headers", "destinations_via_account.url"},
		"users":    {"account.sources_via_account.secrets", "account.destinations_via_account.url"},
		"events":   {"@collection.destinations.url", "@collection.sources.secrets", "@request.auth.account.destinations_via_account.url"},
	} {
		path := "/api/collections/" + collection + "/records"
		for _, field := range fields {
			for _, query := range []string{
				"filter=" + field + "~'enc:v1:'", "filter=" + field + "?~'enc:v1:'", "filter=" + field + ":lower~'enc'",
				"filter=" + field + ":length>0", "filter=" + field + ":each~'enc'", "filter=" + field + "!=''", "filter='a'<" + field,
				"filter=strftime('%25s'," + field + ")!=''", "filter=" + field + ".authorization~'enc'", "filter=" + field + ".0~'enc'",
				"sort=" + field, "sort=-" + field + ".0",
			} {
				status, answer := s.Call(user, "GET", path+"?"+strings.ReplaceAll(query, " ", "%20"), nil)
				if status == 200 && !strings.HasPrefix(query, "sort=") && strings.Contains(answer, `"totalItems":1`) || strings.Contains(answer, "enc:v1") {
					t.Errorf("%s?%s: %d %s", collection, query, status, answer)
				}
				if status == 200 {
					t.Errorf("%s?%s is answered: %s", collection, query, answer)
				}
			}
		}
		_, answer := s.Call(user, "GET", path+"?expand=source,destination,destinations_via_account,sources_via_account,account.destinations_via_account&fields=*,secrets,headers,url,expand.*", nil)
		if strings.Contains(answer, "enc:v1") || strings.Contains(answer, "secret-token") || strings.Contains(answer, "••••") {
			t.Errorf("%s expanded: %s", collection, answer)
		}
	}
	// Operators, and the API with their rights, see the masks.
	_, answer := s.Call(s.Operator, "GET", "/api/collections/destinations/records/"+chat, nil)
	if !strings.Contains(answer, "https://discord.com/api/webhooks/1/••••abcd") {
		t.Error(answer)
	}
}
