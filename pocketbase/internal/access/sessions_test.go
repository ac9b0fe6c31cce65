package access_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pockethook/internal/access"
	. "pockethook/internal/testkit"
)

// hash stands for the SHA-256 of a token.
func hash(of string) string { return strings.Repeat(of, 64)[:64] }

func logIn(s *Service, email, password string, more Object) (int, string) {
	s.Helper()
	body := Object{"email": email, "password": password, "via": "api", "correlation_id": "c-1"}
	for name, value := range more {
		body[name] = value
	}
	return s.Call(s.Operator, "POST", "/api/pockethook/login", body)
}

func whose(s *Service, session string) any {
	s.Helper()
	status, body := s.Call(s.Operator, "POST", "/api/pockethook/session", Object{"session": hash(session)})
	if status != 200 {
		s.Fatalf("%d %s", status, body)
	}
	person, _ := Decoded(body).(Object)["person"].(Object)
	return person["email"]
}

func TestSessionsOfBrowsers(t *testing.T) {
	s := Serve(t)
	s.User(s.Account, "user@example.com")
	for i, email := range []string{"user@example.com", "operator@example.com"} {
		session := fmt.Sprint(i)
		if status, body := logIn(s, email, "correct horse", Object{"session": hash(session)}); status != 200 {
			t.Fatalf("%d %s", status, body)
		}
		s.Equal(whose(s, session), email)
	}
	if status, _ := logIn(s, "user@example.com", "wrong", Object{"session": hash("2")}); status != 400 {
		t.Errorf("%d", status)
	}
	s.Equal(whose(s, "2"), nil)

	// A login takes the place of the session that the browser had.
	logIn(s, "user@example.com", "correct horse", Object{"session": hash("3"), "replaces": hash("0")})
	s.Equal([]any{whose(s, "0"), whose(s, "3")}, []any{nil, "user@example.com"})

	end := Object{"session": hash("3"), "actor": "user:user@example.com", "via": "api"}
	for range 2 {
		if status, body := s.Call(s.Operator, "POST", "/api/pockethook/session/end", end); status != 200 {
			t.Fatalf("%d %s", status, body)
		}
	}
	s.Equal([]any{whose(s, "3"), whose(s, "1")}, []any{nil, "operator@example.com"})
	for _, path := range []string{"login", "session", "session/end"} {
		if status, _ := s.Call("", "POST", "/api/pockethook/"+path, Object{}); status != 401 {
			t.Errorf("%s is open to anybody: %d", path, status)
		}
		if status, _ := s.Call(s.Operator, "POST", "/api/pockethook/"+path, Object{"session": "not a hash", "actor": "a"}); status != 400 {
			t.Errorf("%s takes what is no hash: %d", path, status)
		}
	}
}

func TestSessionsEndWithTheTokenKeyOfTheirPerson(t *testing.T) {
	s := Serve(t)
	for name, change := range map[string]func(id string){
		"password": func(id string) { s.Update("users", id, Object{"password": "another horse"}) },
		"e-mail":   func(id string) { s.Update("users", id, Object{"email": "new@example.com"}) },
		"revoke-tokens": func(string) {
			_, err := access.RevokeTokens(s.App)
			s.Must(err)
		},
		"deletion": func(id string) { s.Must(s.App.Delete(s.Get("users", id))) },
	} {
		t.Run(name, func(t *testing.T) {
			email := strings.ReplaceAll(name, "-", "") + "@example.com"
			s.User(s.Account, email)
			record, err := s.App.FindAuthRecordByEmail("users", email)
			s.Must(err)
			s.Operator = s.Login("_superusers", "operator@example.com", "correct horse")
			session := fmt.Sprintf("%x", name)
			logIn(s, email, "correct horse", Object{"session": hash(session)})
			s.Equal(whose(s, session), email)
			change(record.Id)
			s.Operator = s.Login("_superusers", "operator@example.com", "correct horse")
			s.Equal(whose(s, session), nil)
		})
	}
}

