package main

import (
	"encoding/hex"
	"fmt"
	"testing"
)

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
			ports = append(ports, fmt.Sprintf("%d-%d", port.First, port.Last))
		}
		same("ALLOWED_PORTS", c.Value, err, c.Read == nil, ports, c.Read)
	}
}
