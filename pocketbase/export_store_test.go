package main

func (s *store) TellWith(tell func(format string, values ...any)) { s.storage.tell = tell }
