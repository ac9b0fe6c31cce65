package server_test

import (
	"errors"
	"slices"
	"testing"

	"pockethook/internal/rules"
	"pockethook/internal/server"
)

func TestEnvironmentFromFiles(t *testing.T) {
	values := map[string]string{
		"POCKETBASE_ADMIN_EMAIL": " a@example.com ", "POCKETBASE_ADMIN_PASSWORD_FILE": "/secrets/password",
		"ENCRYPTION_KEYS_FILE": "/secrets/keys", "ALLOWED_PRIVATE_NETWORKS": "10.1.2.3/8, ::1/128", "ALLOWED_PORTS": "443, 8000-8999",
	}
	files := map[string]string{
		"/secrets/password": "correct horse\n",
		"/secrets/keys":     "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=,\nZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=\n",
	}
	readFile := func(path string) ([]byte, error) {
		if content, ok := files[path]; ok {
			return []byte(content), nil
		}
		return nil, errors.New("no such file")
	}
	env, err := server.ReadEnvironment(func(name string) string { return values[name] }, readFile, server.ServingFirst)
	if err != nil {
		t.Fatal(err)
	}
	if env.AdminEmail != "a@example.com" || env.AdminPassword != "correct horse" || len(env.EncryptionKeys) != 2 ||
		env.AllowedPrivateNetworks[0].String() != "10.0.0.0/8" || env.AllowHTTPDestinations || env.Supervised ||
		!slices.Equal(env.AllowedPorts, []rules.PortRange{{First: 443, Last: 443}, {First: 8000, Last: 8999}}) {
		t.Fatalf("%+v", env)
	}
}

func TestEnvironmentOfMigrationsNeedsNothing(t *testing.T) {
	if _, err := server.ReadEnvironment(func(string) string { return "" }, nil, server.OtherCommand); err != nil {
		t.Fatal(err)
	}
}

func TestEnvironmentOfLaterStartsNeedsTheKeysOnly(t *testing.T) {
	keys := func(name string) string {
		return map[string]string{"ENCRYPTION_KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}[name]
	}
	if _, err := server.ReadEnvironment(keys, nil, server.Serving); err != nil {
		t.Fatal(err)
	}
	if _, err := server.ReadEnvironment(keys, nil, server.ServingFirst); err == nil {
		t.Fatal("a first start without an operator's login")
	}
}
