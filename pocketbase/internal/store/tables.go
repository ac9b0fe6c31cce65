package store

// AfterPending is the state that replaces `pending`: `held` if the destination is disabled or paused, `cancelled` if deleted.
const AfterPending = `CASE (SELECT enabled AND NOT paused FROM destinations WHERE id = deliveries.destination)
	WHEN TRUE THEN 'pending' WHEN FALSE THEN 'held' ELSE 'cancelled' END`

// The table by one of its partial indexes. Left to itself, SQLite takes the index of states, which grows with every delivery.
const (
	ByDue            = `deliveries INDEXED BY idx_deliveries_due`
	ByDueDestination = `deliveries INDEXED BY idx_deliveries_due_destination`
	ByLease          = `deliveries INDEXED BY idx_deliveries_leased`
	ByOrder          = `deliveries INDEXED BY idx_deliveries_order`
	ByExpiry         = `deliveries INDEXED BY idx_deliveries_expiry`
)

// NotFinal is the condition that the partial indexes of unfinished deliveries have.
const NotFinal = `(state = 'pending' OR state = 'delivering' OR state = 'held')`

// DestinationDeleted is the last error of a delivery cancelled with its destination.
const DestinationDeleted = "its destination was deleted"
