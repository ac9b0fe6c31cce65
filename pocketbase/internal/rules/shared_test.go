package rules

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"pockethook/internal/testfiles"
)

// TestSharedRelay runs the cases that tests/unit/model/relay.test.ts runs with what is relayed.
func TestSharedRelay(t *testing.T) {
	var shared struct{ Never, May []string }
	testfiles.SharedCases(t, "relay.json", &shared)
	for _, name := range shared.Never {
		if mayRelay(name) {
			t.Errorf("%s may be relayed", name)
		}
	}
	for _, name := range shared.May {
		if !mayRelay(name) {
			t.Errorf("%s may not be relayed", name)
		}
	}
}

// TestSharedDestinations runs the cases that tests/unit/delivery/shared-cases.test.ts runs with what is sent.
func TestSharedDestinations(t *testing.T) {
	var shared struct {
		Durations []struct {
			Text string
			Ms   *int64
		}
		Headers []struct {
			Name     string
			Reserved bool
		}
		HeaderValues []struct {
			Value string
			Sent  *string
		} `json:"header_values"`
		SigningSecrets []struct {
			Secret string
			Key    *string
		} `json:"signing_secrets"`
	}
	testfiles.SharedCases(t, "destinations.json", &shared)
	for _, c := range shared.Durations {
		duration, ok := parseDuration(c.Text)
		if ok != (c.Ms != nil) || ok && duration.Round(time.Millisecond).Milliseconds() != *c.Ms {
			t.Errorf("duration %q: %v %v", c.Text, duration, ok)
		}
	}
	for _, c := range shared.Headers {
		if err := checkHeader(c.Name, "custom"); (err != nil) != c.Reserved {
			t.Errorf("header %s: %v", c.Name, err)
		}
	}
	for _, c := range shared.HeaderValues {
		if err := checkHeader("x-a", c.Value); (err == nil) != (c.Sent != nil) {
			t.Errorf("header value %q: %v", c.Value, err)
		}
	}
	for _, c := range shared.SigningSecrets {
		key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(c.Secret, "whsec_"))
		err := checkStandardWebhooksSecret(c.Secret)
		if (err != nil) != (c.Key == nil) || c.Key != nil && hex.EncodeToString(key) != *c.Key {
			t.Errorf("%s: %x %v", c.Secret, key, err)
		}
	}
	if len(shared.Durations) == 0 || len(shared.Headers) == 0 || len(shared.HeaderValues) == 0 || len(shared.SigningSecrets) == 0 {
		t.Error("a table is empty")
	}
}
