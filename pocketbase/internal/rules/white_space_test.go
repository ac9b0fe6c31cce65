package rules_test

import (
	"strings"
	"testing"

	. "pockethook/internal/testkit"
)

const pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----"

func TestSecretsPastedWithWhiteSpace(t *testing.T) {
	b := NewBench(t)
	hexKey := strings.Repeat("ab", 32)
	for _, c := range []struct {
		scheme, secret, stored string
		// problem is a part of the message; empty: it is saved as stored.
		problem string
	}{
		{"stripe", "whsec_abc\n", "whsec_abc", ""},
		{"slack", "\t8f742231b10e8888abcd99yyyzzz85a5 ", "8f742231b10e8888abcd99yyyzzz85a5", ""},
		{"shopify", "\r\nshpss_1\r\n", "shpss_1", ""},
		{"twilio", "\u00a0abcdef\u00a0", "abcdef", ""},
		{"discord", " " + hexKey + "\n", hexKey, ""},
		{"standard-webhooks", SecretOne + "\u200b", SecretOne, ""},
		{"standard-webhooks", "\ufeff" + SecretOne, SecretOne, ""},
		{"aws-sns", " arn:aws:sns:eu-west-1:123456789012:orders\n", "arn:aws:sns:eu-west-1:123456789012:orders", ""},
		{"public-key", "\n  " + pem + "\n", pem, ""},
		{"jwt", "\n  " + pem + "\n", pem, ""},
		{"gitlab", " my token \n", "my token", ""},
		{"bearer", "abc\n", "abc", ""},
		{"token", "abc ", "abc", ""},
		{"github", "any text", "any text", ""},
		{"hmac", "any text", "any text", ""},
		{"basic", "user:pass word", "user:pass word", ""},
		{"github", "any text\n", "", "at its beginning or its end"},
		{"github", " any text", "", "at its beginning or its end"},
		{"hmac", "any text\u200b", "", "at its beginning or its end"},
		{"jwt", "any text ", "", "at its beginning or its end"},
		{"basic", "user:pass\n", "", "at its beginning or its end"},
		{"stripe", "whsec_abc\ndef", "", "as one line"},
		{"slack", "a secret", "a secret", ""},
		{"twilio", "abc\ndef", "", "as one line"},
		{"gitlab", "my\ntoken", "", "as one line"},
		{"bearer", "abc\r\ndef", "", "as one line"},
		{"stripe", " \n", "", "empty text"},
	} {
		record, err := b.TrySave("sources", Object{"name": b.ID("s"), "enabled": true, "verification": c.scheme,
			"verification_options": map[string]string{"header": "x-signature"}, "secrets": []string{c.secret}})
		if c.problem != "" {
			got := FieldOf(err, "secrets")
			if !strings.Contains(got, c.problem) || strings.Contains(got, strings.TrimSpace(c.secret)) && strings.TrimSpace(c.secret) != "" {
				t.Errorf("%s %q: %v", c.scheme, c.secret, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s %q: %v", c.scheme, c.secret, err)
		} else if opened := b.Opened("sources", record.Id, "secrets"); len(opened) != 1 || opened[0] != c.stored {
			t.Errorf("%s %q became %q", c.scheme, c.secret, opened)
		}
	}
}

func TestDestinationsPastedWithWhiteSpace(t *testing.T) {
	b := NewBench(t)
	record, err := b.TrySave("destinations", Object{
		"name": b.ID("d"), "enabled": true, "type": "http", "url": " https://example.com/hooks\n",
		"headers": map[string]string{"authorization": "Bearer abc\n", "x-title": "two  words"},
		"secrets": []string{SecretOne + "\n"},
	})
	b.Must(err)
	if url := record.GetString("url"); url != "https://example.com/hooks" {
		t.Errorf("url %q", url)
	}
	for field, wanted := range map[string]string{"headers": "authorizationBearer abc x-titletwo  words", "secrets": SecretOne} {
		if got := strings.Join(b.Opened("destinations", record.Id, field), " "); got != wanted {
			t.Errorf("%s: %q", field, got)
		}
	}
	b.Must(b.TryUpdate("destinations", record.Id, Object{"secrets": []string{"\t" + SecretTwo}}))
	if got := b.Opened("destinations", record.Id, "secrets"); got[0] != SecretTwo {
		t.Errorf("updated: %q", got)
	}
}
