package overview

// Queries are the statements that look at history.
func Queries() []string {
	const own = ` AND destination IN (SELECT id FROM destinations WHERE account = {:account})`
	return []string{selectBacklog(""), selectBacklog(own), selectOldestDue, selectOldestDueOfAccount}
}
