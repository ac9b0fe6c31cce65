// Package secrets encrypts the secrets of records in the database and masks them everywhere else.
package secrets

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"pockethook/internal/fault"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
)

// Vault encrypts and masks the secret fields of records.
type Vault struct {
	keys   *Keyring
	fields Fields
}

// NewVault makes a vault with the keys of ENCRYPTION_KEYS.
func NewVault(keys *Keyring, fields Fields) *Vault { return &Vault{keys, fields} }

// Bind encrypts secrets at every save, masks them in every response, and replaces masks that a form sends back by the
// stored secrets.
func Bind(app core.App, s *Vault) {
	collections := s.fields.collections()
	app.OnRecordCreate(collections...).BindFunc(s.restoreMaskedSecrets)
	app.OnRecordUpdate(collections...).BindFunc(s.restoreMaskedSecrets)
	// Encrypt in this hook, since a new record gets its id, which the encryption is bound to, only now.
	app.OnRecordCreateExecute(collections...).BindFunc(s.seal)
	app.OnRecordUpdateExecute(collections...).BindFunc(s.seal)
	app.OnRecordEnrich(collections...).BindFunc(s.mask)
}

func place(record *core.Record, field Field) string {
	return record.Collection().Name + "/" + record.Id + "/" + field.Name
}

// restoreMaskedSecrets replaces masks that a form sends back by the stored secrets.
func (s *Vault) restoreMaskedSecrets(e *core.RecordEvent) error {
	var stored *core.Record
	if !e.Record.IsNew() {
		var err error
		if stored, err = e.App.FindRecordById(e.Record.Collection(), e.Record.Id); err != nil {
			return err
		}
	}
	problems := validation.Errors{}
	for _, field := range s.fields[e.Record.Collection().Name] {
		if err := s.restoreMaskedField(e.Record, stored, field); err != nil {
			problems[field.Name] = fault.AtField(err)
		}
	}
	if len(problems) > 0 {
		return problems
	}
	return e.Next()
}

func (s *Vault) restoreMaskedField(record, stored *core.Record, field Field) error {
	if stored != nil && JSONText(record, field.Name) == strconv.Quote(unopened) {
		record.SetRaw(field.Name, stored.GetRaw(field.Name))
	}
	entries, err := field.Read(record)
	if err != nil && IsUnchanged(record, field.Name) {
		return nil // the stored value was invalid before this edit
	}
	if err != nil {
		return err
	}
	kept := func(e Entry) bool { return isMask(e.Text) || strings.HasPrefix(e.Text, SealedPrefix) }
	if stored != nil && field.sealed(stored) && !field.sealed(record) && slices.ContainsFunc(entries, kept) {
		return errors.New("was a secret and would be shown with this type: write it anew")
	}
	if !slices.ContainsFunc(entries, func(e Entry) bool { return isMask(e.Text) }) {
		return nil
	}
	return s.restoreMasked(record, stored, field, entries)
}

// restoreMasked replaces entries that are masks by the stored ones.
func (s *Vault) restoreMasked(record, stored *core.Record, field Field, entries []Entry) (err error) {
	var kept []Entry
	if stored != nil {
		if kept, err = field.Read(stored); err != nil {
			return err
		}
	}
	for i, entry := range entries {
		if !isMask(entry.Text) {
			continue
		}
		found := s.findMaskedOriginal(kept, i, entry, place(record, field), field)
		if found < 0 {
			return errors.New("holds a mask that stands for no stored secret: write the secret itself")
		}
		entries[i].Text = kept[found].Text
		kept[found].Key, kept[found].Text = "\x00", ""
	}
	field.write(record, entries)
	return nil
}

// findMaskedOriginal prefers the entry at the same position, since all short secrets have the same mask.
func (s *Vault) findMaskedOriginal(kept []Entry, position int, entry Entry, place string, field Field) int {
	fits := func(k Entry) bool { return k.Key == entry.Key && s.maskOf(k.Text, place, field) == entry.Text }
	if position < len(kept) && fits(kept[position]) {
		return position
	}
	return slices.IndexFunc(kept, fits)
}

// unopened is the mask of a secret that no key decrypts; a form sends it back like any mask.
const unopened = Masked + " (can't be opened: write it anew)"

// maskOf is idempotent.
func (s *Vault) maskOf(text, place string, field Field) string {
	if isMask(text) {
		return text
	}
	plain, err := s.keys.Open(text, place)
	if err != nil {
		return unopened
	}
	return field.mask(plain)
}

// seal encrypts plain entries, and re-encrypts those of older keys.
func (s *Vault) seal(e *core.RecordEvent) error {
	for _, field := range s.fields[e.Record.Collection().Name] {
		entries, err := field.Read(e.Record)
		if err == nil && len(entries) == 0 || IsUnchanged(e.Record, field.Name) && !s.opens(e.Record, field) {
			continue
		}
		if err != nil {
			return validation.Errors{field.Name: fault.AtField(err)}
		}
		for i := range entries {
			if entries[i].Text, err = s.sealOne(entries[i].Text, e.Record, field); err != nil {
				return validation.Errors{field.Name: fault.AtField(err)}
			}
		}
		field.write(e.Record, entries)
	}
	return e.Next()
}

func (s *Vault) opens(record *core.Record, field Field) bool {
	_, err := s.Plain(record, field.Name)
	return err == nil
}

func (s *Vault) sealOne(text string, record *core.Record, field Field) (string, error) {
	if s.keys.sealedWithCurrent(text) && field.sealed(record) {
		return text, nil
	}
	plain, err := s.keys.Open(text, place(record, field))
	if err != nil || !field.sealed(record) {
		return plain, err
	}
	return s.keys.Seal(plain, place(record, field))
}

func (s *Vault) mask(e *core.RecordEnrichEvent) error {
	for _, field := range s.fields[e.Record.Collection().Name] {
		entries, err := field.Read(e.Record)
		if err != nil {
			// The field is invalid, so hide it whole: it may contain secrets.
			e.Record.Set(field.Name, unopened)
			continue
		}
		if len(entries) == 0 || !field.sealed(e.Record) {
			continue
		}
		for i := range entries {
			entries[i].Text = s.maskOf(entries[i].Text, place(e.Record, field), field)
		}
		field.write(e.Record, entries)
	}
	return e.Next()
}

// Plain returns the decrypted secrets of a field, for the checks of a save.
func (s *Vault) Plain(record *core.Record, name string) ([]Entry, error) {
	fields := s.fields[record.Collection().Name]
	field := fields[slices.IndexFunc(fields, func(f Field) bool { return f.Name == name })]
	entries, err := field.Read(record)
	for i := range entries {
		if entries[i].Text, err = s.keys.Open(entries[i].Text, place(record, field)); err != nil {
			return nil, err
		}
	}
	return entries, err
}
