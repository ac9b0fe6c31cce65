package search

import (
	"context"
	"time"

	"github.com/pocketbase/dbx"
)

const (
	// walkTime is how long one request looks; whoever wants more asks again, from where it got to.
	walkTime = 30 * time.Millisecond
	// stepFirst is how many positions the first step looks at. Later ones look at more while they are quick.
	stepFirst = 4096
	stepFast  = walkTime / 8
)

// positioned is a row of a list.
type positioned interface{ position() int64 }

// walk reads rows from the newest position down, in steps, until there are as many as asked for or the time is up. The
// statement has the parameters low (included), high (excluded) and room. Next is where to go on; 0: there is no more.
func walk[Row positioned](s *Search, ctx context.Context, f Filter, query string, params dbx.Params) (rows []Row, next int64, err error) {
	floor, high, err := s.bounds(f)
	if err != nil {
		return nil, 0, err
	}
	rows = []Row{}
	width := int64(stepFirst)
	if beginsOnly(f.Query) {
		width = high // each step would put all matches together again
	}
	for began := time.Now(); high > floor+1; {
		stepped := time.Now()
		low := max(floor+1, high-width)
		params["low"], params["high"], params["room"] = low, high, f.Limit+1-int64(len(rows))
		var more []Row
		if err := s.App.ConcurrentDB().NewQuery(query).WithContext(ctx).Bind(params).All(&more); err != nil {
			return nil, 0, err
		}
		if rows = append(rows, more...); int64(len(rows)) > f.Limit {
			rows = rows[:f.Limit]
			return rows, rows[f.Limit-1].position(), nil
		}
		if high = low; time.Since(began) > walkTime {
			break
		}
		if time.Since(stepped) < stepFast {
			width *= 4
		}
	}
	if high <= floor+1 {
		return rows, 0, nil
	}
	return rows, high, nil
}
