package main

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// bindRejections keeps the newest 100 of each source: enough to see what is wrong, whoever sends how much.
func bindRejections(app core.App) {
	app.OnRecordCreateExecute("rejections").BindFunc(func(e *core.RecordEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		_, err := e.App.NonconcurrentDB().NewQuery(`DELETE FROM rejections WHERE id IN (
			SELECT id FROM rejections WHERE source = {:source} ORDER BY received_at DESC, rowid DESC LIMIT -1 OFFSET 100)`).
			Bind(dbx.Params{"source": e.Record.GetString("source")}).Execute()
		return err
	})
}
