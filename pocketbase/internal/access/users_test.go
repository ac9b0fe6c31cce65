package access_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/access"
	"pockethook/internal/audit"
	. "pockethook/internal/testkit"
)

const usersPath = "/api/collections/users/records"

func idOf(s *Service, email string) string {
	s.Helper()
	record, err := s.App.FindAuthRecordByEmail("users", email)
	s.Must(err)
	return record.Id
}

func newKey(b *Bench, name, role, madeBy string) string {
	b.Helper()
	fields := Object{"name": name, "prefix": "phk_", "hash": hash(fmt.Sprintf("%x", name)), "role": role, "made_by": madeBy}
	return b.Save("api_keys", fields).Id
}

func TestTheLastAdminStays(t *testing.T) {
	s := Serve(t)
	s.User(s.Account, "one@example.com")
	s.User(s.Account, "two@example.com")
	other := s.Save("accounts", Object{"name": "other"}).Id
	s.User(other, "elsewhere@example.com")
	one, two := idOf(s, "one@example.com"), idOf(s, "two@example.com")
	by := func(key, scope string) audit.Caller {
		caller := Ada(key, key)
		caller.Scope = scope
		return caller
	}
	changes := map[string]func(by audit.Caller, id string) (int, Object){
		"demoted": func(by audit.Caller, id string) (int, Object) {
			return s.OnBehalf(by, "PATCH", usersPath+"/"+id, Object{"role": "viewer"})
		},
		"deactivated": func(by audit.Caller, id string) (int, Object) {
			return s.OnBehalf(by, "PATCH", usersPath+"/"+id, Object{"deactivated": true})
		},
		"removed": func(by audit.Caller, id string) (int, Object) { return s.OnBehalf(by, "DELETE", usersPath+"/"+id, nil) },
	}
	if status, body := changes["demoted"](by("a", s.Account), two); status != 200 {
		t.Fatalf("%d %v: there is another admin", status, body)
	}
	n := 0
	for what, change := range changes {
		n++
		status, body := change(by(fmt.Sprint(n), s.Account), one)
		if text := fmt.Sprint(body); status != 400 || !strings.Contains(text, "last active admin") || !strings.Contains(text, "conflict") {
			t.Errorf("%s: %d %v", what, status, body)
		}
	}
	s.Equal(s.Get("users", one).GetString("role"), "admin")
	// Another account's admins don't count, deactivated ones neither.
	if status, _ := changes["demoted"](by("b", other), one); status != 404 {
		t.Errorf("a user of another account was found: %d", status)
	}
	s.Update("users", two, Object{"role": "admin", "deactivated": true})
	if status, _ := changes["removed"](by("c", s.Account), one); status != 400 {
		t.Errorf("%d", status)
	}
	if status, body := changes["deactivated"](by("d", ""), one); status != 200 {
		t.Errorf("an operator may: %d %v", status, body)
	}
}

func TestWhatEndsWithADeactivation(t *testing.T) {
	s := Serve(t)
	token := s.User(s.Account, "user@example.com")
	id := idOf(s, "user@example.com")
	logIn(s, "user@example.com", "correct horse", Object{"session": hash("a")})
	s.Update("users", id, Object{"link_hash": hash("b"), "link_expires_at": "2999-01-01 00:00:00.000Z"})
	mine, theirs := newKey(s.Bench, "mine", "viewer", id), newKey(s.Bench, "theirs", "viewer", "somebodyelse000")
	s.Execute("DELETE FROM audit", nil)

	if status, body := s.OnBehalf(Ada("a", "a"), "PATCH", usersPath+"/"+id, Object{"deactivated": true}); status != 200 {
		t.Fatalf("%d %v", status, body)
	}
	s.Equal(whose(s, "a"), nil)
	if status, _ := s.Call(token, "POST", "/api/collections/users/auth-refresh", nil); status != 401 {
		t.Errorf("the token is good for more: %d", status)
	}
	for _, log := range []func() (int, string){
		func() (int, string) { return logIn(s, "user@example.com", "correct horse", nil) },
		func() (int, string) {
			return s.Call("", "POST", "/api/collections/users/auth-with-password", Object{"identity": "user@example.com", "password": "correct horse"})
		},
	} {
		if status, body := log(); status != 403 {
			t.Errorf("%d %s", status, body)
		}
	}
	user := s.Get("users", id)
	s.Equal([]string{user.GetString("link_hash"), user.GetString("link_expires_at")}, []string{"", ""})
	if _, err := s.App.FindRecordById("api_keys", mine); err == nil {
		t.Error("a key of the person is left")
	}
	s.Get("api_keys", theirs)
	var rows []string
	s.Must(s.App.DB().NewQuery("SELECT action || ' ' || actor FROM audit ORDER BY rowid").Column(&rows))
	s.Equal(rows, []string{
		"api_key.revoke user:ada@example.com", "user.update user:ada@example.com", "session.refuse nobody", "session.refuse nobody",
	})
}

