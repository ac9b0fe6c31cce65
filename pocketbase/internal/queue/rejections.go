package queue

import (
	"pockethook/internal/fault"
	"pockethook/internal/store"
)

// Rejection is Rejection of api/src/model/event.ts, with an id.
type Rejection struct {
	ID      string `json:"id"`
	Account string `json:"account"`
	Source  string `json:"source"`
	Code    string `json:"code"`
	// VerificationFailure is what was wrong with a signature.
	VerificationFailure string `json:"verification_failure"`
	Detail              string `json:"detail"`
	CorrelationID       string `json:"correlation_id"`
	Method              string `json:"method"`
	ContentType         string `json:"content_type"`
	BodyBytes           int64  `json:"body_bytes"`
	BodyExcerpt         string `json:"body_excerpt"`
	ReceivedAt          string `json:"received_at"`
}

const insertRejection = `INSERT INTO rejections (id, account, source, code, verification_failure, detail, correlation_id, method, content_type,
	body_bytes, body_excerpt, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`

// trimRejections keeps the newest 100 of a source: enough to see what is wrong, and bounded in a flood.
const trimRejections = `DELETE FROM rejections WHERE id IN (
	SELECT id FROM rejections WHERE source = ? ORDER BY received_at DESC, rowid DESC LIMIT -1 OFFSET 100)`

// Reject stores one rejection; texts that are too long are cut, since strangers choose them.
func (q *Queue) Reject(r Rejection) (store.Written, error) {
	c := q.Limits.Of("rejections").ID("id", r.ID).ID("account", r.Account).ID("source", r.Source).Time("received_at", r.ReceivedAt)
	if c.Err != nil {
		return store.Written{}, fault.BadRequest(c.Err.Error())
	}
	cut := func(field, value string) string { return store.Clip(value, q.Limits["rejections"][field]) }
	return q.WriteAnd(func(tx *store.Transaction) error {
		_, err := tx.Exec(insertRejection, r.ID, r.Account, r.Source, cut("code", r.Code), cut("verification_failure", r.VerificationFailure),
			cut("detail", r.Detail), cut("correlation_id", r.CorrelationID), cut("method", r.Method), cut("content_type", r.ContentType), r.BodyBytes,
			cut("body_excerpt", r.BodyExcerpt), r.ReceivedAt)
		if err != nil {
			return err
		}
		_, err = tx.Exec(trimRejections, r.Source)
		return err
	})
}
