package edits_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pockethook/internal/access"
	"pockethook/internal/audit"
	"pockethook/internal/queue"
	"pockethook/internal/replay"
	. "pockethook/internal/testkit"
)

type auditRow struct {
	Account, Actor, Via, Action, Subject, Detail string
	Correlation                                  string `db:"correlation_id"`
}

func auditOf(b *Bench, subject string) (rows []auditRow) {
	b.Helper()
	b.Must(b.App.DB().NewQuery("SELECT account, actor, via, correlation_id, action, subject, detail FROM audit WHERE subject = {:s} ORDER BY rowid").
		Bind(Object{"s": subject}).All(&rows))
	return rows
}

const sourcesPath = "/api/collections/sources/records"

func TestWhatPeopleChangeInTheDashboardIsAudited(t *testing.T) {
	s := Serve(t)
	status, body := s.Call(s.Operator, "POST", sourcesPath, Object{
		"name": "stripe", "verification": "github", "enabled": true, "secrets": []string{"canary-secret-aaaa"},
	})
	s.Equal(status, 200)
	id := Decoded(body).(Object)["id"].(string)
	long := `"` + strings.Repeat("ö", 3000) + `"`
	for _, change := range []Object{
		{"enabled": false, "secrets": []string{"canary-secret-bbbb"}}, {"enabled": false}, {"event_type": long}, {"verification": "nonsense"},
	} {
		s.Call(s.Operator, "PATCH", sourcesPath+"/"+id, change)
	}
	s.Call(s.Operator, "DELETE", sourcesPath+"/"+id, nil)
	rows := auditOf(s.Bench, id)
	s.Equal(len(rows), 4) // nothing for what changed nothing, nothing for what was refused
	for i, action := range []string{"source.create", "source.update", "source.update", "source.delete"} {
		s.Equal(rows[i].Actor+" "+rows[i].Via+" "+rows[i].Action, "operator:operator@example.com dashboard "+action)
		s.Equal(rows[i].Account, s.Account)
	}
	s.Equal(Decoded(rows[1].Detail), Object{"name": "stripe", "changes": Object{
		"enabled": Object{"from": true, "to": false},
		"secrets": Object{"from": []any{"••••aaaa"}, "to": []any{"••••bbbb"}},
	}})
	if len(rows[2].Detail) > 5000 || !strings.Contains(rows[2].Detail, "bytes in all") {
		t.Errorf("%d bytes for a long value", len(rows[2].Detail))
	}
}

func TestEveryKindThatPeopleChangeIsAuditedWithoutItsSecrets(t *testing.T) {
	s := Serve(t)
	var operator struct{ ID string }
	s.Must(s.App.DB().NewQuery("SELECT id FROM _superusers").One(&operator))
	account := s.Save("accounts", Object{"name": "acme"}).Id
	kinds := []struct {
		collection, kind string
		fields, change   Object
	}{
		{"accounts", "account", Object{"name": "other"}, Object{"name": "another"}},
		{"users", "user", Object{
			"email": "u@example.com", "password": "canary-password-1", "passwordConfirm": "canary-password-1", "account": account, "role": "viewer",
		}, Object{"role": "admin", "password": "canary-password-2", "passwordConfirm": "canary-password-2"}},
		{"api_keys", "api_key", Object{
			"name": "ci", "prefix": "phk_abcdefgh", "hash": "canary-hash", "role": "viewer", "account": account,
		}, Object{"name": "cd"}},
		{"_superusers", "operator", Object{
			"email": "second@example.com", "password": "canary-password-3", "passwordConfirm": "canary-password-3",
		}, Object{"email": "third@example.com"}},
		{"destinations", "destination", Object{
			"name": "d", "type": "discord", "url": "https://discord.com/api/webhooks/1/canary-token-canary-token", "enabled": true,
			"account": account, "headers": Object{"authorization": "canary-header"},
		}, Object{"enabled": false, "headers": Object{"authorization": "canary-header-2"}}},
	}
	for _, k := range kinds {
		path := "/api/collections/" + k.collection + "/records"
		status, body := s.Call(s.Operator, "POST", path, k.fields)
		if status != 200 {
			t.Fatalf("%s: %s", k.kind, body)
		}
		id := Decoded(body).(Object)["id"].(string)
		if status, body := s.Call(s.Operator, "PATCH", path+"/"+id, k.change); status != 200 {
			t.Fatalf("%s: %s", k.kind, body)
		}
		s.Call(s.Operator, "DELETE", path+"/"+id, nil)
		rows := auditOf(s.Bench, id)
		actions := ""
		for _, row := range rows {
			actions += row.Action + " "
			if strings.Contains(row.Detail, "canary") {
				t.Errorf("a secret in %s", row.Detail)
			}
		}
		last := map[bool]string{true: "revoke", false: "delete"}[k.kind == "api_key"]
		s.Equal(actions, fmt.Sprintf("%[1]s.create %[1]s.update %[1]s.%[2]s ", k.kind, last))
		// An operator belongs to no account; an account to itself.
		want := account
		if k.kind == "operator" {
			want = ""
		} else if k.kind == "account" {
			want = id
		}
		s.Equal(rows[0].Account, want)
	}
	_, err := s.App.NonconcurrentDB().NewQuery("PRAGMA wal_checkpoint(TRUNCATE)").Execute()
	s.Must(err)
	file, err := os.ReadFile(filepath.Join(s.App.DataDir(), "data.db"))
	s.Must(err)
	for _, canary := range []string{"canary-password", "canary-token", "canary-header"} {
		if bytes.Contains(file, []byte(canary)) {
			t.Errorf("%s is in the database", canary)
		}
	}
}

