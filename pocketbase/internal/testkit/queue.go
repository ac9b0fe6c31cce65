package testkit

import (
	"pockethook/internal/policy"
	"pockethook/internal/queue"
	"pockethook/internal/replay"
)

var None = []string{}

// Fill puts due deliveries of one event straight into the table.
func (b *Bench) Fill(destinations, each int) {
	event := b.Event(nil)
	b.Accept(Item(event))
	b.Execute(`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {:count})
		INSERT INTO destinations (id, name, type, url, enabled, account, max_concurrency)
		SELECT printf('dst%012d', i), printf('dst%012d', i), 'http', 'https://example.com', TRUE, {:account}, 1000 FROM n`,
		Object{"count": destinations, "account": b.Account})
	b.Execute(`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {:count})
		INSERT INTO deliveries (id, account, event, mapping, destination, state, next_attempt_at, expires_at, seq)
		SELECT printf('dlv%012d', i), {:account}, {:event}, '', printf('dst%012d', i % {:destinations}), 'pending',
			'2026-11-23 11:00:00.000Z', '2026-11-30 12:00:00.000Z', 1000 + i FROM n`,
		Object{"count": destinations * each, "destinations": destinations, "account": b.Account, "event": event["id"]})
}

// Leased stores one delivery and claims it for "a" under token 1.
func (b *Bench) Leased(destination string) string {
	b.Helper()
	planned := b.Planned(destination, Object{"lease": true})
	b.Equal(len(b.Accept(Item(b.Event(nil), planned))[0].Leased), 1)
	return planned["id"].(string)
}

func (b *Bench) Reject(source, code, at string) error {
	b.Helper()
	_, err := b.Queue.Reject(queue.Rejection{ID: b.ID("rej"), Account: b.Account, Source: source, Code: code, ReceivedAt: at})
	return err
}

func (b *Bench) ReplayJob(id string) replay.Job {
	return replay.Job{
		Filter: Between("00:00:00", "23:00:00"), ID: id, Actor: "user:a@example.com", Mode: "original",
		Rate: 50, EventsTotal: 10, After: 3, Until: 40,
	}
}

func Between(from, to string) replay.Filter {
	return replay.Filter{From: ADay + " " + from + ".000Z", To: ADay + " " + to + ".000Z"}
}

const ADay = "2026-11-23"

func OrderDestination(b *Bench, destination, command string, rate float64) policy.Answer {
	b.Helper()
	answer, err := policy.PauseOrResume(b.Store, policy.Request{
		Destination: destination, Command: command, Rate: rate, Actor: "operator:o@example.com",
	})
	b.Must(err)
	return answer
}
