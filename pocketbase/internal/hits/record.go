package hits

import (
	"pockethook/internal/fault"
	"pockethook/internal/store"
)

// RecordRequest is a batch of hits of one API process. A sender numbers its batches in rising order, so that a repeated one
// counts once. Day is the day of the salt with which visitors were hashed.
type RecordRequest struct {
	Sender  string    `json:"sender"`
	Batch   int64     `json:"batch"`
	Day     string    `json:"day"`
	Items   []Hit     `json:"items"`
	Dropped []Dropped `json:"dropped"`
}

// Hit is one pageview or custom event of a visitor, or a sign of life. A hit without a Page is no pageview.
type Hit struct {
	Site    string `json:"site"`
	Visitor []byte `json:"visitor"`
	// Previous is the same visitor's hash by yesterday's salt; empty: there is none.
	Previous []byte `json:"previous"`
	// SignOfLife prolongs an existing visit and counts as nothing else.
	SignOfLife bool `json:"sign_of_life"`
	// AgeMs is how long ago the API process received it; the time is computed by this service's clock.
	AgeMs       int64        `json:"age_ms"`
	Page        string       `json:"page"`
	Source      string       `json:"source"`
	Completions []Completion `json:"completions"`
}

// Completion is a goal that a hit completed. Amount is a decimal number, or empty.
type Completion struct {
	Goal     string `json:"goal"`
	Page     string `json:"page"`
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

// Dropped counts hits that were not kept. Site is empty where none has the domain.
type Dropped struct {
	Site   string `json:"site"`
	Reason string `json:"reason"`
	Count  int64  `json:"count"`
}

// RecordAnswer: Status is `recorded`, or `salts_changed` when nothing was stored because a day has begun since.
type RecordAnswer struct {
	store.Versions
	Status string `json:"status"`
}

const (
	recorded     = "recorded"
	saltsChanged = "salts_changed"
)

const (
	selectBatch = `SELECT batch FROM hit_batches WHERE sender = ?`
	keepBatch   = `INSERT INTO hit_batches (sender, batch, at) VALUES (?, ?, ?)
		ON CONFLICT (sender) DO UPDATE SET batch = excluded.batch, at = excluded.at`
)

// Record stores a batch in one durable commit, whole or not at all. A batch hashed with an older day's salt is refused
// (`salts_changed`), so that no visitor is counted under two hashes.
func (h *Hits) Record(request RecordRequest) (RecordAnswer, error) {
	if err := request.check(); err != nil {
		return RecordAnswer{}, err
	}
	var answer RecordAnswer
	var isNew bool
	err := h.Write(func(tx *store.Transaction) (err error) {
		now := h.Now()
		answer.Status, isNew = recorded, false
		if answer.Versions, err = store.ReadVersions(tx); err != nil {
			return err
		}
		var last int64
		known, err := tx.Row(selectBatch, []any{request.Sender}, &last)
		if err != nil || known && request.Batch <= last {
			return err
		}
		if len(request.Items) > 0 && request.Day != dayOf(now) {
			answer.Status = saltsChanged
			return nil
		}
		r := newRecording(tx, now.UnixMilli())
		for _, hit := range request.Items {
			r.add(hit)
		}
		if err := r.write(request.Dropped); err != nil {
			return err
		}
		isNew = true
		_, err = tx.Exec(keepBatch, request.Sender, request.Batch, now.UnixMilli())
		return err
	})
	if err == nil && isNew {
		h.touched.add(request.Items, request.Dropped)
	}
	return answer, err
}

const (
	itemsAtMost   = 10_000
	visitorLength = 16
	textAtMost    = 1_000
)

// check validates a batch; the API service never sends an invalid one.
func (r RecordRequest) check() error {
	if r.Sender == "" || len(r.Sender) > 100 || r.Batch < 1 {
		return fault.BadRequest("sender must be a text of 1 to 100 characters, batch a number from 1.")
	}
	if len(r.Items) > itemsAtMost || len(r.Dropped) > itemsAtMost {
		return fault.BadRequest("A batch may have at most 10000 hits.")
	}
	for _, hit := range r.Items {
		if !store.IsID(hit.Site) || len(hit.Visitor) != visitorLength || len(hit.Previous)%visitorLength != 0 {
			return fault.BadRequest("A hit needs the id of a site and a visitor of 16 bytes.")
		}
		if len(hit.Page) > 4*textAtMost || len(hit.Source) > 4*textAtMost {
			return fault.BadRequest("The page or source of a hit is too long.")
		}
		for _, completion := range hit.Completions {
			if !store.IsID(completion.Goal) {
				return fault.BadRequest("A completion needs the id of a goal.")
			}
		}
	}
	for _, dropped := range r.Dropped {
		if dropped.Site != "" && !store.IsID(dropped.Site) || dropped.Reason == "" || len(dropped.Reason) > 50 || dropped.Count < 1 {
			return fault.BadRequest("Dropped hits need a site, a reason and a count.")
		}
	}
	return nil
}
