package server

import (
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/queue"
)

const BodyLimit = bodyLimit

var Migrations = migrations

// CommandFor is the route of commands, without who may call it.
var CommandFor = func(q *queue.Queue) func(e *core.RequestEvent) (any, error) { return withBody(q.Command) }
