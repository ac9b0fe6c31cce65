package hits

import (
	"crypto/rand"
	"encoding/base64"
	"time"

	"pockethook/internal/store"
)

const saltLength = 32

// SaltsAnswer holds the current salts for visitor hashes. Yesterday is empty if there was none.
type SaltsAnswer struct {
	ConfigVersion int64  `json:"config_version"`
	Day           string `json:"day"`
	Today         []byte `json:"today"`
	Yesterday     []byte `json:"yesterday"`
	// ExpiresInMs is the time until the UTC day ends, by this service's clock.
	ExpiresInMs int64 `json:"expires_in_ms"`
}

const (
	selectSalt = `SELECT salt FROM salts WHERE day = ?`
	insertSalt = `INSERT INTO salts (day, salt) VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET salt = excluded.salt`
	// Overwrite a salt before deleting it: SQLite leaves deleted content in the file until the space is reused.
	wipeSalts   = `UPDATE salts SET salt = printf('%.*c', length(salt), '-') WHERE day < ?`
	deleteSalts = `DELETE FROM salts WHERE day < ?`
)

// Salts creates today's salt if it is missing, and deletes those before yesterday's.
func (h *Hits) Salts() (SaltsAnswer, error) {
	var answer SaltsAnswer
	err := h.Write(func(tx *store.Transaction) (err error) {
		now := h.Now().UTC()
		tomorrow := now.Truncate(24*time.Hour).AddDate(0, 0, 1)
		answer = SaltsAnswer{Day: dayOf(now), ExpiresInMs: tomorrow.Sub(now).Milliseconds()}
		if answer.ConfigVersion, err = store.ConfigVersion(tx); err != nil {
			return err
		}
		if err = forgetSalts(tx, now); err != nil {
			return err
		}
		if answer.Yesterday, err = h.readSalt(tx, dayOf(now.AddDate(0, 0, -1))); err != nil {
			return err
		}
		if answer.Today, err = h.readSalt(tx, answer.Day); err != nil || answer.Today != nil {
			return err
		}
		answer.Today, err = h.makeSalt(tx, answer.Day)
		return err
	})
	return answer, err
}

// forgetSalts deletes those that are older than yesterday's: each has lived for 48 hours then.
func forgetSalts(tx *store.Transaction, now time.Time) error {
	yesterday := dayOf(now.UTC().AddDate(0, 0, -1))
	if _, err := tx.Exec(wipeSalts, yesterday); err != nil {
		return err
	}
	_, err := tx.Exec(deleteSalts, yesterday)
	return err
}

// readSalt returns nil if there is no salt, or none that can be decrypted. A new one then replaces it, so that visitors of
// that day are counted a second time.
func (h *Hits) readSalt(tx *store.Transaction, day string) ([]byte, error) {
	var sealed string
	if found, err := tx.Row(selectSalt, []any{day}, &sealed); err != nil || !found {
		return nil, err
	}
	text, err := h.keys.Open(sealed, placeOf(day))
	if err != nil {
		h.App.Logger().Warn("a salt of visitors' hashes can't be opened", "day", day, "error", err)
		return nil, nil
	}
	return base64.StdEncoding.DecodeString(text)
}

func (h *Hits) makeSalt(tx *store.Transaction, day string) ([]byte, error) {
	salt := make([]byte, saltLength)
	if _, err := rand.Read(salt); err != nil {
		return nil, err
	}
	sealed, err := h.keys.Seal(base64.StdEncoding.EncodeToString(salt), placeOf(day))
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(insertSalt, day, sealed)
	return salt, err
}

// placeOf is the authenticated data of an encrypted salt.
func placeOf(day string) string { return "salts/" + day + "/salt" }
