// Package replay stores bulk replays (of many events), and reads the events that they replay.
package replay

import (
	"time"

	"pockethook/internal/audit"
	"pockethook/internal/fault"
	"pockethook/internal/store"
)

// Replays stores bulk replays.
type Replays struct{ *store.Store }

// New makes Replays on an open store.
func New(s *store.Store) *Replays { return &Replays{s} }

// claimsAtMost is how many leases of a replay in a row may expire without progress.
const claimsAtMost = 5

// Job is a requested replay: NewReplay of api/src/store/replays.ts.
type Job struct {
	Filter
	ID string `json:"id"`
	audit.Caller
	Mode        string `json:"mode"`
	Destination string `json:"destination"`
	Status      string `json:"status"`
	OnlyMissing bool   `json:"only_missing"`
	Rate        int64  `json:"rate"`
	EventsTotal int64  `json:"events_total"`
	After       int64  `json:"after"`
	Until       int64  `json:"until"`
}

// Answer is the result of creating, saving or cancelling a replay.
type Answer struct {
	audit.Repetition
	Status string `json:"status"`
	// ID is set by Create: the new replay's, or for a repeated request the one created before.
	ID string `json:"id,omitzero"`
}

const insertReplay = "INSERT INTO replays (id, state, actor, mode, `from`, `to`, source, destination, status, only_missing, rate," +
	" events_total, position, until, account, created, updated)" +
	" VALUES (?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"

// Create stores a replay with an audit row. Repeating it with the same id changes nothing.
func (r *Replays) Create(job Job) (Answer, error) {
	c := r.Limits.Of("replays")
	c.ID("id", job.ID).OneOf("mode", job.Mode, "original", "current").
		Time("from", job.From).Time("to", job.To).Text("source", job.Source).Text("destination", job.Destination).
		Text("status", job.Status).Text("account", job.Account).Between("rate", job.Rate, 1, 1000)
	if c.Err != nil {
		return Answer{}, fault.BadRequest(c.Err.Error() + ".")
	}
	if err := job.Caller.Check(); err != nil {
		return Answer{}, err
	}
	answer := Answer{Status: "created", ID: job.ID}
	err := audit.WriteOnce(r.Store, job.Caller, &answer, func(tx *store.Transaction) (bool, error) {
		now := r.Now()
		at := store.FormatTime(now)
		inserted, err := tx.Exec(insertReplay, job.ID, job.Actor, job.Mode, job.From, job.To, job.Source, job.Destination,
			job.Status, job.OnlyMissing, job.Rate, job.EventsTotal, job.After, job.Until, job.Account, at, at)
		if err != nil || inserted == 0 {
			return false, err
		}
		return true, audit.Write(tx, now, audit.Entry{
			Account: job.Account, By: job.Caller, Action: "replay.create", SubjectType: "replay", Subject: job.ID,
			Detail: map[string]any{
				"mode": job.Mode, "from": job.From, "to": job.To, "source": job.Source, "destination": job.Destination,
				"status": job.Status, "only_missing": job.OnlyMissing, "rate": job.Rate, "events_total": job.EventsTotal,
			},
		})
	})
	return answer, err
}

// ClaimRequest asks for a replay to work on.
type ClaimRequest struct {
	Owner   string `json:"owner"`
	LeaseMs int64  `json:"lease_ms"`
}

// LeasedJob is a replay leased to the caller; LeaseToken is the fencing token.
type LeasedJob struct {
	Job
	Created    string `json:"created"`
	EventsSeen int64  `json:"events_seen"`
	Deliveries int64  `json:"deliveries"`
	Failed     int64  `json:"failed"`
	LeaseToken int64  `json:"lease_token"`
}

// ClaimAnswer has no replay if none is waiting.
type ClaimAnswer struct {
	Replay *LeasedJob `json:"replay"`
}

const openReplays = "replays INDEXED BY idx_replays_open WHERE (state = 'pending' OR state = 'running')"

const claimReplay = "UPDATE replays SET state = 'running', lease_owner = ?1, lease_until = ?2, lease_token = lease_token + 1," +
	" claims = claims + 1, updated = ?3 WHERE id = (SELECT id FROM " + openReplays + " AND lease_until <= ?3 ORDER BY created LIMIT 1)" +
	" RETURNING id, actor, mode, `from`, `to`, source, destination, status, only_missing, rate, events_total, position, until," +
	" account, created, events_seen, deliveries, failed, lease_token"

const giveUpReplays = "UPDATE replays INDEXED BY idx_replays_open SET state = 'failed', finished_at = ?1, updated = ?1," +
	" error = 'Working on it ended 5 times in a row without progress. The log of the API service says why; ask for a new replay.'" +
	" WHERE (state = 'pending' OR state = 'running') AND lease_until <= ?1 AND claims >= ?2"

const selectOpenReplay = "SELECT EXISTS (SELECT 1 FROM " + openReplays + " AND lease_until <= {:now})"

