package main

import (
	"crypto/sha256"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "pockethook/internal/testkit"
)

func keysVariable(keys ...string) string {
	for i, key := range keys {
		keys[i] = base64.StdEncoding.EncodeToString([]byte(key))
	}
	return "ENCRYPTION_KEYS=" + strings.Join(keys, ",")
}

// sealedWith makes a data folder whose secrets are encrypted with a key each, and returns the folder that process wants.
func sealedWith(t *testing.T, keys ...string) string {
	t.Helper()
	data := CopyTemplate(t)
	for i, key := range keys {
		env := TestEnvironment()
		env.EncryptionKeys = [][]byte{[]byte(key)}
		env.AcceptLostKeys = true
		b := NewBenchIn(t, data, env)
		name := string(rune('a' + i))
		b.Save("sources", map[string]any{"name": name, "verification": "none", "secrets": []string{"a-long-secret-" + name}})
		b.Save("destinations", map[string]any{"name": name, "type": "http", "url": "https://93.184.215.14", "headers": map[string]string{"x-token": "abc"}})
		b.Must(b.App.ClearBootstrap())
	}
	return filepath.Dir(data)
}

func TestKeysThatOpenNothingAreRefused(t *testing.T) {
	dir := sealedWith(t, OtherKey)
	id := MustKeyring(t, OtherKey).Current
	before := hashOf(t, dir)
	said := refused(t, 78, dir, anyPort)
	contains(t, said, "open none of the secrets", "key "+id+" (2)", MustKeyring(t, string(TestEnvironment().EncryptionKeys[0])).Current, "Nothing was changed", "A lost key")
	if strings.Contains(said, "credentials.json") {
		t.Errorf("a file that is not there is named in %s", said)
	}
	if err := os.WriteFile(filepath.Join(dir, "credentials.json"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	contains(t, refused(t, 78, dir, anyPort), filepath.Join(dir, "credentials.json"))
	if hashOf(t, dir) != before {
		t.Error("the database was changed")
	}
}

func TestKeysThatOpenSomethingAreEnough(t *testing.T) {
	given := string(TestEnvironment().EncryptionKeys[0])
	startService(t, sealedWith(t, OtherKey, given))
	startService(t, sealedWith(t))
}

func TestRotationStarts(t *testing.T) {
	dir := sealedWith(t, OtherKey)
	cmd := process(t, dir, append(servable[:2:2], keysVariable("99999999999999999999999999999999", OtherKey)), "serve", "--http=127.0.0.1:0")
	stdout, _ := cmd.StdoutPipe()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 9)
	stdout.Read(line)
	cmd.Process.Kill()
	cmd.Wait()
	if string(line) != "pocketbas" {
		t.Fatalf("said %q", line)
	}
}

func TestLostKeysCanBeAccepted(t *testing.T) {
	startService(t, sealedWith(t, OtherKey), "ACCEPT_LOST_KEYS=true")
}

func hashOf(t *testing.T, dir string) [32]byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, "data", "data.db"))
	if err != nil {
		t.Fatal(err)
	}
	return sha256.Sum256(content)
}