func TestKeysEndWithWhoMadeThem(t *testing.T) {
	s := Serve(t)
	s.User(s.Account, "user@example.com")
	id := idOf(s, "user@example.com")
	left := func() int { return s.Count("SELECT count(*) FROM api_keys") }
	newKey(s.Bench, "admin", "admin", id)
	newKey(s.Bench, "viewer", "viewer", id)
	newKey(s.Bench, "another", "viewer", "")
	s.Update("users", id, Object{"role": "viewer"})
	s.Equal(left(), 2)
	s.Must(s.App.Delete(s.Get("users", id)))
	s.Equal(left(), 1)

	superusers, err := s.App.FindCollectionByNameOrId("_superusers")
	s.Must(err)
	operator := core.NewRecord(superusers)
	operator.Load(Object{"email": "second@example.com", "password": "correct horse"})
	s.Must(s.App.Save(operator))
	newKey(s.Bench, "operators", "viewer", operator.Id)
	s.Must(s.App.Delete(operator))
	s.Equal(left(), 1)
}

func TestUsersStayInTheirAccount(t *testing.T) {
	b := NewBench(t)
	user := b.Save("users", Object{"email": "user@example.com", "password": "correct horse", "role": "viewer"})
	other := b.Save("accounts", Object{"name": "other"}).Id
	if err := b.TryUpdate("users", user.Id, Object{"account": other}); FieldOf(err, "account") == "" {
		t.Errorf("%v", err)
	}
}

func TestALinkSetsThePasswordOnce(t *testing.T) {
	b := NewBench(t)
	passwords := access.NewPasswords(b.App, b.Now)
	user := b.Save("users", Object{"email": "user@example.com", "password": "nobody knows it", "role": "viewer"})
	link := func(name string) {
		b.Update("users", user.Id, Object{"link_hash": hash(name), "link_expires_at": b.Time.Add(time.Hour)})
	}
	use := func(name, password string) (string, error) {
		answer, err := passwords.UseLink(access.LinkRequest{Link: hash(name), Password: password, Via: "api"})
		return answer.Email, err
	}
	refused := func(name, why string) {
		t.Helper()
		if email, err := use(name, "another password"); err != nil || email != "" {
			t.Errorf("%s: %s %v", why, email, err)
		}
	}
	hasPassword := func(password string) bool { return b.Get("users", user.Id).ValidatePassword(password) }

	link("a")
	refused("b", "unknown")
	link("b")
	refused("a", "revoked by a new one")
	if _, err := use("b", "short"); err == nil {
		t.Error("a bad password was taken")
	}
	email, err := use("b", "a good password")
	b.Must(err)
	b.Equal([]any{email, hasPassword("a good password")}, []any{"user@example.com", true})
	refused("b", "used")

	link("c")
	b.Time = b.Time.Add(time.Hour)
	refused("c", "ran out")
	link("d")
	b.Update("users", user.Id, Object{"password": "set otherwise"})
	refused("d", "the password was changed meanwhile")
	link("e")
	b.Update("users", user.Id, Object{"deactivated": true})
	b.Update("users", user.Id, Object{"deactivated": false})
	refused("e", "deactivated meanwhile")
	b.Equal(hasPassword("set otherwise"), true)
	b.Equal(b.Count("SELECT count(*) FROM audit WHERE action = 'user.update' AND actor = 'user:user@example.com'"), 1)
	b.Equal(b.Count("SELECT count(*) FROM audit WHERE detail LIKE '%password\":{\"from%' AND detail NOT LIKE '%good%'"), 1)
}

func TestPeopleChangeTheirPassword(t *testing.T) {
	s := Serve(t)
	s.User(s.Account, "user@example.com")
	operator, err := s.App.FindAuthRecordByEmail("_superusers", "operator@example.com")
	s.Must(err)
	for email, person := range map[string][2]string{
		"user@example.com": {"users", idOf(s, "user@example.com")}, "operator@example.com": {"_superusers", operator.Id},
	} {
		t.Run(email, func(t *testing.T) {
			old, renewed := fmt.Sprintf("%x1", email), fmt.Sprintf("%x2", email)
			logIn(s, email, "correct horse", Object{"session": hash(old)})
			change := func(current, password string) string {
				token, err := access.ServiceToken(TestEnvironment().EncryptionKeys[0])
				s.Must(err)
				status, body := s.Call(access.ServiceScheme+" "+token, "POST", "/api/pockethook/password/change", Object{
					"collection": person[0], "id": person[1], "current": current, "password": password, "session": hash(renewed),
					"actor": "user:" + email, "via": "api",
				})
				return fmt.Sprint(status, " ", body)
			}
			if answer := change("wrong", "a new password"); !strings.Contains(answer, `200 {"email":""}`) {
				t.Error(answer)
			}
			if answer := change("correct horse", "short"); !strings.HasPrefix(answer, "400") || !strings.Contains(answer, `"password":{`) {
				t.Error(answer)
			}
			if answer := change("correct horse", "a new password"); !strings.Contains(answer, "200") {
				t.Error(answer)
			}
			s.Operator = s.Login("_superusers", "operator@example.com", map[bool]string{true: "a new password", false: "correct horse"}[s.Get("_superusers", operator.Id).ValidatePassword("a new password")])
			s.Equal([]any{whose(s, old), whose(s, renewed)}, []any{nil, email})
		})
	}
}
