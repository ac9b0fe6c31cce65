package rules_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"

	"pockethook/internal/rules"
	. "pockethook/internal/testkit"
)

func TestURLCheck(t *testing.T) {
	strict := rules.URLs{}
	open := rules.URLs{AllowHTTP: true, PrivateNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.1.0.0/16")}}
	cases := []struct {
		rules rules.URLs
		url   string
		// problem is a part of the message; empty: the URL is fine.
		problem string
	}{
		{strict, "https://example.com", ""},
		{strict, "https://example.com:8443/a/b?c=d", ""},
		{strict, "https://93.184.215.14/x", ""},
		{strict, "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/x", ""},
		{strict, "https://xn--bcher-kva.example", ""},
		{strict, "", "absolute URL"},
		{strict, "/hooks", "absolute URL"},
		{strict, "ftp://example.com", "absolute URL"},
		{strict, "https:///path", "absolute URL"},
		{strict, "https://exa mple.com", "absolute URL"},
		{strict, "https://example.com/\\@10.0.0.1", "absolute URL"},
		{strict, "https://" + strings.Repeat("a", 2050), "longer than 2048"},
		{strict, "http://example.com", "ALLOW_HTTP_DESTINATIONS"},
		{open, "http://example.com", ""},
		{strict, "https://user:pw@example.com", "user name"},
		{strict, "https://example.com/#x", "fragment"},
		{strict, "https://bücher.example", "punycode"},
		{strict, "https://１２７.0.0.1", "punycode"},
		{strict, "http://localhost:3000", "ALLOW_HTTP_DESTINATIONS"},
		{strict, "http://localhost:3000", "ALLOWED_PRIVATE_NETWORKS"},
		{strict, "https://localhost", "ALLOWED_PRIVATE_NETWORKS"},
		{strict, "https://LOCALHOST.", "ALLOWED_PRIVATE_NETWORKS"},
		{strict, "https://a.localhost", "ALLOWED_PRIVATE_NETWORKS"},
		{open, "http://localhost:3000", ""},
		{open, "http://127.0.0.1:3000/hook", ""},
		{open, "https://10.1.2.3", ""},
		{open, "https://10.2.2.3", "not a public address"},
		{strict, "https://127.0.0.1", "ALLOWED_PRIVATE_NETWORKS"},
		{strict, "https://10.0.0.1", "not a public address"},
		{strict, "https://172.16.0.1", "not a public address"},
		{strict, "https://192.168.1.1", "not a public address"},
		{strict, "https://169.254.169.254/latest/meta-data", "not a public address"},
		{strict, "https://168.63.129.16", "not a public address"},
		{strict, "https://100.64.0.1", "not a public address"},
		{strict, "https://0.0.0.0", "not a public address"},
		{strict, "https://224.0.0.1", "not a public address"},
		{strict, "https://255.255.255.255", "not a public address"},
		{strict, "https://198.18.0.1", "not a public address"},
		{strict, "https://[::1]", "not a public address"},
		{strict, "https://[::]", "not a public address"},
		{strict, "https://[fe80::1]", "not a public address"},
		{strict, "https://[fe80::1%25eth0]", "not a public address"},
		{strict, "https://[fc00::1]", "not a public address"},
		{strict, "https://[fd00:ec2::254]", "not a public address"},
		{strict, "https://[::ffff:10.0.0.1]", "not a public address"},
		{strict, "https://[::ffff:93.184.215.14]", "not a public address"},
		{strict, "https://[::7f00:1]", "not a public address"},
		{strict, "https://[2002:7f00:1::]", "not a public address"},
		{strict, "https://[64:ff9b::7f00:1]", "not a public address"},
		{strict, "https://[2001:0:1::1]", "not a public address"},
		{strict, "https://[2001:db8::1]", "not a public address"},
		{strict, "https://2130706433", "unusual way"},
		{strict, "https://0x7f000001", "unusual way"},
		{strict, "https://0x7f.1", "unusual way"},
		{strict, "https://0177.0.0.1", "unusual way"},
		{strict, "https://127.1", "unusual way"},
		{strict, "https://127.0.0.1.", "unusual way"},
		{strict, "https://127%2e0.0.1", "absolute URL"},
	}
	for _, c := range cases {
		err := c.rules.Check(c.url)
		if c.problem == "" && err != nil || c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)) {
			t.Errorf("%s: %v, not %q", c.url, err, c.problem)
		}
	}
}

