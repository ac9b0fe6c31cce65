package secrets

import (
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/audit"
)

// rotatePage is how many records are re-encrypted in one transaction.
const rotatePage = 50

// Unreadable is a secret that no key of ENCRYPTION_KEYS decrypts.
type Unreadable struct {
	Collection string `json:"collection"`
	ID         string `json:"id"`
	Name       string `json:"name"`
	Field      string `json:"field"`
}

// RotateRequest lists the ids of the caller's keys.
type RotateRequest struct {
	Known []string `json:"known"`
	audit.Caller
}

// RotateAnswer counts secrets. Older keys can be removed when Unreadable is empty.
type RotateAnswer struct {
	// Refused: the caller doesn't have the first key, so it couldn't decrypt the re-encrypted secrets.
	Refused bool `json:"refused"`
	// Key is the id of the current key, as in every secret encrypted with it.
	Key        string       `json:"key"`
	Rotated    int          `json:"rotated"`
	Current    int          `json:"current"`
	Unreadable []Unreadable `json:"unreadable"`
}

// Rotate re-encrypts secrets of older keys with the first key. It is idempotent, and changes neither the secrets themselves
// nor `updated`, so the configuration version stays the same.
func (s *Vault) Rotate(app core.App, request RotateRequest, now time.Time) (RotateAnswer, error) {
	if err := request.Caller.Check(); err != nil {
		return RotateAnswer{}, err
	}
	answer := RotateAnswer{Key: s.keys.Current, Unreadable: []Unreadable{}}
	if !slices.Contains(request.Known, s.keys.Current) {
		answer.Refused = true
		return answer, nil
	}
	// Write the audit row first, so that no secret is re-encrypted without one.
	asked := audit.Entry{By: request.Caller, Action: "secrets.rotate", Detail: map[string]any{"key": answer.Key}}
	if err := audit.WriteIn(app.NonconcurrentDB(), now, asked); err != nil {
		return RotateAnswer{}, err
	}
	for _, collection := range s.fields.collections() {
		for after, more := "", true; more; {
			err := app.RunInTransaction(func(tx core.App) error {
				var records []*core.Record
				err := tx.RecordQuery(collection).AndWhere(dbx.NewExp("id > {:after}", dbx.Params{"after": after})).
					OrderBy("id").Limit(rotatePage).All(&records)
				if err != nil {
					return err
				}
				more = len(records) == rotatePage
				for _, record := range records {
					after = record.Id
					if err := s.rotateRecord(tx, record, &answer); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return RotateAnswer{}, err
			}
		}
	}
	return answer, nil
}

func (s *Vault) rotateRecord(tx core.App, record *core.Record, answer *RotateAnswer) error {
	changed := dbx.Params{}
	for _, field := range s.fields[record.Collection().Name] {
		entries, err := field.Read(record)
		if err != nil {
			answer.Unreadable = append(answer.Unreadable, Unreadable{
				record.Collection().Name, record.Id, record.GetString("name"), field.Name,
			})
			continue
		}
		rotated := 0
		for i, entry := range entries {
			if !IsSealed(entry.Text) {
				continue
			}
			if s.keys.sealedWithCurrent(entry.Text) {
				answer.Current++
				continue
			}
			plain, err := s.keys.Open(entry.Text, place(record, field))
			if err != nil {
				answer.Unreadable = append(answer.Unreadable, Unreadable{
					record.Collection().Name, record.Id, record.GetString("name"), field.Name,
				})
				continue
			}
			if entries[i].Text, err = s.keys.Seal(plain, place(record, field)); err != nil {
				return err
			}
			rotated++
		}
		if rotated > 0 {
			field.write(record, entries)
			changed[field.Name] = record.GetString(field.Name)
			answer.Rotated += rotated
		}
	}
	if len(changed) == 0 {
		return nil
	}
	_, err := tx.DB().Update(record.Collection().Name, changed, dbx.HashExp{"id": record.Id}).Execute()
	return err
}
