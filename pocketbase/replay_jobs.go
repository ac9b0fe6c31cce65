package main

import "time"

// replays keeps the replays of many events.
type replays struct{ *store }

func newReplays(s *store) *replays { return &replays{s} }

// replayClaimsAtMost is how many leases of a replay in a row may end without progress.
const replayClaimsAtMost = 5

// replayJob is what is asked for; the shape is NewReplay of api/src/store/replays.ts.
type replayJob struct {
	replayFilter
	ID string `json:"id"`
	caller
	Mode        string `json:"mode"`
	Destination string `json:"destination"`
	Status      string `json:"status"`
	OnlyMissing bool   `json:"only_missing"`
	Rate        int64  `json:"rate"`
	EventsTotal int64  `json:"events_total"`
	After       int64  `json:"after"`
	Until       int64  `json:"until"`
}

type replayAnswer struct {
	repeated
	Status string `json:"status"`
	// ID is set where a replay was asked for: the one made for the same request before, if it is a repetition.
	ID string `json:"id,omitzero"`
}

const insertReplay = "INSERT INTO replays (id, state, actor, mode, `from`, `to`, source, destination, status, only_missing, rate," +
	" events_total, position, until, account, created, updated)" +
	" VALUES (?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"

// Create stores a replay and who asked for it. The same id again changes nothing.
func (r *replays) Create(job replayJob) (replayAnswer, error) {
	c := r.Limits.Of("replays")
	c.ID("id", job.ID).OneOf("mode", job.Mode, "original", "current").
		Time("from", job.From).Time("to", job.To).Text("source", job.Source).Text("destination", job.Destination).
		Text("status", job.Status).Text("account", job.Account).Between("rate", job.Rate, 1, 1000)
	if c.Err != nil {
		return replayAnswer{}, requestError(c.Err.Error() + ".")
	}
	if err := job.caller.Check(); err != nil {
		return replayAnswer{}, err
	}
	answer := replayAnswer{Status: "created", ID: job.ID}
	err := writeOnce(r.store, job.caller, &answer, func(tx *transaction) (bool, error) {
		now := r.Now()
		at := storeTime(now)
		inserted, err := tx.Exec(insertReplay, job.ID, job.Actor, job.Mode, job.From, job.To, job.Source, job.Destination,
			job.Status, job.OnlyMissing, job.Rate, job.EventsTotal, job.After, job.Until, job.Account, at, at)
		if err != nil || inserted == 0 {
			return false, err
		}
		return true, writeAudit(tx, now, auditEntry{
			Account: job.Account, By: job.caller, Action: "replay.create", SubjectType: "replay", Subject: job.ID,
			Detail: map[string]any{
				"mode": job.Mode, "from": job.From, "to": job.To, "source": job.Source, "destination": job.Destination,
				"status": job.Status, "only_missing": job.OnlyMissing, "rate": job.Rate, "events_total": job.EventsTotal,
			},
		})
	})
	return answer, err
}

type replayClaim struct {
	Owner   string `json:"owner"`
	LeaseMs int64  `json:"lease_ms"`
}

// leasedReplay is a replay that the caller may work on; LeaseToken fences.
type leasedReplay struct {
	replayJob
	Created    string `json:"created"`
	EventsSeen int64  `json:"events_seen"`
	Deliveries int64  `json:"deliveries"`
	Failed     int64  `json:"failed"`
	LeaseToken int64  `json:"lease_token"`
}

type replayClaimAnswer struct {
	Replay *leasedReplay `json:"replay"`
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

// Claim leases the oldest replay that nobody works on; the answer is null when there is none.
func (r *replays) Claim(request replayClaim) (answer replayClaimAnswer, err error) {
	if err := checkLease(request.Owner, request.LeaseMs); err != nil {
		return replayClaimAnswer{}, err
	}
	// Usually there is nothing: then the one writing connection is left alone.
	var open bool
	err = r.App.ConcurrentDB().NewQuery(selectOpenReplay).Bind(map[string]any{"now": storeTime(r.Now())}).Row(&open)
	if err != nil || !open {
		return replayClaimAnswer{}, err
	}
	err = r.Write(func(tx *transaction) error {
		now := storeTime(r.Now())
		if _, err := tx.Exec(giveUpReplays, now, replayClaimsAtMost); err != nil {
			return err
		}
		until := storeTime(r.Now().Add(time.Duration(request.LeaseMs) * time.Millisecond))
		var leased leasedReplay
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

// replayProgress is how far the holder of a lease has come.
type replayProgress struct {
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

// Save keeps progress and renews the lease. `stale`: the replay was cancelled, or somebody else works on it; nothing changed.
func (r *replays) Save(p replayProgress) (answer replayAnswer, err error) {
	err = r.Write(func(tx *transaction) error {
		answer.Status = "stale"
		now := r.Now()
		var account, actor string
		args := []any{p.ID, p.LeaseToken, p.Position, p.EventsSeen, p.Deliveries, p.Failed,
			storeTime(now.Add(time.Duration(p.LeaseMs) * time.Millisecond)), p.Completed, storeTime(now)}
		saved, err := tx.Row(saveReplay, args, &account, &actor)
		if err != nil || !saved {
			return err
		}
		answer.Status = "saved"
		if !p.Completed {
			return nil
		}
		return writeAudit(tx, now, auditEntry{
			Account: account, By: caller{Actor: actor}, Action: "replay.complete", SubjectType: "replay", Subject: p.ID,
			Detail: map[string]any{"events_seen": p.EventsSeen, "deliveries": p.Deliveries, "failed": p.Failed},
		})
	})
	return answer, err
}

type replayCancel struct {
	ID string `json:"id"`
	caller
}

const cancelReplay = `UPDATE replays SET state = 'cancelled', finished_at = ?2, updated = ?2
	WHERE id = ?1 AND (state = 'pending' OR state = 'running') RETURNING account, events_seen, deliveries, failed`

// Cancel ends a replay; whoever works on it learns of it with the next progress. `refused`: it has ended already.
func (r *replays) Cancel(request replayCancel) (answer replayAnswer, err error) {
	if err := request.caller.Check(); err != nil {
		return replayAnswer{}, err
	}
	err = writeOnce(r.store, request.caller, &answer, func(tx *transaction) (bool, error) {
		answer.Status = "refused"
		now := r.Now()
		var account string
		var seen, deliveries, failed int64
		done, err := tx.Row(cancelReplay, []any{request.ID, storeTime(now)}, &account, &seen, &deliveries, &failed)
		if err != nil || !done {
			return false, err
		}
		answer.Status = "cancelled"
		return true, writeAudit(tx, now, auditEntry{
			Account: account, By: request.caller, Action: "replay.cancel", SubjectType: "replay", Subject: request.ID,
			Detail: map[string]any{"events_seen": seen, "deliveries": deliveries, "failed": failed},
		})
	})
	return answer, err
}
