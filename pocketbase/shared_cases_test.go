package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json/v2"
	"fmt"
	"os"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// sharedCases reads a table of tests/shared, which the tests of the API service run as well.
func sharedCases(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile("../tests/shared/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
}

func TestEnvironmentIsReadAsByTheAPI(t *testing.T) {
	var cases struct {
		Keys []struct {
			Value string
			Read  []string
		} `json:"ENCRYPTION_KEYS"`
		Booleans []struct {
			Value string
			Read  *bool
		} `json:"ALLOW_HTTP_DESTINATIONS"`
		Networks []struct {
			Value string
			Read  []string
		} `json:"ALLOWED_PRIVATE_NETWORKS"`
		Ports []struct {
			Value string
			Read  []string
		} `json:"ALLOWED_PORTS"`
	}
	sharedCases(t, "environment.json", &cases)
	read := func(name, value string) (environment, error) {
		return readEnvironment(func(asked string) string { return map[string]string{name: value}[asked] }, nil, otherCommand)
	}
	same := func(name, value string, err error, refused bool, got, want any) {
		t.Helper()
		if (err != nil) != refused || !refused && string(raw(got)) != string(raw(want)) {
			t.Errorf("%s=%q: %s, not %s (%v)", name, value, raw(got), raw(want), err)
		}
	}
	for _, c := range cases.Keys {
		env, err := read("ENCRYPTION_KEYS", c.Value)
		keys := []string{}
		for _, key := range env.EncryptionKeys {
			keys = append(keys, hex.EncodeToString(key))
		}
		same("ENCRYPTION_KEYS", c.Value, err, c.Read == nil, keys, c.Read)
	}
	for _, c := range cases.Booleans {
		env, err := read("ALLOW_HTTP_DESTINATIONS", c.Value)
		same("ALLOW_HTTP_DESTINATIONS", c.Value, err, c.Read == nil, env.AllowHTTPDestinations, c.Read)
	}
	for _, c := range cases.Networks {
		env, err := read("ALLOWED_PRIVATE_NETWORKS", c.Value)
		networks := []string{}
		for _, network := range env.AllowedPrivateNetworks {
			networks = append(networks, network.String())
		}
		same("ALLOWED_PRIVATE_NETWORKS", c.Value, err, c.Read == nil, networks, c.Read)
	}
	for _, c := range cases.Ports {
		env, err := read("ALLOWED_PORTS", c.Value)
		ports := []string{}
		for _, port := range env.AllowedPorts {
			ports = append(ports, fmt.Sprintf("%d-%d", port.first, port.last))
		}
		same("ALLOWED_PORTS", c.Value, err, c.Read == nil, ports, c.Read)
	}
}

func TestSecretsAreReadAsByTheAPI(t *testing.T) {
	var cases struct {
		Key    string `json:"key"`
		Place  string `json:"place"`
		Stored []struct {
			What  string  `json:"what"`
			Text  string  `json:"text"`
			Plain *string `json:"plain"`
		} `json:"stored"`
		Lists []struct {
			What  string `json:"what"`
			JSON  string `json:"json"`
			Count int    `json:"count"`
		} `json:"lists"`
	}
	sharedCases(t, "secrets.json", &cases)
	key, err := base64.StdEncoding.DecodeString(cases.Key)
	if err != nil {
		t.Fatal(err)
	}
	ring, err := newKeyring([][]byte{key})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases.Stored {
		plain, err := ring.open(c.Text, cases.Place)
		if (err != nil) != (c.Plain == nil) || c.Plain != nil && plain != *c.Plain {
			t.Errorf("%s: %q %v", c.What, plain, err)
		}
	}
	b := newBench(t)
	for _, c := range cases.Lists {
		record := core.NewRecord(b.get("sources", b.source).Collection())
		record.Set("secrets", types.JSONRaw(c.JSON))
		entries, err := secretList("secrets").read(record)
		if err != nil || len(entries) != c.Count {
			t.Errorf("%s: %v %v", c.What, entries, err)
		}
	}
}