// Claim leases the oldest replay that nobody works on; the answer's replay is null if there is none.
func (r *Replays) Claim(request ClaimRequest) (answer ClaimAnswer, err error) {
	if err := store.CheckLease(request.Owner, request.LeaseMs); err != nil {
		return ClaimAnswer{}, err
	}
	// Usually there is none; find out without taking the only writing connection.
	var open bool
	err = r.App.ConcurrentDB().NewQuery(selectOpenReplay).Bind(map[string]any{"now": store.FormatTime(r.Now())}).Row(&open)
	if err != nil || !open {
		return ClaimAnswer{}, err
	}
	err = r.Write(func(tx *store.Transaction) error {
		now := store.FormatTime(r.Now())
		if _, err := tx.Exec(giveUpReplays, now, claimsAtMost); err != nil {
			return err
		}
		until := store.FormatTime(r.Now().Add(time.Duration(request.LeaseMs) * time.Millisecond))
		var leased LeasedJob
		found, err := tx.Row(claimReplay, []any{request.Owner, until, now}, &leased.ID, &leased.Actor, &leased.Mode, &leased.From, &leased.To, &leased.Source,
			&leased.Destination, &leased.Status, &leased.OnlyMissing, &leased.Rate, &leased.EventsTotal, &leased.After, &leased.Until, &leased.Account, &leased.Created,
			&leased.EventsSeen, &leased.Deliveries, &leased.Failed, &leased.LeaseToken)
		if found {
			answer.Replay = &leased
		}
		return err
	})
	return answer, err
}

// Progress is reported by the holder of a lease.
type Progress struct {
	ID         string `json:"id"`
	LeaseToken int64  `json:"lease_token"`
	// LeaseMs renews the lease; 0 gives it back.
	LeaseMs    int64 `json:"lease_ms"`
	Position   int64 `json:"position"`
	EventsSeen int64 `json:"events_seen"`
	Deliveries int64 `json:"deliveries"`
	Failed     int64 `json:"failed"`
	Completed  bool  `json:"completed"`
}

const saveReplay = `UPDATE replays SET position = ?3, events_seen = ?4, deliveries = ?5, failed = ?6, lease_until = ?7, claims = 0,
	state = CASE WHEN ?8 THEN 'completed' ELSE 'running' END, finished_at = CASE WHEN ?8 THEN ?9 ELSE '' END, updated = ?9
	WHERE id = ?1 AND lease_token = ?2 AND state = 'running' RETURNING account, actor`

// Save stores progress and renews the lease. `stale`: the replay was cancelled or leased to somebody else; nothing changed.
func (r *Replays) Save(p Progress) (answer Answer, err error) {
	err = r.Write(func(tx *store.Transaction) error {
		answer.Status = "stale"
		now := r.Now()
		var account, actor string
		args := []any{p.ID, p.LeaseToken, p.Position, p.EventsSeen, p.Deliveries, p.Failed,
			store.FormatTime(now.Add(time.Duration(p.LeaseMs) * time.Millisecond)), p.Completed, store.FormatTime(now)}
		saved, err := tx.Row(saveReplay, args, &account, &actor)
		if err != nil || !saved {
			return err
		}
		answer.Status = "saved"
		if !p.Completed {
			return nil
		}
		return audit.Write(tx, now, audit.Entry{
			Account: account, By: audit.Caller{Actor: actor}, Action: "replay.complete", SubjectType: "replay", Subject: p.ID,
			Detail: map[string]any{"events_seen": p.EventsSeen, "deliveries": p.Deliveries, "failed": p.Failed},
		})
	})
	return answer, err
}

// CommandRequest ends, pauses or resumes a replay.
type CommandRequest struct {
	ID string `json:"id"`
	audit.Caller
}

// command is a statement of (id, now) that changes a replay in a state that allows it, what the answer is then, and the audit's word.
type command struct{ statement, status, action string }

const ofCommand = ` RETURNING account, events_seen, deliveries, failed`

var (
	cancelReplay = command{`UPDATE replays SET state = 'cancelled', finished_at = ?2, updated = ?2
		WHERE id = ?1 AND state IN ('pending', 'running', 'paused')` + ofCommand, "cancelled", "replay.cancel"}
	pauseReplay = command{`UPDATE replays SET state = 'paused', lease_owner = '', lease_until = '', updated = ?2
		WHERE id = ?1 AND state IN ('pending', 'running')` + ofCommand, "paused", "replay.pause"}
	resumeReplay = command{`UPDATE replays SET state = 'pending', claims = 0, updated = ?2
		WHERE id = ?1 AND state = 'paused'` + ofCommand, "resumed", "replay.resume"}
)

// Cancel ends a replay; its worker learns of it when it saves progress next. `refused`: it had ended already.
func (r *Replays) Cancel(request CommandRequest) (Answer, error) {
	return r.command(request, cancelReplay)
}

// Pause has a replay wait until it is resumed; its worker learns of it when it saves progress next. `refused`: it is paused or has ended.
func (r *Replays) Pause(request CommandRequest) (Answer, error) {
	return r.command(request, pauseReplay)
}

// Resume has a paused replay go on from the progress saved last: what was made since is not made again. `refused`: it is not paused.
func (r *Replays) Resume(request CommandRequest) (Answer, error) {
	return r.command(request, resumeReplay)
}

func (r *Replays) command(request CommandRequest, c command) (answer Answer, err error) {
	if err := request.Caller.Check(); err != nil {
		return Answer{}, err
	}
	err = audit.WriteOnce(r.Store, request.Caller, &answer, func(tx *store.Transaction) (bool, error) {
		answer.Status = "refused"
		now := r.Now()
		var account string
		var seen, deliveries, failed int64
		done, err := tx.Row(c.statement, []any{request.ID, store.FormatTime(now)}, &account, &seen, &deliveries, &failed)
		if err != nil || !done {
			return false, err
		}
		answer.Status = c.status
		return true, audit.Write(tx, now, audit.Entry{
			Account: account, By: request.Caller, Action: c.action, SubjectType: "replay", Subject: request.ID,
			Detail: map[string]any{"events_seen": seen, "deliveries": deliveries, "failed": failed},
		})
	})
	return answer, err
}
