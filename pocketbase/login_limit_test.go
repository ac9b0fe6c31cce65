package main

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

func TestDirectLoginsAreLimitedAndThoseThroughTheAPIAreNot(t *testing.T) {
	s := serve(t)
	direct := func() int {
		status, _ := s.Call("", "POST", "/api/collections/users/auth-with-password", object{"identity": "a@example.com", "password": "wrong"})
		return status
	}
	for direct() != 429 {
	}
	service := serviceScheme + " " + tokenOf(t, "0123456789abcdef0123456789abcdef")
	if status, body := s.Call(service, "POST", "/api/pockethook/login", object{"email": "operator@example.com", "password": "correct horse"}); status != 200 {
		t.Errorf("%d %s", status, body)
	}
	if status, body := s.Call(service, "GET", "/api/pockethook/config", nil); status != 200 {
		t.Errorf("%d %s", status, body)
	}
}

func TestTheLimitOfDirectLoginsReplacesTheEarlierOne(t *testing.T) {
	b := newBench(t)
	b.Equal(b.App.Settings().RateLimits.Rules, []core.RateLimitRule{{Label: "*:auth", MaxRequests: 30, Duration: 60}})
}
