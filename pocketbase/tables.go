package main

// afterPending is what `pending` comes to: `held` while the destination is disabled or paused, `cancelled` once it is deleted.
const afterPending = `CASE (SELECT enabled AND NOT paused FROM destinations WHERE id = deliveries.destination)
	WHEN TRUE THEN 'pending' WHEN FALSE THEN 'held' ELSE 'cancelled' END`

// The table by one of its partial indexes. Left to itself, SQLite takes the index of states, which grows with every delivery.
const (
	byDue            = `deliveries INDEXED BY idx_deliveries_due`
	byDueDestination = `deliveries INDEXED BY idx_deliveries_due_destination`
	byLease          = `deliveries INDEXED BY idx_deliveries_leased`
	byOrder          = `deliveries INDEXED BY idx_deliveries_order`
	byExpiry         = `deliveries INDEXED BY idx_deliveries_expiry`
)

const notFinal = `(state = 'pending' OR state = 'delivering' OR state = 'held')`

// destinationDeleted is why a delivery was cancelled.
const destinationDeleted = "its destination was deleted"
