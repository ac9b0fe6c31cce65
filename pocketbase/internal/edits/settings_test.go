package edits_test

import (
	"strings"
	"testing"

	. "pockethook/internal/testkit"
)

func TestSettingsAndTokensForOthersAreAudited(t *testing.T) {
	s := Serve(t)
	s.User(s.Account, "user@example.com")
	user, err := s.App.FindAuthRecordByEmail("users", "user@example.com")
	s.Must(err)
	rowsOf := func(action string) (rows []auditRow) {
		s.Must(s.App.DB().NewQuery("SELECT account, actor, via, action, subject, detail FROM audit WHERE action = {:a} ORDER BY rowid").
			Bind(Object{"a": action}).All(&rows))
		return rows
	}
	for _, settings := range []Object{
		{"smtp": Object{"enabled": true, "host": "mail.example.com", "port": 25, "password": "canary-password"}},
		{"meta": Object{"appName": "Ours"}},
		{"meta": Object{"appName": "Ours"}}, // changes nothing
		{"logs": Object{"maxDays": -1}},     // refused
	} {
		s.Call(s.Operator, "PATCH", "/api/settings", settings)
	}
	rows := rowsOf("settings.update")
	s.Equal(len(rows), 2)
	s.Equal(rows[1].Detail, `{"changes":{"meta.appName":{"from":"Pockethook","to":"Ours"}}}`)
	for _, part := range []string{`"smtp.host":{"from":"smtp.example.com","to":"mail.example.com"}`, `"smtp.password":{"from":"••••","to":"••••"}`} {
		if !strings.Contains(rows[0].Detail, part) || strings.Contains(rows[0].Detail, "canary") {
			t.Errorf("%s", rows[0].Detail)
		}
	}
	s.Equal(rows[0].Actor+" "+rows[0].Via+" "+rows[0].Account, "operator:operator@example.com dashboard ")

	if status, body := s.Call(s.Operator, "POST", "/api/collections/users/impersonate/"+user.Id, Object{"duration": 60}); status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	made := rowsOf("user.impersonate")
	s.Equal(len(made), 1)
	s.Equal([]string{made[0].Actor, made[0].Subject, made[0].Account}, []string{"operator:operator@example.com", user.Id, s.Account})
}
