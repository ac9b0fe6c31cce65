package main

import (
	"strings"
	"testing"
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
		if leadsElsewhere(c.before, c.after) != c.elsewhere {
			t.Errorf("%s → %s", c.before, c.after)
		}
	}
}

func TestSecretsDontFollowAURLToAnotherServer(t *testing.T) {
	const moved = "https://elsewhere.example/hook"
	headers := object{"authorization": "Bearer abcdefgh", "x-key": "0123456789ab"}
	for name, c := range map[string]struct {
		fields object
		// refused are the fields with a problem; none: it is saved.
		refused []string
	}{
		"only the URL":                 {object{"url": moved}, []string{"headers", "secrets"}},
		"with the masks":               {object{"url": moved, "secrets": []string{"••••ZWY="}, "headers": object{"authorization": "••••efgh"}}, []string{"headers", "secrets"}},
		"with one of two headers":      {object{"url": moved, "secrets": nil, "headers": object{"authorization": "Bearer 2", "x-key": "••••89ab"}}, []string{"headers"}},
		"with the secrets only":        {object{"url": moved, "secrets": []string{secretOne}}, []string{"headers"}},
		"with one new secret of two":   {object{"url": moved, "headers": nil, "secrets": []string{secretTwo, "••••ZWY="}}, []string{"secrets"}},
		"with all of them":             {object{"url": moved, "secrets": []string{secretOne}, "headers": headers}, nil},
		"with others":                  {object{"url": moved, "secrets": []string{secretTwo}, "headers": object{"x-other": "1"}}, nil},
		"without any":                  {object{"url": moved, "secrets": []string{}, "headers": nil}, nil},
		"another port":                 {object{"url": "https://93.184.215.14:8443/hook"}, []string{"headers", "secrets"}},
		"no TLS":                       {object{"url": "http://93.184.215.14/hook"}, []string{"headers", "secrets"}},
		"another path":                 {object{"url": "https://93.184.215.14/other", "headers": object{"authorization": "••••efgh"}}, nil},
		"another type, another server": {object{"type": "discord", "url": "https://elsewhere.example/api/webhooks/1/x"}, []string{"headers", "secrets"}},
		"another type, the same":       {object{"type": "ntfy", "url": "https://93.184.215.14/topic"}, nil},
	} {
		b := newBench(t)
		id := b.Destination(object{"secrets": []string{secretOne}, "headers": headers})
		before := b.Get("destinations", id)
		err := b.TryUpdate("destinations", id, c.fields)
		for _, field := range []string{"headers", "secrets", "url"} {
			refused := fieldOf(err, field) != ""
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
	b := newBench(t)
	id := b.Destination(object{"secrets": []string{secretOne}, "headers": object{"authorization": "Bearer abcdefgh"}})
	b.Must(b.TryUpdate("destinations", id, object{"type": "inbox", "url": ""}))
	err := b.TryUpdate("destinations", id, object{"type": "http", "url": "https://elsewhere.example"})
	if !strings.Contains(fieldOf(err, "headers"), "authorization") || !strings.Contains(fieldOf(err, "secrets"), "anew") {
		t.Fatal(err)
	}
	b.Must(b.TryUpdate("destinations", id, object{"type": "http", "url": "https://elsewhere.example", "secrets": nil, "headers": nil}))
}
