package access_test

import (
	"testing"

	"pockethook/internal/access"
	. "pockethook/internal/testkit"
)

func TestRevokedTokensAreWorthless(t *testing.T) {
	s := Serve(t)
	user := s.User(s.Account, "user@example.com")
	operators, err := s.App.FindAuthRecordByEmail("_superusers", "operator@example.com")
	s.Must(err)
	// Who has a copy of the database can make this by themselves.
	forged, err := operators.NewAuthToken()
	s.Must(err)
	for _, token := range []string{s.Operator, user, forged} {
		if status, body := s.Call(token, "GET", "/api/collections/sources/records/"+s.Source, nil); status != 200 {
			t.Fatalf("%d %s", status, body)
		}
	}
	count, err := access.RevokeTokens(s.App)
	s.Must(err)
	s.Equal(count, 2)
	for _, token := range []string{s.Operator, user, forged} {
		if status, _ := s.Call(token, "GET", "/api/collections/sources/records/"+s.Source, nil); status == 200 {
			t.Error("a revoked token is accepted")
		}
	}
	again := s.Login("_superusers", "operator@example.com", "correct horse")
	if status, body := s.Call(again, "GET", "/api/collections/sources/records/"+s.Source, nil); status != 200 {
		t.Errorf("%d %s", status, body)
	}
}
