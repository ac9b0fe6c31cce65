package secrets

import (
	"regexp"
	"strings"
	"testing"

	"pockethook/internal/testfiles"
)

func TestKeyring(t *testing.T) {
	one, two := []byte(strings.Repeat("1", 32)), []byte(strings.Repeat("2", 32))
	old, err := NewKeyring([][]byte{one})
	if err != nil {
		t.Fatal(err)
	}
	rotated, _ := NewKeyring([][]byte{two, one})
	lost, _ := NewKeyring([][]byte{two})
	empty, _ := NewKeyring(nil)
	const place = "sources/abc/secrets"

	sealed, err := old.Seal("s3cret", place)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := old.Seal("s3cret", place)
	if form := regexp.MustCompile(`^enc:v1:[0-9a-f]{8}:[A-Za-z0-9+/=]+$`); sealed == again || !form.MatchString(sealed) {
		t.Fatalf("sealed as %s and %s", sealed, again)
	}
	for name, ring := range map[string]*Keyring{"the key": old, "after a rotation": rotated} {
		if plain, err := ring.Open(sealed, place); err != nil || plain != "s3cret" {
			t.Errorf("with %s: %q, %v", name, plain, err)
		}
	}
	flipped := sealed[:len(sealed)-6] + "AAAAAA"
	for name, open := range map[string]func() (string, error){
		"another place":   func() (string, error) { return old.Open(sealed, "sources/abd/secrets") },
		"a lost key":      func() (string, error) { return lost.Open(sealed, place) },
		"altered":         func() (string, error) { return old.Open(flipped, place) },
		"cut":             func() (string, error) { return old.Open(sealed[:24], place) },
		"sealing keyless": func() (string, error) { return empty.Seal("x", place) },
	} {
		if text, err := open(); err == nil {
			t.Errorf("%s: %q is read", name, text)
		} else if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: the error tells the secret", name)
		}
	}
}

func TestMasks(t *testing.T) {
	for secret, want := range map[string]string{
		"": Masked, "short": Masked, "elevenchars": Masked, "twelve-chars": Masked + "hars", "a-long-secret-ééé1": Masked + "ééé1",
	} {
		if got := maskSecret(secret); got != want {
			t.Errorf("%q: %q", secret, got)
		}
	}
	for url, want := range map[string]string{
		"https://discord.com/api/webhooks/123/abcdefghijklmnop":             "https://discord.com/api/webhooks/123/••••mnop",
		"https://discord.com/api/webhooks/123/abcdefghijklmnop?thread_id=9": "https://discord.com/api/webhooks/123/••••id=9",
		"https://discord.com/api/webhooks/123/tiny":                         "https://discord.com/api/webhooks/123/••••",
		"https://discord.com": "https://discord.com/••••",
		// No part of a token before the last part of the path, and none because of a slash at the end.
		"https://discord.com/api/webhooks/12345678901234567890/tiny/":                               "https://discord.com/api/webhooks/12345678901234567890/••••",
		"https://discord.com/api/webhooks/123/abcdefghijklmnopq/slack":                              "https://discord.com/api/webhooks/123/••••lack",
		"https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXabcd":             "https://hooks.slack.com/services/T00000000/B00000000/••••abcd",
		"https://mattermost.example.com/hooks/abcdefghijklmnopqrstuvwxyz":                           "https://mattermost.example.com/hooks/••••wxyz",
		"https://api.telegram.org/bot123456:AbCdEfGhIjKlMnOpQrSt/sendMessage?chat_id=-1001234":      "https://api.telegram.org/••••1234",
		"https://api.telegram.org/bot1:tiny/sendMessage?chat_id=5678":                               "https://api.telegram.org/••••5678",
		"https://x.logic.azure.com:443/workflows/0a1b2c3d4e5f60718293/triggers/a/invoke?sig=abcdef": "https://x.logic.azure.com:443/workflows/••••cdef",
		"https://ntfy.sh/mytopic":                  "https://ntfy.sh/••••",
		"https://ntfy.sh/a-topic-with-a-long-name": "https://ntfy.sh/••••name",
	} {
		if got := maskURL(url); got != want {
			t.Errorf("%q: %q", url, got)
		}
	}
}

// TestSharedChatURLs: what is masked where a URL is shown is looked for in what a receiver answers, too.
func TestSharedChatURLs(t *testing.T) {
	var shared struct {
		URLs []struct{ URL, Masked string } `json:"chat_urls"`
	}
	testfiles.SharedCases(t, "destinations.json", &shared)
	if len(shared.URLs) == 0 {
		t.Error("the table is empty")
	}
	for _, c := range shared.URLs {
		if masked := maskURL(c.URL); masked != c.Masked {
			t.Errorf("%s is shown as %s", c.URL, masked)
		}
	}
}
