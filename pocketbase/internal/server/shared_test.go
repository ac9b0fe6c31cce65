package server_test

import (
	"encoding/hex"
	"fmt"
	"testing"

	"pockethook/internal/server"
	"pockethook/internal/testfiles"
	. "pockethook/internal/testkit"
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
	testfiles.SharedCases(t, "environment.json", &cases)
	read := func(name, value string) (server.Environment, error) {
		return server.ReadEnvironment(func(asked string) string { return map[string]string{name: value}[asked] }, nil, server.OtherCommand)
	}
	same := func(name, value string, err error, refused bool, got, want any) {
		t.Helper()
		if (err != nil) != refused || !refused && string(Raw(got)) != string(Raw(want)) {
			t.Errorf("%s=%q: %s, not %s (%v)", name, value, Raw(got), Raw(want), err)
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
