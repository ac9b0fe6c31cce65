package main

import "github.com/pocketbase/pocketbase/core"

func (s *secrets) sealRecord(e *core.RecordEvent) error { return s.seal(e) }
