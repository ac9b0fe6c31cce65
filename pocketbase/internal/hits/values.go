package hits

import (
	"encoding/binary"
	"errors"
	"time"

	"github.com/pocketbase/dbx"

	"pockethook/internal/fault"
	"pockethook/internal/store"
)

const (
	slotMs      = hour / 12
	daySlots    = 24 * 12
	savedAtOnce = 500
	slotsAtMost = 60 * daySlots
)

// SaveValuesRequest holds the values of one slot: 5 minutes, numbered since 1970.
type SaveValuesRequest struct {
	Slot  int64       `json:"slot"`
	Items []SiteValue `json:"items"`
}

// SiteValue is what was counted in a window at the time of its slot. Where the id of a goal stands for the site's, its completions.
type SiteValue struct {
	Window
	Value int64 `json:"value"`
}

const (
	selectValues = `SELECT slots, counts FROM site_values WHERE site = ? AND window_s = ? AND day = ?`
	keepValues   = `INSERT INTO site_values (site, window_s, day, slots, counts) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (site, window_s, day) DO UPDATE SET slots = excluded.slots, counts = excluded.counts`
)

// SaveValues appends to the day's counts of each window; a slot that was saved before keeps its value. A large save goes in
// several transactions, so that nobody waits long.
func (h *Hits) SaveValues(request SaveValuesRequest) (store.Written, error) {
	if now := h.nowMs() / slotMs; request.Slot < now-daySlots || request.Slot > now+1 {
		return store.Written{}, fault.BadRequest("slot must be the number of the current 5 minutes.")
	}
	for _, item := range request.Items {
		if !store.IsID(item.Site) || item.Seconds < 1 {
			return store.Written{}, fault.BadRequest("A value needs the id of a site or goal, and a window.")
		}
	}
	var written store.Written
	for rest := request.Items; ; {
		part := rest[:min(savedAtOnce, len(rest))]
		rest = rest[len(part):]
		began := time.Now()
		var err error
		written, err = h.WriteAnd(func(tx *store.Transaction) error {
			for _, item := range part {
				if err := saveValue(tx, item, request.Slot/daySlots, request.Slot%daySlots); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(rest) == 0 {
			return written, err
		}
		time.Sleep(time.Since(began)) // leave the connection to others for as long as it was held
	}
}

func saveValue(tx *store.Transaction, item SiteValue, day, slot int64) error {
	var slots int64
	var counts []byte
	if _, err := tx.Row(selectValues, []any{item.Site, item.Seconds, day}, &slots, &counts); err != nil || slots > slot {
		return err
	}
	for ; slots < slot; slots++ {
		counts = append(counts, 0)
	}
	counts = binary.AppendUvarint(counts, uint64(max(0, item.Value))+1)
	_, err := tx.Exec(keepValues, item.Site, item.Seconds, day, slot+1, counts)
	return err
}

// ReadValuesRequest asks for the slots from FromSlot up to ToSlot, exclusive.
type ReadValuesRequest struct {
	Window
	FromSlot int64 `json:"from_slot"`
	ToSlot   int64 `json:"to_slot"`
}

// ReadValuesAnswer holds a value for each slot; null if none was saved.
type ReadValuesAnswer struct {
	Values []*int64 `json:"values"`
}

const selectDays = `SELECT day, counts FROM site_values WHERE site = {:site} AND window_s = {:window} AND day >= {:from} AND day <= {:to}`

var errBadCounts = errors.New("site_values.counts is damaged")

// ReadValues reads the saved values of one window.
func (h *Hits) ReadValues(request ReadValuesRequest) (ReadValuesAnswer, error) {
	from, to := request.FromSlot, request.ToSlot
	if from < 0 || to < from || to-from > slotsAtMost {
		return ReadValuesAnswer{}, fault.BadRequest("from_slot and to_slot must be at most 60 days apart.")
	}
	var days []struct {
		Day    int64  `db:"day"`
		Counts []byte `db:"counts"`
	}
	err := h.App.ConcurrentDB().NewQuery(selectDays).Bind(dbx.Params{
		"site": request.Site, "window": request.Seconds, "from": from / daySlots, "to": to / daySlots,
	}).All(&days)
	if err != nil {
		return ReadValuesAnswer{}, err
	}
	answer := ReadValuesAnswer{Values: make([]*int64, to-from)}
	for _, day := range days {
		counts, err := decodeCounts(day.Counts)
		if err != nil {
			return ReadValuesAnswer{}, err
		}
		for i, value := range counts {
			if slot := day.Day*daySlots + int64(i); slot >= from && slot < to {
				answer.Values[slot-from] = value
			}
		}
	}
	return answer, nil
}
