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

// Once identifies a request, to recognise repetitions. Key is the SHA-256 of the caller and their Idempotency-Key, in hex;
// Fingerprint that of the request. The zero value means that there is no key and each request is new.
type Once struct {
	Key         string `json:"key"`
	Fingerprint string `json:"fingerprint"`
}

const (
	// OnceKept is how long repetitions are recognised; the contract (api/contract/parameters.yaml) promises it.
	OnceKept = 24 * time.Hour
	// onceAtMost bounds the rows of the table, of about 300 bytes each.
	onceAtMost = 100_000
	// oncePruned is how many outdated rows are deleted with each new one.
	oncePruned = 20
)

var sha256Form = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (o Once) check() error {
	if o == (Once{}) || sha256Form.MatchString(o.Key) && sha256Form.MatchString(o.Fingerprint) {
		return nil
	}
	return fault.BadRequest("once needs a key and a fingerprint, both SHA-256 in hex.")
}

// ErrKeyReused is returned when the key was used for a different request.
var ErrKeyReused = router.NewApiError(http.StatusUnprocessableEntity, "This Idempotency-Key was used for another request.", nil)

// Repetition is embedded in answers: Repeated is true if the request had been carried out before.
type Repetition struct {
	Repeated bool `json:"repeated,omitzero"`
}

const (
	selectOnce = `SELECT fingerprint, answer FROM idempotency_keys WHERE key = {:key} AND created > {:after}`
	insertOnce = `INSERT INTO idempotency_keys (key, fingerprint, answer, created) VALUES ({:key}, {:fingerprint}, {:answer}, {:now})`
	// forgetOnce deletes rows that are too old, the given key's among them, and rows beyond the maximum.
	forgetOnce = `DELETE FROM idempotency_keys WHERE number IN (SELECT number FROM idempotency_keys WHERE created <= {:after}
		ORDER BY created LIMIT {:pruned}) OR (key = {:key} AND created <= {:after})
		OR number <= (SELECT max(number) FROM idempotency_keys) - {:most}`
)

// Recall reads the answer given to the same request before; false if it is a new request.
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

// Remember stores the answer in the transaction of the change, so that either both are stored or neither.
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
