package access_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/access"
	. "pockethook/internal/testkit"
)

func TestLoginOfOperatorsAndUsers(t *testing.T) {
	s := Serve(t)
	s.User(s.Account, "user@example.com")
	s.User(s.Account, "operator@example.com") // an operator who is a user as well, with the same password
	logIn := func(email, password string) (int, string) {
		return s.Call(s.Operator, "POST", "/api/pockethook/login", Object{"email": email, "password": password})
	}
	for email, collection := range map[string]string{
		"operator@example.com": "_superusers", "user@example.com": "users",
	} {
		status, body := logIn(email, "correct horse")
		answer, _ := Decoded(body).(Object)
		record, _ := answer["record"].(Object)
		if status != 200 || record["collectionName"] != collection {
			t.Fatalf("%s: %d %s", email, status, body)
		}
		if status, body := s.Call(answer["token"].(string), "POST", "/api/collections/"+collection+"/auth-refresh", nil); status != 200 {
			t.Errorf("%s: %d %s", email, status, body)
		}
	}
	_, wrong := logIn("operator@example.com", "wrong")
	for _, email := range []string{"user@example.com", "nobody@example.com", "no address", ""} {
		if status, body := logIn(email, "wrong"); status != 400 || body != wrong {
			t.Errorf("%s: %d %s", email, status, body)
		}
	}
	if status, _ := s.Call("", "POST", "/api/pockethook/login", Object{"email": "operator@example.com", "password": "correct horse"}); status != 401 {
		t.Errorf("anybody may use the route that is not limited: %d", status)
	}
}

func TestLoginHeedsTheRuleOfTheCollection(t *testing.T) {
	s := Serve(t)
	s.User(s.Account, "user@example.com")
	users, err := s.App.FindCollectionByNameOrId("users")
	s.Must(err)
	rule := `role = "viewer"`
	users.AuthRule = &rule
	s.Must(s.App.Save(users))
	status, body := s.Call(s.Operator, "POST", "/api/pockethook/login", Object{"email": "user@example.com", "password": "correct horse"})
	if status != 403 {
		t.Errorf("%d %s", status, body)
	}
}

func TestEveryLoginComparesOnePasswordOfTheSameCost(t *testing.T) {
	s := Serve(t)
	s.User(s.Account, "user@example.com")
	s.User(s.Account, "operator@example.com")
	l := access.NewLogins(s.App, s.Now)
	for _, email := range []string{"operator@example.com", "user@example.com", "nobody@example.com", "no address"} {
		for _, password := range []string{"correct horse", "wrong", "", strings.Repeat("long", 100)} {
			var costs []string
			l.CompareWith(func(record *core.Record, password string) bool {
				stored, _ := record.GetRaw(core.FieldNamePassword).(*core.PasswordFieldValue)
				costs = append(costs, stored.Hash[:7])
				return record.ValidatePassword(password)
			})
			s.Must(l.Try(email, password))
			s.Equal(costs, []string{"$2a$10$"})
		}
	}
}
