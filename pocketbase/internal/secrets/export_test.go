package secrets

import "github.com/pocketbase/pocketbase/core"

func (s *Vault) SealRecord(e *core.RecordEvent) error { return s.seal(e) }

const RotatePage = rotatePage
