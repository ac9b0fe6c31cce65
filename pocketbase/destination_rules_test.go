package main

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
)

func TestURLCheck(t *testing.T) {
	strict := urlRules{}
	open := urlRules{AllowHTTP: true, PrivateNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.1.0.0/16")}}
	cases := []struct {
		rules urlRules
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
	b := newBench(t)
	many := make([]string, 51)
	for i := range many {
		many[i] = "1s"
	}
	cases := []struct {
		name   string
		fields object
		field  string
	}{
		{"everything", object{
			"secrets": []string{secretOne}, "headers": object{"x-a": "b"}, "retry_schedule": []string{"0s", "500ms", "1.5h", "7d"},
			"timeout_ms": 100, "max_concurrency": 1000,
		}, ""},
		{"an inbox", object{"type": "inbox", "url": ""}, ""},
		{"an inbox with a URL", object{"type": "inbox"}, "url"},
		{"no URL", object{"url": ""}, "url"},
		{"discord that waits for its URL", object{"type": "discord", "url": "", "enabled": false}, ""},
		{"discord without a URL", object{"type": "discord", "url": ""}, "url"},
		{"discord on a private address", object{"type": "discord", "url": "https://10.0.0.1/api/webhooks/1/x"}, "url"},
		{"slack", object{"type": "slack", "url": "https://hooks.slack.com/services/T0/B0/XXX"}, ""},
		{"teams", object{"type": "teams", "url": "https://x.logic.azure.com:443/workflows/1/triggers/manual/paths/invoke?sig=abc"}, ""},
		{"ntfy", object{"type": "ntfy", "url": "https://ntfy.sh/topic"}, ""},
		{"slack that waits for its URL", object{"type": "slack", "url": "", "enabled": false}, ""},
		{"ntfy without a URL", object{"type": "ntfy", "url": ""}, "url"},
		{"telegram", object{"type": "telegram", "url": "https://api.telegram.org/bot1:abc/sendMessage?chat_id=-100"}, ""},
		{"telegram with the chat in the template", object{"type": "telegram", "url": "https://bots.example.com/api/bot1:abc/sendMessage"}, ""},
		{"telegram without a method", object{"type": "telegram", "url": "https://api.telegram.org/bot1:abc"}, "url"},
		{"telegram without a token", object{"type": "telegram", "url": "https://api.telegram.org/sendMessage?chat_id=1"}, "url"},
		{"telegram with its token elsewhere", object{"type": "telegram", "url": "https://example.com/?x=/bot1:abc/sendMessage"}, "url"},
		{"telegram on a private address", object{"type": "telegram", "url": "https://10.0.0.1/bot1:abc/sendMessage"}, "url"},
		{"an unknown type", object{"type": "smoke"}, "type"},
		{"an empty schedule", object{"retry_schedule": []string{}}, "retry_schedule"},
		{"a long schedule", object{"retry_schedule": many}, "retry_schedule"},
		{"a wait that is none", object{"retry_schedule": []string{"soon"}}, "retry_schedule"},
		{"a wait of 8 days", object{"retry_schedule": []string{"8d"}}, "retry_schedule"},
		{"numbers as waits", object{"retry_schedule": []int{5}}, "retry_schedule"},
		{"a short timeout", object{"timeout_ms": 99}, "timeout_ms"},
		{"a long timeout", object{"timeout_ms": 60_001}, "timeout_ms"},
		{"a negative timeout", object{"timeout_ms": -1}, "timeout_ms"},
		{"too much at once", object{"max_concurrency": 1001}, "max_concurrency"},
		{"the host header", object{"headers": object{"Host": "x"}}, "headers"},
		{"the header that counts hops", object{"headers": object{"Pockethook-Hops": "0"}}, "headers"},
		{"a header of the signature", object{"headers": object{"Webhook-Id": "x"}}, "headers"},
		{"a header that is none", object{"headers": object{"a b": "x"}}, "headers"},
		{"a secret of another kind", object{"secrets": []string{"hunter2"}}, "secrets"},
		{"a short secret", object{"secrets": []string{"whsec_MTIz"}}, "secrets"},
		{"six secrets", object{"secrets": []string{secretOne, secretOne, secretOne, secretOne, secretOne, secretOne}}, "secrets"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			fields := merge(object{"name": "d", "type": "http", "url": "https://example.com", "enabled": true}, c.fields)
			_, err := b.TrySave("destinations", fields)
			if c.field == "" && err != nil || c.field != "" && fieldOf(err, c.field) == "" {
				t.Errorf("%v", err)
			}
		})
	}

	_, err := b.TrySave("destinations", object{"name": "", "type": "http", "url": "nowhere", "timeout_ms": 1})
	for _, field := range []string{"name", "url", "timeout_ms"} {
		if fieldOf(err, field) == "" {
			t.Errorf("%s is not told with the others: %v", field, err)
		}
	}
}

// What settings refuse now may have been saved before they were changed.
func TestAStoredURLKeepsNobodyFromEditing(t *testing.T) {
	b := newBench(t)
	id := b.Destination(object{"headers": object{"authorization": "Bearer abc"}})
	b.Execute("UPDATE destinations SET url = 'https://127.1:22/hook' WHERE id = {:id}", dbx.Params{"id": id})
	b.Update("destinations", id, object{"name": "renamed", "enabled": false})
	record := b.Get("destinations", id)
	record.Load(object{"url": "https://example.com:23/hook"})
	if err := b.App.Save(record); fieldOf(err, "url") == "" {
		t.Errorf("%v", err)
	}
}

func TestSourceRules(t *testing.T) {
	b := newBench(t)
	hmac := object{"verification": "hmac", "secrets": []string{"x"}}
	cases := []struct {
		name   string
		fields object
		field  string
	}{
		{"github", object{"verification": "github", "secrets": []string{"x"}}, ""},
		{"github without a secret", object{"verification": "github"}, "secrets"},
		{"github that waits for one", object{"verification": "github", "enabled": false}, ""},
		{"an empty secret", object{"verification": "github", "secrets": []string{""}}, "secrets"},
		{"six secrets", object{"secrets": []string{"1", "2", "3", "4", "5", "6"}}, "secrets"},
		{"standard-webhooks", object{"verification": "standard-webhooks", "secrets": []string{secretOne}}, ""},
		{"standard-webhooks with another secret", object{"verification": "standard-webhooks", "secrets": []string{"x"}}, "secrets"},
		{"hmac", merge(hmac, object{"verification_options": object{"header": "x-sig", "algorithm": "sha512", "encoding": "base64", "prefix": "v="}}), ""},
		{"hmac without a header", hmac, "verification_options"},
		{"hmac with another algorithm", merge(hmac, object{"verification_options": object{"header": "x", "algorithm": "md5"}}), "verification_options"},
		{"hmac with another encoding", merge(hmac, object{"verification_options": object{"header": "x", "encoding": "base32"}}), "verification_options"},
		{"options that are none", object{"verification_options": object{"haeder": "x"}}, "verification_options"},
		{"a name with capitals", object{"name": "GitHub"}, "name"},
		{"a long name", object{"name": strings.Repeat("a", 64)}, "name"},
		{"a taken name", object{"name": "github"}, "name"},
		{"a body beyond 32 MiB", object{"max_body_bytes": 33554433}, "max_body_bytes"},
	}
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			fields := merge(object{"name": "s" + string(rune('a'+i)), "enabled": true, "verification": "none"}, c.fields)
			_, err := b.TrySave("sources", fields)
			if c.field == "" && err != nil || c.field != "" && fieldOf(err, c.field) == "" {
				t.Errorf("%v", err)
			}
		})
	}
}
