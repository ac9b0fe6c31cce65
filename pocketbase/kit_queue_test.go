package main

var none = []string{}

// Fill puts due deliveries of one event straight into the table.
func (b *bench) Fill(destinations, each int) {
	event := b.Event(nil)
	b.Accept(item(event))
	b.Execute(`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {:count})
		INSERT INTO destinations (id, name, type, url, enabled, account, max_concurrency)
		SELECT printf('dst%012d', i), 'd', 'http', 'https://example.com', TRUE, {:account}, 1000 FROM n`,
		object{"count": destinations, "account": b.Account})
	b.Execute(`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {:count})
		INSERT INTO deliveries (id, account, event, mapping, destination, state, next_attempt_at, expires_at, seq)
		SELECT printf('dlv%012d', i), {:account}, {:event}, '', printf('dst%012d', i % {:destinations}), 'pending',
			'2026-11-23 11:00:00.000Z', '2026-11-30 12:00:00.000Z', 1000 + i FROM n`,
		object{"count": destinations * each, "destinations": destinations, "account": b.Account, "event": event["id"]})
}

// Leased stores one delivery and claims it for "a" under token 1.
func (b *bench) Leased(destination string) string {
	b.Helper()
	planned := b.Planned(destination, object{"lease": true})
	b.Equal(len(b.Accept(item(b.Event(nil), planned))[0].Leased), 1)
	return planned["id"].(string)
}

func (b *bench) Reject(source, code, at string) error {
	b.Helper()
	_, err := b.Queue.Reject(rejection{ID: b.ID("rej"), Account: b.Account, Source: source, Code: code, ReceivedAt: at})
	return err
}

func (b *bench) ReplayJob(id string) replayJob {
	return replayJob{
		replayFilter: between("00:00:00", "23:00:00"), ID: id, Actor: "user:a@example.com", Mode: "original",
		Rate: 50, EventsTotal: 10, After: 3, Until: 40,
	}
}

func between(from, to string) replayFilter {
	return replayFilter{From: aDay + " " + from + ".000Z", To: aDay + " " + to + ".000Z"}
}

const aDay = "2026-11-23"

func orderDestination(b *bench, destination, command string, rate float64) destinationAnswer {
	b.Helper()
	answer, err := destinationCommand(b.Store, destinationRequest{
		Destination: destination, Command: command, Rate: rate, Actor: "operator:o@example.com",
	})
	b.Must(err)
	return answer
}