func TestWhatIsDeletedAlongIsAuditedToo(t *testing.T) {
	s := Serve(t)
	d := s.Destination(nil)
	m := s.Save("mappings", Object{"name": "m", "source": s.Source, "destination": d}).Id
	if status, body := s.Call(s.Operator, "DELETE", "/api/collections/destinations/records/"+d, nil); status != 204 {
		t.Fatal(body)
	}
	rows := auditOf(s.Bench, m)
	s.Equal(len(rows), 1)
	s.Equal(rows[0].Actor+" "+rows[0].Action, "operator:operator@example.com mapping.delete")
}

func TestUsersReadTheAuditOfTheirAccountAsAdminsOnly(t *testing.T) {
	s := Serve(t)
	admin, viewer := s.User(s.Account, "admin@example.com"), s.User(s.Account, "viewer@example.com")
	s.Execute("UPDATE users SET role = 'viewer' WHERE email = 'viewer@example.com'", nil)
	s.Execute("INSERT INTO audit (id, account, actor, action) VALUES ('aud', {:a}, 'd', 'x'), ('all', '', 'd', 'secret-of-all')", Object{"a": s.Account})
	for name, token := range map[string]string{"admin": admin, "viewer": viewer, "nobody": ""} {
		_, body := s.Call(token, "GET", "/api/collections/audit/records", nil)
		if strings.Contains(body, "secret-of-all") || strings.Contains(body, `"aud"`) != (name == "admin") {
			t.Errorf("%s: %s", name, body)
		}
	}
}

func TestTheSameRequestChangesSomethingOnce(t *testing.T) {
	s := Serve(t)
	source := Object{"name": "once", "verification": "none"}
	status, first := s.OnBehalf(Ada("a", "1"), "POST", sourcesPath, source)
	s.Equal(status, 200)
	id := first["id"].(string)
	for range 3 {
		status, again := s.OnBehalf(Ada("a", "1"), "POST", sourcesPath+"?fields=id,name", source)
		s.Equal(status, 200)
		s.Equal(again, Object{"id": id, "repeated": true})
	}
	status, _ = s.OnBehalf(Ada("a", "2"), "POST", sourcesPath, Object{"name": "another", "verification": "none"})
	s.Equal(status, 422)
	s.Equal(s.Count("SELECT count(*) FROM sources WHERE name IN ('once', 'another')"), 1)

	status, _ = s.OnBehalf(Ada("b", "3"), "DELETE", sourcesPath+"/"+id, nil)
	s.Equal(status, 204)
	status, again := s.OnBehalf(Ada("b", "3"), "DELETE", sourcesPath+"/"+id, nil)
	s.Equal(status, 200)
	s.Equal(again, Object{"id": id, "repeated": true})
	rows := auditOf(s.Bench, id)
	s.Equal(len(rows), 2)
	s.Equal(rows[0].Actor+" "+rows[0].Via+" "+rows[0].Correlation, "user:ada@example.com cli c-1")
	// What was refused may be sent again, corrected, with the same key.
	status, _ = s.OnBehalf(Ada("c", "4"), "POST", sourcesPath, Object{"name": "NOT A SLUG"})
	s.Equal(status, 400)
	status, _ = s.OnBehalf(Ada("c", "5"), "POST", sourcesPath, Object{"name": "a-slug", "verification": "none"})
	s.Equal(status, 200)
}

