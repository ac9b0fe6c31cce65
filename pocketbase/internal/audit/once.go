package audit

import (
	"encoding/json/v2"
	"errors"
	"net/http"
	"regexp"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/router"

	"pockethook/internal/fault"
	"pockethook/internal/store"
)

// Once tells the repetition of a request from a new one. Key is the SHA-256 of who asks and their Idempotency-Key, in hex;
// Fingerprint that of the request. Empty: the request has no key, and each one is new.
type Once struct {
	Key         string `json:"key"`
	Fingerprint string `json:"fingerprint"`
}

const (
	// OnceKept is how long a repetition is recognised, as docs/api.md says.
	OnceKept = 24 * time.Hour
	// onceAtMost bounds the table; each row has some 300 bytes.
	onceAtMost = 100_000
	// oncePruned old rows leave with each new one.
	oncePruned = 20
)

var sha256Form = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (o Once) check() error {
	if o == (Once{}) || sha256Form.MatchString(o.Key) && sha256Form.MatchString(o.Fingerprint) {
		return nil
	}
	return fault.BadRequest("once needs a key and a fingerprint, both SHA-256 in hex.")
}

// ErrKeyReused: the key was used for another request.
var ErrKeyReused = router.NewApiError(http.StatusUnprocessableEntity, "This Idempotency-Key was used for another request.", nil)

// Repetition is true in the answer to a repetition.
type Repetition struct {
	Repeated bool `json:"repeated,omitzero"`
}

const (
	selectOnce = `SELECT fingerprint, answer FROM idempotency_keys WHERE key = {:key} AND created > {:after}`
	insertOnce = `INSERT INTO idempotency_keys (key, fingerprint, answer, created) VALUES ({:key}, {:fingerprint}, {:answer}, {:now})`
	// forgetOnce makes room: for what is too old, which may be the very key that comes again, and for what is too many.
	forgetOnce = `DELETE FROM idempotency_keys WHERE number IN (SELECT number FROM idempotency_keys WHERE created <= {:after}
		ORDER BY created LIMIT {:pruned}) OR (key = {:key} AND created <= {:after})
		OR number <= (SELECT max(number) FROM idempotency_keys) - {:most}`
)

// Recall reads what was answered to the same request before; false: it was not made yet.
func (o Once) Recall(db dbx.Builder, now time.Time, answer any) (bool, error) {
	if o.Key == "" {
		return false, nil
	}
	var rows []struct {
		Fingerprint string `db:"fingerprint"`
		Answer      string `db:"answer"`
	}
	params := dbx.Params{"key": o.Key, "after": store.FormatTime(now.Add(-OnceKept))}
	if err := db.NewQuery(selectOnce).Bind(params).All(&rows); err != nil || len(rows) == 0 {
		return false, err
	}
	if rows[0].Fingerprint != o.Fingerprint {
		return false, ErrKeyReused
	}
	return true, errors.Join(json.Unmarshal([]byte(rows[0].Answer), answer), json.Unmarshal([]byte(`{"repeated":true}`), answer))
}

// Remember keeps the answer in the transaction that makes the change: either both are there or neither.
func (o Once) Remember(db dbx.Builder, now time.Time, answer any) error {
	if o.Key == "" {
		return nil
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	params := dbx.Params{
		"key": o.Key, "fingerprint": o.Fingerprint, "answer": string(text), "now": store.FormatTime(now),
		"after": store.FormatTime(now.Add(-OnceKept)), "pruned": oncePruned, "most": onceAtMost,
	}
	if _, err := db.NewQuery(forgetOnce).Bind(params).Execute(); err != nil {
		return err
	}
	_, err = db.NewQuery(insertOnce).Bind(params).Execute()
	return err
}
