package access_test

import (
	"strings"
	"testing"

	"pockethook/internal/access"
	. "pockethook/internal/testkit"
)

func tokenOf(t *testing.T, key string) string {
	t.Helper()
	token, err := access.ServiceToken([]byte(key))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// The other side's test has the same pair: tests/unit/store/service-credential.test.ts.
func TestTheServiceTokenIsDerivedFromTheKey(t *testing.T) {
	const token = "db3edb494686a661819b7a2c44abb2182c5602dd92374169d2f30485e2caeb8d"
	if got := tokenOf(t, "0123456789abcdef0123456789abcdef"); got != token {
		t.Error(got)
	}
}

func TestTheAPIServiceIsKnownByAnyOfItsKeys(t *testing.T) {
	s := Serve(t)
	ours, other := tokenOf(t, "0123456789abcdef0123456789abcdef"), tokenOf(t, "another key of thirty-two bytes.")
	for _, credential := range []string{ours, other + "," + ours, ours + ", " + other} {
		for _, path := range []string{"/api/pockethook/stats", "/api/collections/meta/records", "/api/settings"} {
			if status, body := s.Call(access.ServiceScheme+" "+credential, "GET", path, nil); status != 200 {
				t.Errorf("%s: %d %s", path, status, body)
			}
		}
	}
	for _, credential := range []string{"", other, ours[1:], ours + "0", strings.ToUpper(ours), other + "," + other} {
		// Health is for everybody; a service with a wrong key is still told so.
		for _, path := range []string{"/api/pockethook/stats", "/api/collections/sources/records", "/api/health"} {
			status, body := s.Call(access.ServiceScheme+" "+credential, "GET", path, nil)
			if status != 401 || !strings.Contains(body, "service_not_accepted") {
				t.Errorf("%s %s: %d %s", credential, path, status, body)
			}
		}
	}
}

func TestTheAPIServiceIsNoPerson(t *testing.T) {
	s := Serve(t)
	service := access.ServiceScheme + " " + tokenOf(t, "0123456789abcdef0123456789abcdef")
	_, list := s.Call(service, "GET", "/api/collections/_superusers/records", nil)
	s.Equal([]any{Decoded(list).(Object)["totalItems"]}, []any{1})
	for _, call := range []string{
		"GET /api/collections/_superusers/records/", "DELETE /api/collections/_superusers/records/",
		"PATCH /api/collections/_superusers/records/", "POST /api/collections/_superusers/impersonate/",
	} {
		method, path, _ := strings.Cut(call, " ")
		if status, body := s.Call(s.Operator, method, path+access.ServiceAccountID, Object{"password": "another password"}); status != 404 {
			t.Errorf("%s: %d %s", call, status, body)
		}
	}
	_, refreshed := s.Call(service, "POST", "/api/collections/_superusers/auth-refresh", nil)
	if token, _ := Decoded(refreshed).(Object)["token"].(string); token != "" {
		t.Errorf("a token that outlives the key: %s", refreshed)
	}
}

func TestTheAPIServiceIsNotLimitedAsPeopleAre(t *testing.T) {
	s := Serve(t)
	service := access.ServiceScheme + " " + tokenOf(t, "0123456789abcdef0123456789abcdef")
	status, body := s.Call(s.Operator, "PATCH", "/api/settings", Object{
		"superuserIPs": []string{"192.0.2.1"}, "rateLimits": Object{"enabled": true, "rules": []Object{
			{"label": "/api/", "maxRequests": 1, "duration": 60},
		}},
	})
	if status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	for range 5 {
		if status, body := s.Call(service, "GET", "/api/pockethook/stats", nil); status != 200 {
			t.Fatalf("%d %s", status, body)
		}
	}
	if status, _ := s.Call(s.Operator, "GET", "/api/pockethook/stats", nil); status != 403 {
		t.Errorf("an operator from an address that is not listed: %d", status)
	}
}
