package main

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"
)

// shown is a secret field as it may be shown.
type shown struct {
	field string
	value any
	// compared tells whether it changed: ciphertext differs with each save, so the plain texts decide.
	compared string
}

// show masks the secrets of a record, without changing it. What can't be read is compared as it is stored.
func (s *secrets) show(record *core.Record) (all []shown) {
	for _, field := range secretFields[record.Collection().Name] {
		if !field.sealed(record) {
			continue
		}
		entries, err := field.read(record)
		if err != nil {
			all = append(all, shown{field.name, unopened, jsonText(record, field.name)})
			continue
		}
		if len(entries) == 0 {
			continue
		}
		compared := ""
		for i, entry := range entries {
			plain, err := s.keys.open(entry.text, place(record, field))
			if err != nil {
				plain = entry.text
			}
			compared += fmt.Sprintf("%q %q\n", entry.key, plain)
			entries[i].text = s.maskOf(entry.text, place(record, field), field)
		}
		copied := record.Clone()
		field.write(copied, entries)
		all = append(all, shown{field.name, copied.Get(field.name), compared})
	}
	return all
}
