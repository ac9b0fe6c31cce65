package secrets

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"
)

// shown is a secret field as it may be shown.
type shown struct {
	Field string
	Value any
	// Compared tells whether it changed: ciphertext differs with each save, so the plain texts decide.
	Compared string
}

// Show masks the secrets of a record, without changing it. What can't be read is compared as it is stored.
func (s *Vault) Show(record *core.Record) (all []shown) {
	for _, field := range s.fields[record.Collection().Name] {
		if !field.sealed(record) {
			continue
		}
		entries, err := field.Read(record)
		if err != nil {
			all = append(all, shown{field.Name, unopened, JSONText(record, field.Name)})
			continue
		}
		if len(entries) == 0 {
			continue
		}
		compared := ""
		for i, entry := range entries {
			plain, err := s.keys.Open(entry.Text, place(record, field))
			if err != nil {
				plain = entry.Text
			}
			compared += fmt.Sprintf("%q %q\n", entry.Key, plain)
			entries[i].Text = s.maskOf(entry.Text, place(record, field), field)
		}
		copied := record.Clone()
		field.write(copied, entries)
		all = append(all, shown{field.Name, copied.Get(field.Name), compared})
	}
	return all
}