func TestTheSameRequestAtTheSameTimeChangesSomethingOnce(t *testing.T) {
	s := Serve(t)
	var wait sync.WaitGroup
	ids := make([]any, 20)
	for i := range ids {
		wait.Go(func() {
			_, answer := s.OnBehalf(Ada("a", "1"), "POST", "/api/collections/destinations/records", Object{
				"name": "d", "type": "http", "url": "https://example.com/", "enabled": true,
			})
			ids[i] = answer["id"]
		})
	}
	wait.Wait()
	for _, id := range ids {
		s.Equal(id, ids[0])
	}
	s.Equal(s.Count("SELECT count(*) FROM destinations"), 1)
}

func TestNobodyButTheServiceSpeaksForOthers(t *testing.T) {
	s := Serve(t)
	for range 2 { // and no key of theirs hides a change
		status, _ := s.WithCaller(s.Operator, Ada("a", "1"), "PATCH", sourcesPath+"/"+s.Source, Object{"enabled": !s.Get("sources", s.Source).GetBool("enabled")})
		s.Equal(status, 200)
	}
	rows := auditOf(s.Bench, s.Source)
	s.Equal(len(rows), 2)
	for _, row := range rows {
		s.Equal(row.Actor+" "+row.Via+" "+row.Correlation, "operator:operator@example.com dashboard ")
	}
	user := s.User(s.Account, "ada@example.com")
	if status, _ := s.WithCaller(user, Ada("b", "2"), "PATCH", sourcesPath+"/"+s.Source, Object{"enabled": false}); status < 400 {
		t.Error("a user writes")
	}
	_, second := s.Call(s.Operator, "POST", "/api/collections/_superusers/records", Object{
		"id": access.ServiceAccountID, "email": "b@example.com", "password": "correct horse", "passwordConfirm": "correct horse",
	})
	namesake := s.Login("_superusers", "b@example.com", "correct horse")
	if status, _ := s.WithCaller(namesake, Ada("c", "3"), "PATCH", sourcesPath+"/"+s.Source, Object{"enabled": false}); status == 200 {
		s.Equal(auditOf(s.Bench, s.Source)[2].Actor, "operator:b@example.com")
	} else {
		t.Error(second)
	}
}

func TestACallerMovesInTheirAccountOnly(t *testing.T) {
	s := Serve(t)
	other := s.Save("accounts", Object{"name": "other"}).Id
	by := Ada("a", "1")
	by.Scope = other
	for _, method := range []string{"PATCH", "DELETE"} {
		status, _ := s.OnBehalf(by, method, sourcesPath+"/"+s.Source, Object{"enabled": false})
		s.Equal(status, 404)
	}
	s.Equal(s.Get("sources", s.Source).GetBool("enabled"), true)
}

func TestCommandsOfTheSameRequestChangeSomethingOnce(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	id := b.Enqueue(d)[0]
	cancel := queue.CommandRequest{Delivery: id, Command: "cancel", Caller: Ada("a", "1")}
	for range 2 {
		answer, err := b.Queue.Command(cancel)
		b.Must(err)
		b.Equal(answer.Status+" "+answer.State, "done cancelled")
	}
	b.Equal(len(auditOf(b, id)), 1)
	cancel.Once.Fingerprint = strings.Repeat("2", 64)
	if _, err := b.Queue.Command(cancel); err != audit.ErrKeyReused {
		t.Errorf("%v", err)
	}
	job := b.ReplayJob("job000000000001")
	job.Once = Ada("c", "3").Once
	_, err := replay.New(b.Store).Create(job)
	b.Must(err)
	job.ID = "job000000000002"
	answer, err := replay.New(b.Store).Create(job)
	b.Must(err)
	b.Equal(answer, replay.Answer{Repeated: true, Status: "created", ID: "job000000000001"})
	b.Equal(b.Count("SELECT count(*) FROM replays"), 1)
}

func TestKeysAreForgottenAfterADay(t *testing.T) {
	b := NewBench(t)
	o := Ada("a", "1").Once
	db := b.App.NonconcurrentDB()
	b.Must(o.Remember(db, b.Now(), map[string]string{"id": "x"}))
	b.Time = b.Time.Add(audit.OnceKept)
	known, err := o.Recall(db, b.Now(), &map[string]any{})
	b.Must(err)
	b.Equal(known, false)
	b.Must(o.Remember(db, b.Now(), map[string]string{"id": "y"}))
	b.Equal(b.Count("SELECT count(*) FROM idempotency_keys"), 1)
}
