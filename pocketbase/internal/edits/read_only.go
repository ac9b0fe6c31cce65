package edits

import (
	"fmt"
	"slices"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"pockethook/internal/configuration"
	"pockethook/internal/rules"
)

// writtenByRoutes are the collections that only the queue and its routes write, in SQL: a manual edit could lose a
// delivery or falsify history.
var writtenByRoutes = []string{
	"events", "event_bodies", "deliveries", "attempts", "rejections", "audit", "destination_health", "replays", "meta",
}

// views are lists of the dashboard that are computed.
var views = []string{"failing_destinations", "recent_decisions"}

// writtenByPeople are edited in the dashboard and through the API.
var writtenByPeople = append([]string{"accounts", "users", "api_keys"}, rules.Collections()...)

const (
	readOnlyReason = "%s can't be edited: Pockethook writes it by itself. " +
		"To retry, cancel, replay, pause or resume, use the API or the command line; retention deletes what is old."
	schemaReason   = "%s belongs to Pockethook; its fields, rules and indexes are changed by migrations only. Add a file to pb_migrations."
	truncateReason = "Delete the records of %s one by one, or several together in its list: the audit says then who did it."
	importReason   = "Collections are changed by migrations only: an import would replace those of Pockethook."
	sqlReason      = "The SQL console is off: what it changes passes by every check, the encryption and the audit. " +
		"To look something up, open a copy of the database: sqlite3 -readonly data.db"
)

// BindReadOnly refuses edits that would break the installation, also by superusers, with the reason and before anything is
// written. Call it after the migrations have run, since they may make such edits.
func BindReadOnly(e *core.ServeEvent) {
	for _, change := range []interface {
		Bind(*hook.Handler[*core.RecordEvent]) string
	}{
		e.App.OnRecordCreate(writtenByRoutes...),
		e.App.OnRecordUpdate(writtenByRoutes...),
		e.App.OnRecordDelete(writtenByRoutes...),
	} {
		change.Bind(&hook.Handler[*core.RecordEvent]{Priority: configuration.Outermost, Func: func(e *core.RecordEvent) error {
			return readOnly(e.Record.Collection().Name)
		}})
	}
	e.App.OnCollectionUpdateRequest().BindFunc(refuseOwnSchema)
	e.App.OnCollectionDeleteRequest().BindFunc(refuseOwnSchema)
	e.App.OnCollectionsImportRequest().BindFunc(func(e *core.CollectionsImportRequestEvent) error {
		return e.ForbiddenError(importReason, nil)
	})
	e.Router.BindFunc(refuseShortcuts)
}

func readOnly(collection string) error {
	return apis.NewForbiddenError(fmt.Sprintf(readOnlyReason, collection), nil)
}

// refuseOwnSchema takes the collection from the path, since the body may rename it.
func refuseOwnSchema(e *core.CollectionRequestEvent) error {
	collection, err := e.App.FindCollectionByNameOrId(e.Request.PathValue("collection"))
	if err != nil {
		return e.NotFoundError("", err)
	}
	if slices.Contains(slices.Concat(writtenByRoutes, writtenByPeople, views), collection.Name) {
		return e.ForbiddenError(fmt.Sprintf(schemaReason, collection.Name), nil)
	}
	return e.Next()
}

// refuseShortcuts refuses PocketBase routes that have no hook of their own. The record hooks would refuse truncating too,
// but that response would hide the reason.
func refuseShortcuts(e *core.RequestEvent) error {
	switch e.Request.Pattern {
	case "POST /api/sql":
		return e.ForbiddenError(sqlReason, nil)
	case "DELETE /api/collections/{collection}/truncate":
		collection, err := e.App.FindCachedCollectionByNameOrId(e.Request.PathValue("collection"))
		if err == nil && slices.Contains(writtenByRoutes, collection.Name) {
			return readOnly(collection.Name)
		}
		if err == nil && slices.Contains(auditedCollections, collection.Name) {
			return e.ForbiddenError(fmt.Sprintf(truncateReason, collection.Name), nil)
		}
	}
	return e.Next()
}