func TestDestinationRules(t *testing.T) {
	b := NewBench(t)
	many := make([]string, 51)
	for i := range many {
		many[i] = "1s"
	}
	cases := []struct {
		name   string
		fields Object
		field  string
	}{
		{"everything", Object{
			"secrets": []string{SecretOne}, "headers": Object{"x-a": "b"}, "retry_schedule": []string{"0s", "500ms", "1.5h", "7d"},
			"timeout_ms": 100, "max_concurrency": 1000,
		}, ""},
		{"an inbox", Object{"type": "inbox", "url": ""}, ""},
		{"an inbox with a URL", Object{"type": "inbox"}, "url"},
		{"no URL", Object{"url": ""}, "url"},
		{"discord that waits for its URL", Object{"type": "discord", "url": "", "enabled": false}, ""},
		{"discord without a URL", Object{"type": "discord", "url": ""}, "url"},
		{"discord on a private address", Object{"type": "discord", "url": "https://10.0.0.1/api/webhooks/1/x"}, "url"},
		{"slack", Object{"type": "slack", "url": "https://hooks.slack.com/services/T0/B0/XXX"}, ""},
		{"teams", Object{"type": "teams", "url": "https://x.logic.azure.com:443/workflows/1/triggers/manual/paths/invoke?sig=abc"}, ""},
		{"ntfy", Object{"type": "ntfy", "url": "https://ntfy.sh/topic"}, ""},
		{"slack that waits for its URL", Object{"type": "slack", "url": "", "enabled": false}, ""},
		{"ntfy without a URL", Object{"type": "ntfy", "url": ""}, "url"},
		{"telegram", Object{"type": "telegram", "url": "https://api.telegram.org/bot1:abc/sendMessage?chat_id=-100"}, ""},
		{"telegram with the chat in the template", Object{"type": "telegram", "url": "https://bots.example.com/api/bot1:abc/sendMessage"}, ""},
		{"telegram without a method", Object{"type": "telegram", "url": "https://api.telegram.org/bot1:abc"}, "url"},
		{"telegram without a token", Object{"type": "telegram", "url": "https://api.telegram.org/sendMessage?chat_id=1"}, "url"},
		{"telegram with its token elsewhere", Object{"type": "telegram", "url": "https://example.com/?x=/bot1:abc/sendMessage"}, "url"},
		{"telegram on a private address", Object{"type": "telegram", "url": "https://10.0.0.1/bot1:abc/sendMessage"}, "url"},
		{"an unknown type", Object{"type": "smoke"}, "type"},
		{"an empty schedule", Object{"retry_schedule": []string{}}, "retry_schedule"},
		{"a long schedule", Object{"retry_schedule": many}, "retry_schedule"},
		{"a wait that is none", Object{"retry_schedule": []string{"soon"}}, "retry_schedule"},
		{"a wait of 8 days", Object{"retry_schedule": []string{"8d"}}, "retry_schedule"},
		{"numbers as waits", Object{"retry_schedule": []int{5}}, "retry_schedule"},
		{"a short timeout", Object{"timeout_ms": 99}, "timeout_ms"},
		{"a long timeout", Object{"timeout_ms": 60_001}, "timeout_ms"},
		{"a negative timeout", Object{"timeout_ms": -1}, "timeout_ms"},
		{"too much at once", Object{"max_concurrency": 1001}, "max_concurrency"},
		{"the host header", Object{"headers": Object{"Host": "x"}}, "headers"},
		{"the header that counts hops", Object{"headers": Object{"Pockethook-Hops": "0"}}, "headers"},
		{"a header of the signature", Object{"headers": Object{"Webhook-Id": "x"}}, "headers"},
		{"a header that is none", Object{"headers": Object{"a b": "x"}}, "headers"},
		{"a secret of another kind", Object{"secrets": []string{"hunter2"}}, "secrets"},
		{"a short secret", Object{"secrets": []string{"whsec_MTIz"}}, "secrets"},
		{"six secrets", Object{"secrets": []string{SecretOne, SecretOne, SecretOne, SecretOne, SecretOne, SecretOne}}, "secrets"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			fields := Merge(Object{"name": c.name, "type": "http", "url": "https://example.com", "enabled": true}, c.fields)
			_, err := b.TrySave("destinations", fields)
			if c.field == "" && err != nil || c.field != "" && FieldOf(err, c.field) == "" {
				t.Errorf("%v", err)
			}
		})
	}

	_, err := b.TrySave("destinations", Object{"name": "", "type": "http", "url": "nowhere", "timeout_ms": 1})
	for _, field := range []string{"name", "url", "timeout_ms"} {
		if FieldOf(err, field) == "" {
			t.Errorf("%s is not told with the others: %v", field, err)
		}
	}
}

// What settings refuse now may have been saved before they were changed.
func TestAStoredURLKeepsNobodyFromEditing(t *testing.T) {
	b := NewBench(t)
	id := b.Destination(Object{"headers": Object{"authorization": "Bearer abc"}})
	b.Execute("UPDATE destinations SET url = 'https://127.1:22/hook' WHERE id = {:id}", dbx.Params{"id": id})
	b.Update("destinations", id, Object{"name": "renamed", "enabled": false})
	record := b.Get("destinations", id)
	record.Load(Object{"url": "https://example.com:23/hook"})
	if err := b.App.Save(record); FieldOf(err, "url") == "" {
		t.Errorf("%v", err)
	}
}

