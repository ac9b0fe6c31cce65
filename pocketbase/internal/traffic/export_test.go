package traffic

// Queries are the statements that look at history.
func Queries() (queries []string) {
	for _, query := range gains {
		queries = append(queries, query)
	}
	return append(queries, forgetDeleted)
}
