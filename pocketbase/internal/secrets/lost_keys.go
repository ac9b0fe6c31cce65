package secrets

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"pockethook/internal/fault"
	"pockethook/internal/store"
)

// sealedBy finds the key ids in a stored field, which is a text or JSON with texts.
var sealedBy = regexp.MustCompile(`(?:^|")` + regexp.QuoteMeta(SealedPrefix) + `([0-9a-f]{8}):`)

// RefuseLostKeys refuses a start if none of the keys decrypts any stored secret, since they belong to another installation
// then. If at least one secret can be decrypted, the start goes on, and records that need other keys are reported one by
// one. The search ends at the first readable secret.
func (s *Vault) RefuseLostKeys(db *dbx.DB, dataDir string) error {
	keys := s.keys
	if len(keys.ciphers) == 0 {
		return nil
	}
	needed := map[string]int{}
	for _, collection := range s.fields.collections() {
		readable, err := s.countByKey(db, collection, needed)
		if err != nil || readable {
			return err
		}
	}
	if len(needed) == 0 {
		return nil
	}
	var needs []string
	for _, id := range slices.Sorted(maps.Keys(needed)) {
		needs = append(needs, fmt.Sprintf("%s (%d)", id, needed[id]))
	}
	return fault.Refusal(fmt.Sprintf(
		"the given encryption keys (%s) open none of the secrets in %s. Needed, with the number of records: key %s. Nothing was changed.\n"+
			"Start with that key: %s\n"+
			"If it is lost for good, see \"A lost key\" in docs/runbooks/README.md.",
		strings.Join(slices.Sorted(maps.Keys(keys.ciphers)), ", "), dataDir, strings.Join(needs, ", key "), whereKeysAre(dataDir)))
}

// countByKey counts in needed the records of a collection by unknown key, until it finds a secret of a known key.
func (s *Vault) countByKey(db *dbx.DB, collection string, needed map[string]int) (readable bool, err error) {
	if found, err := store.HasTable(db, collection); err != nil || !found {
		return false, err
	}
	// Selects all columns, since a database that isn't migrated yet may lack some.
	rows, err := db.Select().From(collection).Rows()
	if err != nil {
		return false, err
	}
	defer rows.Close()
	for rows.Next() {
		row := dbx.NullStringMap{}
		if err := rows.ScanMap(row); err != nil {
			return false, err
		}
		ids := map[string]bool{}
		for _, field := range s.fields[collection] {
			for _, match := range sealedBy.FindAllStringSubmatch(row[field.Name].String, -1) {
				ids[match[1]] = true
			}
		}
		for id := range ids {
			if s.keys.ciphers[id] != nil {
				return true, nil
			}
			needed[id]++
		}
	}
	return false, rows.Err()
}

// whereKeysAre tells where the key may be: a local start keeps a file beside its database.
func whereKeysAre(dataDir string) string {
	file := filepath.Join(filepath.Dir(dataDir), "credentials.json")
	if _, err := os.Stat(file); err != nil {
		return "ENCRYPTION_KEYS of the installation that wrote the database, or the file that ENCRYPTION_KEYS_FILE names."
	}
	return fmt.Sprintf("%s keeps those of this installation, and is used when ENCRYPTION_KEYS is not set.", file)
}
