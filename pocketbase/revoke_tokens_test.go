package main

import "testing"

func TestRevokedTokensAreWorthless(t *testing.T) {
	s := serve(t)
	user := s.user(s.account, "user@example.com")
	operators, err := s.app.FindAuthRecordByEmail("_superusers", "operator@example.com")
	s.must(err)
	// Who has a copy of the database can make this by themselves.
	forged, err := operators.NewAuthToken()
	s.must(err)
	for _, token := range []string{s.operator, user, forged} {
		if status, body := s.call(token, "GET", "/api/collections/sources/records/"+s.source, nil); status != 200 {
			t.Fatalf("%d %s", status, body)
		}
	}
	count, err := revokeTokens(s.app)
	s.must(err)
	s.equal(count, 2)
	for _, token := range []string{s.operator, user, forged} {
		if status, _ := s.call(token, "GET", "/api/collections/sources/records/"+s.source, nil); status == 200 {
			t.Error("a revoked token is accepted")
		}
	}
	again := s.login("_superusers", "operator@example.com", "correct horse")
	if status, body := s.call(again, "GET", "/api/collections/sources/records/"+s.source, nil); status != 200 {
		t.Errorf("%d %s", status, body)
	}
}
