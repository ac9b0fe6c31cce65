package search

// Bounds is bounds.
func Bounds(s *Search, f Filter) (floor, ceiling int64, err error) { return s.bounds(f) }
