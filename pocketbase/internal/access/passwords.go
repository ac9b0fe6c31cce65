package access

import (
	"database/sql"
	"errors"
	"time"

	"pockethook/internal/audit"
	"pockethook/internal/fault"
	"pockethook/internal/store"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
)

// passwords sets passwords for people who prove by a link or by their old one that they may.
type passwords struct {
	app core.App
	now func() time.Time
}

// NewPasswords makes the handlers of the API service's password routes.
func NewPasswords(app core.App, now func() time.Time) *passwords { return &passwords{app, now} }

// LinkRequest has the SHA-256 of a link's token, and the password that its user chose.
type LinkRequest struct {
	Link     string `json:"link"`
	Password string `json:"password"`
	// Via and CorrelationID are for the audit log.
	Via           string `json:"via"`
	CorrelationID string `json:"correlation_id"`
}

// PasswordAnswer has the e-mail address of whose password it is now; empty: nothing was changed.
type PasswordAnswer struct {
	Email string `json:"email"`
}

// UseLink sets a password by a link, once.
func (p *passwords) UseLink(request LinkRequest) (answer PasswordAnswer, err error) {
	if !sha256Form.MatchString(request.Link) {
		return answer, fault.BadRequest("link must be the SHA-256 of a token, in hex.")
	}
	err = p.app.RunInTransaction(func(tx core.App) error {
		user, err := findByLink(tx, p.now(), request.Link)
		if err != nil || user == nil {
			return err
		}
		answer.Email = user.Email()
		by := audit.Caller{Actor: ActorName(user), Via: request.Via, CorrelationID: request.CorrelationID}
		return save(tx, user, request.Password, by)
	})
	return answer, err
}

// findByLink looks up the hash, so how long that takes says nothing about the token. Nil: no link has it any more.
func findByLink(tx core.App, now time.Time, hash string) (*core.Record, error) {
	user, err := tx.FindFirstRecordByFilter(usersCollection,
		"link_hash = {:hash} && link_expires_at > {:now} && deactivated = false",
		dbx.Params{"hash": hash, "now": store.FormatTime(now)})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return user, err
}

// ChangeRequest changes the password of an operator or user who knows the old one.
type ChangeRequest struct {
	Collection string `json:"collection"`
	ID         string `json:"id"`
	Current    string `json:"current"`
	Password   string `json:"password"`
	// Session is the SHA-256 of a new token for the browser that asks, since the change ends its session; empty: none.
	Session string `json:"session"`
	audit.Caller
}

// Change compares the old password before anything else. It ends all sessions and tokens of the person.
func (p *passwords) Change(request ChangeRequest) (answer PasswordAnswer, err error) {
	login := loginRequest{Session: request.Session, Via: request.Via, CorrelationID: request.CorrelationID}
	if err := errors.Join(request.Caller.Check(), login.check()); err != nil {
		return answer, err
	}
	person, err := p.app.FindRecordById(request.Collection, request.ID)
	if err != nil {
		return answer, err
	}
	if !person.ValidatePassword(request.Current) {
		return answer, noteRefused(p.app, p.now(), request.Caller, person.Email(), person)
	}
	err = p.app.RunInTransaction(func(tx core.App) error {
		if err := save(tx, person, request.Password, request.Caller); err != nil {
			return err
		}
		answer.Email = person.Email()
		return openSession(tx.DB(), p.now(), person, login)
	})
	return answer, err
}

// save tells what is wrong with a password as PocketBase's own routes do.
func save(tx core.App, person *core.Record, password string, by audit.Caller) error {
	by.Asks(person)
	person.SetPassword(password)
	err := tx.Save(person)
	var wrong validation.Errors
	if errors.As(err, &wrong) {
		return apis.NewBadRequestError("The password can't be used.", wrong)
	}
	return err
}
