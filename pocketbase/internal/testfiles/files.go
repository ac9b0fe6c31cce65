// Package testfiles finds the files of the project that tests read.
package testfiles

import (
	"encoding/json/v2"
	"os"
	"path/filepath"
	"testing"
)

// InProject is the path of a file of the project, from whichever folder a test runs in.
func InProject(parts ...string) string {
	dir := ".."
	for {
		if _, err := os.Stat(filepath.Join(dir, "pb_migrations")); err == nil {
			return filepath.Join(append([]string{dir}, parts...)...)
		}
		dir = filepath.Join(dir, "..")
	}
}

// SharedCases reads a table of tests/shared, which the tests of the API service run as well.
func SharedCases(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(InProject("tests/shared", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
}

func NewestMigration(t *testing.T) string {
	t.Helper()
	files, err := os.ReadDir(InProject("pb_migrations"))
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	return files[len(files)-1].Name()
}

// checkCode stands for the API's code: "bad" is refused, and "slow" is under way until somebody changes the field.
const checkCode = `module.exports = { checkRecord(collection, read) {
	if (collection === 'sources') return {};
	while (read('filter') === 'slow');
	return read('filter') === 'bad' ? { filter: 'is bad' } : {};
} };`

// WriteCheckCode makes the folder that --hooksDir names.
func WriteCheckCode(t testing.TB, dir string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, "generated"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "generated", "expressions.js"), []byte(checkCode), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}