func TestSourceRules(t *testing.T) {
	b := NewBench(t)
	hmac := Object{"verification": "hmac", "secrets": []string{"x"}}
	cases := []struct {
		name   string
		fields Object
		field  string
	}{
		{"github", Object{"verification": "github", "secrets": []string{"x"}}, ""},
		{"github without a secret", Object{"verification": "github"}, "secrets"},
		{"github that waits for one", Object{"verification": "github", "enabled": false}, ""},
		{"an empty secret", Object{"verification": "github", "secrets": []string{""}}, "secrets"},
		{"six secrets", Object{"secrets": []string{"1", "2", "3", "4", "5", "6"}}, "secrets"},
		{"standard-webhooks", Object{"verification": "standard-webhooks", "secrets": []string{SecretOne}}, ""},
		{"standard-webhooks with another secret", Object{"verification": "standard-webhooks", "secrets": []string{"x"}}, "secrets"},
		{"hmac", Merge(hmac, Object{"verification_options": Object{"header": "x-sig", "algorithm": "sha512", "encoding": "base64", "prefix": "v="}}), ""},
		{"hmac without a header", hmac, "verification_options"},
		{"hmac with another algorithm", Merge(hmac, Object{"verification_options": Object{"header": "x", "algorithm": "md5"}}), "verification_options"},
		{"hmac with another encoding", Merge(hmac, Object{"verification_options": Object{"header": "x", "encoding": "base32"}}), "verification_options"},
		{"options that are none", Object{"verification_options": Object{"haeder": "x"}}, "verification_options"},
		{"a name with capitals", Object{"name": "GitHub"}, "name"},
		{"a long name", Object{"name": strings.Repeat("a", 64)}, "name"},
		{"a taken name", Object{"name": "github"}, "name"},
		{"a body beyond 32 MiB", Object{"max_body_bytes": 33554433}, "max_body_bytes"},
	}
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			fields := Merge(Object{"name": "s" + string(rune('a'+i)), "enabled": true, "verification": "none"}, c.fields)
			_, err := b.TrySave("sources", fields)
			if c.field == "" && err != nil || c.field != "" && FieldOf(err, c.field) == "" {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestExpressionsInRequests(t *testing.T) {
	b := NewBench(t)
	for _, c := range []struct {
		fields         Object
		field, problem string
	}{
		{Object{"url": "https://example.com/{{ body.repository.name }}?a={{ \"}}\" + body.b }}"}, "", ""},
		{Object{"headers": map[string]string{"title": "{{ body.title }}"}}, "", ""},
		{Object{"type": "ntfy", "url": "https://ntfy.sh/{{ data.topic }}"}, "", ""},
		{Object{"method": "PUT"}, "", ""},
		{Object{"url": "https://{{ body.host }}/x"}, "url", "path and query, never in scheme, host or port"},
		{Object{"url": "https://a{{ body.host }}.example/x"}, "url", "never in scheme, host or port"},
		{Object{"url": "https://a.example:{{ body.port }}/x"}, "url", "never in scheme, host or port"},
		{Object{"url": "https://a.example{{ body.path }}"}, "url", "never in scheme, host or port"},
		{Object{"url": "{{ body.url }}"}, "url", "never in scheme, host or port"},
		{Object{"url": "https://a.example/x", "relay": types.JSONRaw(`{"headers": ["X-Forwarded-For"]}`)}, "relay", "does not go on"},
		{Object{"url": "https://a.example/x", "relay": types.JSONRaw(`{"headers": ["*"]}`)}, "relay", `write "all"`},
		{Object{"url": "https://example.com/a b"}, "url", "absolute URL"},
		{Object{"url": "https://10.0.0.1/{{ body.a }}"}, "url", "not a public address"},
		{Object{"type": "slack", "url": "https://hooks.slack.com/services/T/B/{{ body.a }}"}, "url", "only destinations of the types http and ntfy"},
		{Object{"type": "discord", "url": "https://discord.com/api/webhooks/1/abc", "headers": map[string]string{"a": "{{ body.a }}"}}, "headers", "only destinations of the types"},
		{Object{"notifications": true, "url": "https://example.com/{{ body.a }}"}, "url", "webhook for notifications"},
		{Object{"type": "ntfy", "url": "https://ntfy.sh/x", "method": "PUT"}, "method", "type http"},
		{Object{"method": "GET"}, "method", "nvalid value"},
	} {
		fields := Merge(Object{"name": b.ID("d"), "enabled": true, "type": "http", "url": "https://example.com"}, c.fields)
		_, err := b.TrySave("destinations", fields)
		if got := FieldOf(err, c.field); c.problem == "" && err != nil || !strings.Contains(got, c.problem) {
			t.Errorf("%v: %v", c.fields, err)
		}
	}
}
