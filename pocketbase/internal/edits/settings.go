package edits

import (
	"encoding/json/v2"
	"reflect"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/access"
	"pockethook/internal/audit"
	"pockethook/internal/secrets"
)

// bindOperations audits what superusers do in the dashboard that changes no record: PocketBase's settings, and tokens that
// they make for others.
func (c *changes) bindOperations(app core.App) {
	app.OnSettingsUpdateRequest().BindFunc(func(e *core.SettingsUpdateRequestEvent) error {
		app := e.App
		defer func() { e.App = app }()
		return app.RunInTransaction(func(tx core.App) error {
			e.App = tx
			if err := e.Next(); err != nil {
				return err
			}
			changed, err := settingsDifference(e.OldSettings, e.NewSettings)
			if err != nil || len(changed) == 0 {
				return err
			}
			return c.note(tx, e.Auth, audit.Entry{
				Action: "settings.update", SubjectType: "settings", Detail: map[string]any{"changes": changed},
			})
		})
	})
	app.OnRecordAuthRequest().BindFunc(func(e *core.RecordAuthRequestEvent) error {
		if !strings.HasSuffix(e.Request.Pattern, "/impersonate/{id}") {
			return e.Next()
		}
		kind := singular(e.Record.Collection().Name)
		entry := audit.Entry{
			Account: e.Record.GetString("account"), Action: kind + ".impersonate", SubjectType: kind, Subject: e.Record.Id,
			Detail: map[string]any{"name": e.Record.Email()},
		}
		if err := c.note(e.App, e.Auth, entry); err != nil {
			return err
		}
		return e.Next()
	})
}

func (c *changes) note(app core.App, who *core.Record, entry audit.Entry) error {
	entry.By = audit.Caller{Actor: access.ActorName(who), Via: audit.ViaDashboard}
	return audit.WriteIn(app.NonconcurrentDB(), c.now(), entry)
}

// settingsDifference names each changed setting, such as `smtp.host`, with its values; secrets only as changed.
func settingsDifference(before, after *core.Settings) (map[string]any, error) {
	was, err := flat(before)
	if err != nil {
		return nil, err
	}
	is, err := flat(after)
	if err != nil {
		return nil, err
	}
	changed := map[string]any{}
	for name, value := range is {
		if !reflect.DeepEqual(was[name], value) {
			changed[name] = map[string]any{"from": shortened(was[name]), "to": shortened(value)}
		}
	}
	for name, values := range map[string][2]string{
		"smtp.password":     {before.SMTP.Password, after.SMTP.Password},
		"s3.secret":         {before.S3.Secret, after.S3.Secret},
		"backups.s3.secret": {before.Backups.S3.Secret, after.Backups.S3.Secret},
	} {
		if values[0] != values[1] {
			changed[name] = map[string]any{"from": secrets.Masked, "to": secrets.Masked}
		}
	}
	return changed, nil
}

// flat is PocketBase's own JSON of the settings, which leaves secrets out, by group and name.
func flat(settings *core.Settings) (map[string]any, error) {
	text, err := settings.MarshalJSON()
	if err != nil {
		return nil, err
	}
	var groups map[string]any
	if err := json.Unmarshal(text, &groups); err != nil {
		return nil, err
	}
	values := map[string]any{}
	for group, members := range groups {
		named, isGroup := members.(map[string]any)
		if !isGroup {
			values[group] = members
		}
		for name, value := range named {
			if inner, nested := value.(map[string]any); nested {
				delete(inner, "secret")
			}
			values[group+"."+name] = value
		}
	}
	delete(values, "smtp.password")
	delete(values, "s3.secret")
	return values, nil
}
