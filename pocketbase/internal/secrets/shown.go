package secrets

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"
)

// shown is the masked value of a secret field.
type shown struct {
	Field string
	Value any
	// Compared is the plain text, for comparisons: ciphertext differs after every save.
	Compared string
}

// Show returns the masked secrets of a record without changing it. Unreadable fields are compared as stored.
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
