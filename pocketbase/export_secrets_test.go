package main

import "github.com/pocketbase/pocketbase/core"

func (s *secrets) SealRecord(e *core.RecordEvent) error { return s.seal(e) }
