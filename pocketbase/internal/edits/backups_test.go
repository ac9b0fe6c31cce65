package edits_test

import (
	"testing"

	. "pockethook/internal/testkit"
)

func TestAuditsBackups(t *testing.T) {
	s := Serve(t)
	for _, one := range []struct {
		method, path string
		body         any
	}{{"POST", "/api/backups", Object{"name": "mine.zip"}}, {"DELETE", "/api/backups/mine.zip", nil}} {
		if status, answer := s.Call(s.Operator, one.method, one.path, one.body); status != 204 {
			t.Fatalf("%d %s", status, answer)
		}
	}
	status, _ := s.Call(s.User(s.Account, "ada@example.com"), "POST", "/api/backups", Object{"name": "theirs.zip"})
	s.Equal(status, 403)
	var rows []struct {
		Action  string `db:"action"`
		Actor   string `db:"actor"`
		Via     string `db:"via"`
		Subject string `db:"subject"`
	}
	s.Must(s.App.DB().NewQuery("SELECT action, actor, via, subject FROM audit WHERE subject_type = 'backup' ORDER BY created").All(&rows))
	s.Equal(rows, []any{
		Object{"Action": "backup.create", "Actor": "operator:operator@example.com", "Via": "dashboard", "Subject": ""},
		Object{"Action": "backup.delete", "Actor": "operator:operator@example.com", "Via": "dashboard", "Subject": "mine.zip"},
	})
}
