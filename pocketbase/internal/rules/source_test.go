package rules_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"pockethook/internal/rules"
	"pockethook/internal/secrets"
	. "pockethook/internal/testkit"
)

func TestSourceSecrets(t *testing.T) {
	publicKey := "e7a52f4d2b0e6a1a5b4b5a1e0a3cf0f7a1b2c3d4e5f60718293a4b5c6d7e8f90"
	for _, c := range []struct {
		scheme, secret string
		// problem is a part of the message; empty: the secret is fine.
		problem string
	}{
		{"github", "any text", ""},
		{"stripe", "whsec_anything", ""},
		{"bearer", "token", ""},
		{"standard-webhooks", SecretOne, ""},
		{"standard-webhooks", "any text", "whsec_"},
		{"standard-webhooks", "whpk_" + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", ""},
		{"standard-webhooks", "whpk_AAAA", "32 bytes"},
		{"standard-webhooks", "whpk_!!!", "32 bytes"},
		{"standard-webhooks", "whsk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "whsec_"},
		{"discord", publicKey, ""},
		{"discord", strings.ToUpper(publicKey), ""},
		{"discord", publicKey[2:], "64 hexadecimal"},
		{"discord", "z" + publicKey[1:], "64 hexadecimal"},
		{"aws-sns", "arn:aws:sns:eu-west-1:123456789012:orders", ""},
		{"aws-sns", "arn:aws-cn:sns:cn-north-1:123456789012:orders.fifo", ""},
		{"aws-sns", "arn:aws:sqs:eu-west-1:123456789012:orders", "ARN of a topic"},
		{"aws-sns", "*", "ARN of a topic"},
		{"basic", "user:pass:word", ""},
		{"basic", "user:", ""},
		{"basic", "somebody", "user:password"},
		{"basic", ":hush-hush", "user:password"},
	} {
		problem := ""
		if err := rules.CheckSourceSecret(c.scheme, c.secret); err != nil {
			problem = err.Error()
		}
		if (problem == "") != (c.problem == "") || !strings.Contains(problem, c.problem) {
			t.Errorf("%s %q: %q", c.scheme, c.secret, problem)
		}
		if problem != "" && strings.Contains(problem, c.secret) {
			t.Errorf("the message repeats the secret: %s", problem)
		}
	}
}

func TestKeys(t *testing.T) {
	const (
		hexKey  = "e7a52f4d2b0e6a1a5b4b5a1e0a3cf0f7a1b2c3d4e5f60718293a4b5c6d7e8f90"
		ed      = "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
		edPEM   = "-----BEGIN PUBLIC KEY-----\n" + ed + "\n-----END PUBLIC KEY-----"
		ec      = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9q9UU8I5mEovUf86QZ7kOBIjJwqnzD1omageEHWwHdBO6B+dFabmdT9POxg=="
		private = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----"
	)
	for _, c := range []struct{ scheme, options, secret, problem string }{
		{"public-key", `{}`, hexKey, ""},
		{"public-key", `null`, "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", ""},
		{"public-key", `{"algorithm": "ed25519"}`, ed, ""},
		{"public-key", `{}`, edPEM + "\n", ""},
		{"public-key", `{"algorithm": "ecdsa-sha256"}`, ec, ""},
		{"public-key", `{}`, "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "public key"},
		{"public-key", `{}`, "some words", "public key"},
		{"public-key", `{}`, private, "public key"},
		{"public-key", `{"algorithm": "rsa-sha256"}`, edPEM, "takes one of the type rsa"},
		{"public-key", `{}`, ec, "of the type ec"},
		{"jwt", `{"algorithm": "EdDSA"}`, edPEM, ""},
		{"jwt", `{"algorithm": "ES256"}`, ec, ""},
		{"jwt", `{"algorithm": "RS256"}`, edPEM, "of the type ed25519"},
		{"jwt", `{"algorithm": "RS256"}`, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "public key"},
		{"jwt", `{"algorithm": "RS256"}`, "any text", "public key"},
		{"jwt", `{"algorithm": "HS256"}`, "any text", ""},
		{"jwt", `null`, "any text", ""},
		{"hmac", `{"key": "text"}`, "any text", ""},
		{"hmac", `{"key": "hex"}`, "00ffAB", ""},
		{"hmac", `{"key": "hex"}`, "00ff0", "not written in hex"},
		{"hmac", `{"key": "hex"}`, "00 ff", "not written in hex"},
		{"hmac", `{"key": "hex"}`, "xyz", "not written in hex"},
		{"hmac", `{"key": "base64"}`, "c2VjcmV0IQ==", ""},
		{"hmac", `{"key": "base64"}`, "c2VjcmV0IQ", ""},
		{"hmac", `{"key": "base64"}`, "_-A", ""},
		{"hmac", `{"key": "base64"}`, "***", "not written in base64"},
		{"hmac", `{"key": "base64"}`, "whsec_c2VjcmV0IQ==x", "not written in base64"},
	} {
		problem := ""
		if err := rules.CheckKey(c.scheme, c.options, c.secret); err != nil {
			problem = err.Error()
		}
		if (problem == "") != (c.problem == "") || !strings.Contains(problem, c.problem) || problem != "" && strings.Contains(problem, c.secret) {
			t.Errorf("%s %s %q: %q", c.scheme, c.options, c.secret, problem)
		}
	}
}

func TestVerificationOptions(t *testing.T) {
	for _, c := range []struct{ scheme, options, problem string }{
		{"none", "null", ""},
		{"twilio", "null", ""},
		{"twilio", `{}`, ""},
		{"twilio", `{"url": "https://hooks.example.com/ingest/twilio"}`, ""},
		{"twilio", `{"url": "http://hooks.example.com:8080"}`, ""},
		{"twilio", `{"url": "https://hooks.example.com/ingest/twilio?a=b"}`, "without its query"},
		{"twilio", `{"url": "https://hooks.example.com/#a"}`, "without its query"},
		{"twilio", `{"url": "hooks.example.com"}`, "as Twilio has it"},
		{"twilio", `{"url": "ftp://hooks.example.com"}`, "as Twilio has it"},
		{"twilio", `{"uri": "https://hooks.example.com"}`, "must be an object like"},
		{"hmac", `{"header": "x-signature"}`, ""},
		{"hmac", `{}`, "needs header"},
		{"hmac", `{"header": "x-signature", "algorithm": "md5"}`, "algorithm"},
		{"hmac", `{"header": "x-signature", "encoding": "base32"}`, "encoding"},
		{"hmac", `{"header": "x-signature", "algorithm": "ed25519"}`, "none of sha1, sha256, sha512"},
		{"hmac", `{"header": "x-zm-signature", "prefix": "v0=", "signed": "v0:{{ timestamp }}:{{ body }}", "timestamp": "headers.x-zm-request-timestamp"}`, ""},
		{"hmac", `{"header": "paddle-signature", "field": "h1", "timestamp": "field.ts", "signed": "{{timestamp}}:{{body}}", "tolerance": "5s"}`, ""},
		{"hmac", `{"place": "body.signature.signature", "signed": "{{ body.signature.timestamp }}{{ body.signature.token }}"}`, ""},
		{"hmac", `{"header": "x", "signed": "{{ timestamp }}.{{ body }}"}`, "needs timestamp"},
		{"hmac", `{"header": "x", "signed": "{{ boddy }}"}`, "{{ boddy }} in signed"},
		{"hmac", `{"header": "x", "signed": "body"}`, "holds no {{ body }}"},
		{"hmac", `{"header": "x", "signed": "{{ body }}{{ x"}`, "{{ without }}"},
		{"hmac", `{"header": "x", "timestamp": "x-time"}`, "no place"},
		{"hmac", `{"header": "x", "timestamp": "headers.x-time", "tolerance": "2d"}`, "up to 1d"},
		{"hmac", `{"header": "x", "tolerance": "soon"}`, "up to 1d"},
		{"hmac", `{"header": "x", "tolerance": "1m"}`, "needs timestamp"},
		{"hmac", `{"header": "x", "timestamp": "headers.x-time"}`, "not signed"},
		{"hmac", `{"header": "x", "timestamp": "headers.x-time", "signed": "{{ headers.x-id }}.{{ body }}"}`, "not signed"},
		{"hmac", `{"header": "x", "timestamp": "headers.x-time", "signed": "{{ headers.x-time }}.{{ body }}"}`, ""},
		{"hmac", `{"header": "x", "timestamp": "body.sent_at", "tolerance": "1m"}`, ""},
		{"hmac", `{"header": "x", "timestamp": "body.sent_at", "signed": "{{ body.id }}"}`, "not signed"},
		{"hmac", `{"header": "x", "timestamp": "query.t", "signed": "{{ url }}{{ body }}"}`, ""},
		{"public-key", `{"header": "x", "timestamp": "field.t"}`, "not signed"},
		{"hmac", `{"header": "x", "key": "utf8"}`, "key"},
		{"hmac", `{"header": "x", "url": "ftp://a"}`, "url"},
		{"hmac", `{"place": "body."}`, "has a place that is none"},
		{"hmac", `{"place": "header.x"}`, "has a place that is none"},
		{"public-key", `{"header": "x", "algorithm": "ecdsa-sha256"}`, ""},
		{"public-key", `{"header": "x", "algorithm": "sha256"}`, "none of ed25519"},
		{"public-key", `{}`, "needs header"},
		{"token", `null`, ""},
		{"token", `{"place": "query.token"}`, ""},
		{"token", `{"place": "token"}`, "has a place that is none"},
		{"jwt", `{"algorithm": "RS256", "audience": "https://a.example"}`, ""},
		{"jwt", `{"algorithm": "none"}`, "none of HS256"},
	} {
		problem := ""
		if err := rules.CheckVerificationOptions(c.options, c.scheme); err != nil {
			problem = err.Error()
		}
		if (problem == "") != (c.problem == "") || !strings.Contains(problem, c.problem) {
			t.Errorf("%s %s: %q", c.scheme, c.options, problem)
		}
	}
}

func TestSourcesThatVendorsSignFor(t *testing.T) {
	s := Serve(t)
	create := func(fields Object) (int, string) {
		return s.Call(s.Operator, "POST", "/api/collections/sources/records", fields)
	}
	for _, scheme := range []string{"gitlab", "stripe", "slack", "shopify", "twilio", "discord", "basic", "bearer"} {
		status, answer := create(Object{"name": scheme, "enabled": true, "verification": scheme})
		if status != 400 || !strings.Contains(answer, "needs a secret before the source can be enabled") {
			t.Errorf("%s without a secret: %d %s", scheme, status, answer)
		}
		if status, answer = create(Object{"name": scheme, "enabled": false, "verification": scheme}); status != 200 {
			t.Errorf("%s, waiting for its secret: %d %s", scheme, status, answer)
		}
	}
	for _, c := range []struct {
		name   string
		limit  any
		status int
	}{{"none", 0, 200}, {"most", 100000, 200}, {"less", -1, 400}, {"more", 100001, 400}, {"half", 0.5, 400}} {
		status, answer := create(Object{"name": c.name, "enabled": true, "verification": "none", "rate_limit": c.limit})
		if status != c.status {
			t.Errorf("rate_limit %v: %d %s", c.limit, status, answer)
		}
	}
}

func TestOlderVersionsTakeNothingForSchemesTheyDontKnow(t *testing.T) {
	b := NewBench(t)
	b.Save("sources", Object{"name": "bot", "enabled": true, "verification": "bearer", "secrets": []string{"hush-hush"}})
	runner := core.NewMigrationsRunner(b.App, core.AppMigrations)
	for undone := ""; !strings.Contains(undone, "1795431620"); {
		files, err := runner.Down(1)
		b.Must(err)
		undone = strings.Join(files, " ")
	}
	var row struct {
		Enabled      bool   `db:"enabled"`
		Verification string `db:"verification"`
		Secrets      string `db:"secrets"`
	}
	b.Must(b.App.DB().NewQuery("SELECT enabled, verification, secrets FROM sources WHERE name = 'bot'").One(&row))
	if row.Enabled || row.Verification != "hmac" || !strings.Contains(row.Secrets, secrets.SealedPrefix) {
		t.Errorf("%+v", row)
	}
}

func TestNotRedacted(t *testing.T) {
	b := NewBench(t)
	for text, problem := range map[string]string{
		`null`: "", `""`: "", `[]`: "", `["x-order-key", "token"]`: "",
		`"token"`: "must be a list", `{"a":1}`: "must be a list", `[1]`: "must be a list", `[""]`: "empty",
		`["Authorization"]`: "always redacted", `["x-api-key"]`: "always redacted", `["cookie"]`: "always redacted",
		`["` + strings.Repeat("x", 201) + `"]`: "longer", `[` + strings.Repeat(`"x",`, 50) + `"x"]`: "up to 50",
	} {
		_, err := b.TrySave("sources", Object{"name": b.ID("s"), "verification": "none", "not_redacted": types.JSONRaw(text)})
		if got := FieldOf(err, "not_redacted"); problem == "" && err != nil || !strings.Contains(got, problem) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestOriginsOfASource(t *testing.T) {
	b := NewBench(t)
	for text, problem := range map[string]string{
		`null`: "", `[]`: "", `["*"]`: "", `["https://www.example.com", "http://localhost:3000", "https://[::1]:8443"]`: "",
		`"*"`: "must be a list", `["www.example.com"]`: "no origin", `["https://www.example.com/"]`: "no origin", `["https://WWW.example.com"]`: "no origin",
		`["https://*.example.com"]`: "no origin", `["null"]`: "no origin", `["https://a.example:443"]`: "no origin", `["http://a.example:80"]`: "no origin", `["http://a.example:443"]`: "", `[` + strings.Repeat(`"*",`, 20) + `"*"]`: "up to 20",
	} {
		_, err := b.TrySave("sources", Object{"name": b.ID("s"), "verification": "none", "cors_origins": types.JSONRaw(text)})
		if got := FieldOf(err, "cors_origins"); problem == "" && err != nil || !strings.Contains(got, problem) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestDefaultsOfASource(t *testing.T) {
	b := NewBench(t)
	record, err := b.TrySave("sources", Object{"name": b.ID("s"), "verification": "none"})
	b.Must(err)
	b.Equal([]any{record.GetString("when_paused"), record.GetString("on_malformed")}, []any{"retry", "refuse"})
}
