package store

import (
	"github.com/pocketbase/dbx"
)

// View is a part of the configuration that is read by itself and has versions of its own: an edit in one costs the readers of
// the others nothing.
type View struct {
	Name string
	// key is where meta keeps its version.
	key string
}

var (
	// Gateway is what decides where events go.
	Gateway = View{"gateway", "config_version"}
	// Notifications is what is counted of whose visitors, and told to whom.
	Notifications = View{"notifications", "notifications_version"}
)

// Views are all of them.
var Views = []View{Gateway, Notifications}

// SelectConfigVersion is ConfigVersion for other connections than the writing one.
const SelectConfigVersion = `SELECT value FROM meta WHERE key = 'config_version'`

// ConfigVersion is the version of the gateway's configuration that holds in a transaction.
func ConfigVersion(tx *Transaction) (version int64, err error) {
	_, err = tx.Row(SelectConfigVersion, nil, &version)
	return version, err
}

// Version is the one that holds.
func (v View) Version(db dbx.Builder) (version int64, err error) {
	err = db.NewQuery("SELECT value FROM meta WHERE key = {:key}").Bind(dbx.Params{"key": v.key}).Row(&version)
	return version, err
}

// Versions are what the answers of frequent calls tell: whoever has an older one reads what changed, also while realtime is down.
type Versions struct {
	ConfigVersion        int64 `json:"config_version"`
	NotificationsVersion int64 `json:"notifications_version"`
}

const selectVersions = `SELECT (SELECT value FROM meta WHERE key = 'config_version'), (SELECT value FROM meta WHERE key = 'notifications_version')`

// ReadVersions reads those that hold in a transaction.
func ReadVersions(tx *Transaction) (versions Versions, err error) {
	_, err = tx.Row(selectVersions, nil, &versions.ConfigVersion, &versions.NotificationsVersion)
	return versions, err
}

// changesKept is how far a reader may be behind and still read what changed. Further, it reads everything.
const changesKept = 1000

const (
	nextVersion = `UPDATE meta SET value = value + 1 WHERE key = {:key}`
	// REPLACE: a version that was set back by hand comes again.
	noteChange = `INSERT OR REPLACE INTO config_changes (view, version, collection, record)
		SELECT {:view}, value, {:collection}, {:record} FROM meta WHERE key = {:key}`
	forgetChanges = `DELETE FROM config_changes WHERE view = {:view} AND version <= (SELECT value FROM meta WHERE key = {:key}) - {:kept}`
)

// CountChange counts a change of one record, in the transaction that makes it.
func (v View) CountChange(db dbx.Builder, collection, record string) error {
	// Older migrations change records as well. Whatever reads afterwards reads everything: a start begins a new version.
	migrated, err := HasTable(db, "config_changes")
	if err != nil || !migrated {
		return err
	}
	for _, query := range []string{nextVersion, noteChange, forgetChanges} {
		_, err := db.NewQuery(query).Bind(dbx.Params{
			"key": v.key, "view": v.Name, "collection": collection, "record": record, "kept": changesKept,
		}).Execute()
		if err != nil {
			return err
		}
	}
	return nil
}

// Changed is one change of a record.
type Changed struct{ Collection, Record string }

const selectChanges = `SELECT collection, record FROM config_changes WHERE view = {:view} AND version > {:since} AND version <= {:version}`

// ChangedSince is false unless every change from one version to the other is known: after a start, a restored backup, or too
// many changes there are versions that nobody noted.
func (v View) ChangedSince(db dbx.Builder, since, version int64) (changes []Changed, known bool, err error) {
	if since > version || version-since > changesKept {
		return nil, false, nil
	}
	err = db.NewQuery(selectChanges).Bind(dbx.Params{"view": v.Name, "since": since, "version": version}).All(&changes)
	return changes, int64(len(changes)) == version-since, err
}