func TestSessionsRunOut(t *testing.T) {
	b := NewBench(t)
	user := b.Save("users", Object{"email": "user@example.com", "password": "correct horse", "role": "viewer"})
	sessions := access.NewSessions(b.App, b.Now)
	open := func(name string) { b.Must(access.OpenSession(b.App.DB(), b.Now(), user, hash(name))) }
	lives := func(name string) bool {
		answer, err := sessions.Identify(access.SessionRequest{Session: hash(name)})
		b.Must(err)
		return answer.Person != nil
	}
	open("1")
	open("2")
	for range 7 { // seven days with a request every 23 hours or so
		b.Time = b.Time.Add(23 * time.Hour)
		b.Equal(lives("1"), true)
	}
	b.Equal(lives("2"), false)
	b.Time = b.Time.Add(7 * time.Hour)
	b.Equal(lives("1"), false)

	for i := range 60 {
		open(fmt.Sprintf("%02x", i))
		b.Time = b.Time.Add(time.Second)
	}
	b.Equal(b.Count("SELECT count(*) FROM sessions"), 50)
	b.Equal([]bool{lives("09"), lives("0a"), lives("3b")}, []bool{false, true, true})
}

func TestLoginsAreAudited(t *testing.T) {
	s := Serve(t)
	s.User(s.Account, "user@example.com")
	user, err := s.App.FindAuthRecordByEmail("users", "user@example.com")
	s.Must(err)
	s.Execute("DELETE FROM audit", nil)

	logIn(s, "user@example.com", "correct horse", Object{"session": hash("a")})
	logIn(s, "user@example.com", "guessed-secret", nil)
	logIn(s, "nobody@example.com", "guessed-secret", nil)
	logIn(s, "typed-secret", "guessed-secret", nil)
	s.Call(s.Operator, "POST", "/api/pockethook/session/end", Object{"session": hash("a"), "actor": "user:user@example.com", "via": "api"})
	for _, password := range []string{"correct horse", "guessed-secret"} {
		s.Call("", "POST", "/api/collections/users/auth-with-password", Object{"identity": "user@example.com", "password": password})
	}
	s.Call(s.Operator, "POST", "/api/collections/_superusers/auth-refresh", nil)

	var rows []struct {
		Action, Actor, Via, Account, Subject, Detail string
		Type                                         string `db:"subject_type"`
	}
	s.Must(s.App.DB().NewQuery("SELECT * FROM audit ORDER BY rowid").All(&rows))
	lines := []string{}
	for _, row := range rows {
		who := map[string]string{s.Account: "account", "": "all"}[row.Account] + " " + map[string]string{user.Id: "user", "": "-"}[row.Subject]
		lines = append(lines, strings.Join([]string{row.Action, row.Actor, row.Via, who, row.Type, row.Detail}, " | "))
	}
	s.Equal(lines, []string{
		`session.open | user:user@example.com | api | account user | user | {"name":"user@example.com"}`,
		`session.refuse | nobody | api | account user | user | {"name":"user@example.com"}`,
		`session.refuse | nobody | api | all - |  | {"name":"nobody@example.com"}`,
		`session.refuse | nobody | api | all - |  | {"name":""}`,
		`session.end | user:user@example.com | api | account user | user | {"name":"user@example.com"}`,
		`session.open | user:user@example.com | dashboard | account user | user | {"name":"user@example.com"}`,
		`session.refuse | nobody | dashboard | account user | user | {"name":"user@example.com"}`,
	})
	for _, line := range lines {
		if strings.Contains(line, "secret") {
			t.Errorf("a password is shown: %s", line)
		}
	}
}

func TestGuessesDontFillTheAudit(t *testing.T) {
	b := NewBench(t)
	guess := func() {
		for range 600 {
			b.Must(access.NoteRefused(b.App, b.Now(), "nobody@example.com"))
		}
	}
	guess()
	b.Equal(b.Count("SELECT count(*) FROM audit WHERE action = 'session.refuse'"), 500)
	b.Time = b.Time.Add(time.Hour)
	guess()
	b.Equal(b.Count("SELECT count(*) FROM audit WHERE action = 'session.refuse'"), 1000)
}
