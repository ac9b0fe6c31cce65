package hits

import (
	"database/sql"
	"encoding/binary"
	"errors"

	"github.com/pocketbase/dbx"

	"pockethook/internal/fault"
)

const hoursAtMost = 200_000

// HoursRequest asks for the values of single hours of many windows: what is usual is reckoned from the same hour of some weeks.
type HoursRequest struct {
	Items []HoursWanted `json:"items"`
}

// HoursWanted names the first slot of each hour.
type HoursWanted struct {
	Window
	Hours []int64 `json:"hours"`
}

// HoursAnswer has, for each item, 12 values for each of its hours; null: nobody evaluated then.
type HoursAnswer struct {
	Items [][]*int64 `json:"items"`
}

const hourSlots = daySlots / 24

// Hours reads only.
func (h *Hits) Hours(request HoursRequest) (HoursAnswer, error) {
	asked := 0
	for _, item := range request.Items {
		asked += len(item.Hours)
	}
	if asked > hoursAtMost {
		return HoursAnswer{}, fault.BadRequest("Ask for at most 200000 hours at once.")
	}
	query := h.App.ConcurrentDB().NewQuery(selectDayCounts).Prepare()
	defer query.Close()
	answer := HoursAnswer{Items: make([][]*int64, len(request.Items))}
	for i, item := range request.Items {
		days := dayReader{query, item.Window, map[int64][]*int64{}}
		answer.Items[i] = make([]*int64, 0, hourSlots*len(item.Hours))
		for _, first := range item.Hours {
			for slot := first; slot < first+hourSlots; slot++ {
				value, err := days.valueAt(slot)
				if err != nil {
					return HoursAnswer{}, err
				}
				answer.Items[i] = append(answer.Items[i], value)
			}
		}
	}
	return answer, nil
}

const selectDayCounts = `SELECT counts FROM site_values WHERE site = {:site} AND window_s = {:window} AND day = {:day}`

// dayReader reads each day of a window once.
type dayReader struct {
	query  *dbx.Query
	window Window
	days   map[int64][]*int64
}

func (r dayReader) valueAt(slot int64) (*int64, error) {
	day := slot / daySlots
	values, read := r.days[day]
	if !read {
		var counts []byte
		err := r.query.Bind(dbx.Params{"site": r.window.Site, "window": r.window.Seconds, "day": day}).Row(&counts)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
		if values, err = decodeCounts(counts); err != nil {
			return nil, err
		}
		r.days[day] = values
	}
	if at := slot % daySlots; at >= 0 && at < int64(len(values)) {
		return values[at], nil
	}
	return nil, nil
}

// decodeCounts has a value for each slot that was written; nil: nobody evaluated then.
func decodeCounts(counts []byte) ([]*int64, error) {
	var values []*int64
	for len(counts) > 0 {
		count, length := binary.Uvarint(counts)
		if length <= 0 {
			return nil, errBadCounts
		}
		counts = counts[length:]
		if count == 0 {
			values = append(values, nil)
			continue
		}
		value := int64(count) - 1
		values = append(values, &value)
	}
	return values, nil
}
