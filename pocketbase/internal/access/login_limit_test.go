package access_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/access"
	. "pockethook/internal/testkit"
)

func TestDirectLoginsAreLimitedAndThoseThroughTheAPIAreNot(t *testing.T) {
	s := Serve(t)
	direct := func() int {
		status, _ := s.Call("", "POST", "/api/collections/users/auth-with-password", Object{"identity": "a@example.com", "password": "wrong"})
		return status
	}
	for direct() != 429 {
	}
	service := access.ServiceScheme + " " + tokenOf(t, "0123456789abcdef0123456789abcdef")
	if status, body := s.Call(service, "POST", "/api/pockethook/login", Object{"email": "operator@example.com", "password": "correct horse"}); status != 200 {
		t.Errorf("%d %s", status, body)
	}
	if status, body := s.Call(service, "GET", "/api/pockethook/config", nil); status != 200 {
		t.Errorf("%d %s", status, body)
	}
}

func TestTheLimitOfDirectLoginsReplacesTheEarlierOne(t *testing.T) {
	b := NewBench(t)
	b.Equal(b.App.Settings().RateLimits.Rules, []core.RateLimitRule{{Label: "*:auth", MaxRequests: 30, Duration: 60}})
}
