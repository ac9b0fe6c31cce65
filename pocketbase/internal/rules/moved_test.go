package rules_test

import (
	"strings"
	"testing"

	"pockethook/internal/rules"
	. "pockethook/internal/testkit"
)

func TestLeadsElsewhere(t *testing.T) {
	for _, c := range []struct {
		before, after string
		elsewhere     bool
	}{
		{"https://a.example/x", "https://a.example/y?z=1", false},
		{"https://a.example", "https://A.EXAMPLE./", false},
		{"https://a.example", "https://a.example:443/", false},
		{"http://a.example", "https://a.example", false},
		{"http://a.example:80", "https://a.example:443", false},
		{"https://a.example", "https://b.example", true},
		{"https://a.example", "https://a.example.evil.example", true},
		{"https://a.example", "https://sub.a.example", true},
		{"https://a.example", "http://a.example", true},
		{"https://a.example", "http://a.example:443", true},
		{"https://a.example", "https://a.example:8443", true},
		{"http://a.example:3000", "http://a.example:3001", true},
		{"http://a.example:3000", "https://a.example", true},
		{"https://a.example", `https://b.example\@a.example`, true},
		{"https://a.example", "https://a.example@b.example", true},
		{"https://93.184.215.14", "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]", true},
	} {
		if rules.LeadsElsewhere(c.before, c.after) != c.elsewhere {
			t.Errorf("%s → %s", c.before, c.after)
		}
	}
}

func TestSecretsDontFollowAURLToAnotherServer(t *testing.T) {
	const moved = "https://elsewhere.example/hook"
	headers := Object{"authorization": "Bearer abcdefgh", "x-key": "0123456789ab"}
	for name, c := range map[string]struct {
		fields Object
		// refused are the fields with a problem; none: it is saved.
		refused []string
	}{
		"only the URL":                 {Object{"url": moved}, []string{"headers", "secrets"}},
		"with the masks":               {Object{"url": moved, "secrets": []string{"••••ZWY="}, "headers": Object{"authorization": "••••efgh"}}, []string{"headers", "secrets"}},
		"with one of two headers":      {Object{"url": moved, "secrets": nil, "headers": Object{"authorization": "Bearer 2", "x-key": "••••89ab"}}, []string{"headers"}},
		"with the secrets only":        {Object{"url": moved, "secrets": []string{SecretOne}}, []string{"headers"}},
		"with one new secret of two":   {Object{"url": moved, "headers": nil, "secrets": []string{SecretTwo, "••••ZWY="}}, []string{"secrets"}},
		"with all of them":             {Object{"url": moved, "secrets": []string{SecretOne}, "headers": headers}, nil},
		"with others":                  {Object{"url": moved, "secrets": []string{SecretTwo}, "headers": Object{"x-other": "1"}}, nil},
		"without any":                  {Object{"url": moved, "secrets": []string{}, "headers": nil}, nil},
		"another port":                 {Object{"url": "https://93.184.215.14:8443/hook"}, []string{"headers", "secrets"}},
		"no TLS":                       {Object{"url": "http://93.184.215.14/hook"}, []string{"headers", "secrets"}},
		"another path":                 {Object{"url": "https://93.184.215.14/other", "headers": Object{"authorization": "••••efgh"}}, nil},
		"another type, another server": {Object{"type": "discord", "url": "https://elsewhere.example/api/webhooks/1/x"}, []string{"headers", "secrets"}},
		"another type, the same":       {Object{"type": "ntfy", "url": "https://93.184.215.14/topic"}, nil},
	} {
		b := NewBench(t)
		id := b.Destination(Object{"secrets": []string{SecretOne}, "headers": headers})
		before := b.Get("destinations", id)
		err := b.TryUpdate("destinations", id, c.fields)
		for _, field := range []string{"headers", "secrets", "url"} {
			refused := FieldOf(err, field) != ""
			if refused != strings.Contains(strings.Join(c.refused, " "), field) {
				t.Errorf("%s: %s: %v", name, field, err)
			}
		}
		if c.refused == nil {
			b.Must(err)
		} else {
			after := b.Get("destinations", id)
			b.Equal([]string{after.GetString("url"), after.GetString("headers")}, []string{before.GetString("url"), before.GetString("headers")})
		}
	}
}

// Two edits that are each harmless lead no further than one.
func TestSecretsDontFollowByWayOfAnInbox(t *testing.T) {
	b := NewBench(t)
	id := b.Destination(Object{"secrets": []string{SecretOne}, "headers": Object{"authorization": "Bearer abcdefgh"}})
	b.Must(b.TryUpdate("destinations", id, Object{"type": "inbox", "url": ""}))
	err := b.TryUpdate("destinations", id, Object{"type": "http", "url": "https://elsewhere.example"})
	if !strings.Contains(FieldOf(err, "headers"), "authorization") || !strings.Contains(FieldOf(err, "secrets"), "anew") {
		t.Fatal(err)
	}
	b.Must(b.TryUpdate("destinations", id, Object{"type": "http", "url": "https://elsewhere.example", "secrets": nil, "headers": nil}))
}
