package main

func (s *store) tellWith(tell func(format string, values ...any)) { s.storage.tell = tell }
