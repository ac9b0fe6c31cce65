package access

import (
	"database/sql"
	"errors"
	"sync"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
)

// loginCollections in order: an e-mail that belongs to an operator is not looked up among users.
var loginCollections = []string{core.CollectionNameSuperusers, "users"}

// logins checks the passwords of people whom the API service logs in. The API service limits the number of logins, by
// the clients' addresses, which this service doesn't see.
type logins struct {
	app     core.App
	compare func(record *core.Record, password string) bool
	// stranger is a record with a random password, compared when there is no such e-mail.
	stranger func() (*core.Record, error)
}

// NewLogins makes the handler of the API service's login route.
func NewLogins(app core.App) *logins {
	return &logins{
		app:      app,
		compare:  (*core.Record).ValidatePassword,
		stranger: sync.OnceValues(func() (*core.Record, error) { return makeStranger(app) }),
	}
}

func makeStranger(app core.App) (*core.Record, error) {
	collection, err := app.FindCachedCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		return nil, err
	}
	stranger := core.NewRecord(collection)
	stranger.SetRandomPassword()
	return stranger, nil
}

type loginRequest struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

// LogIn answers as PocketBase's auth-with-password does.
func (l *logins) LogIn(e *core.RequestEvent) error {
	var request loginRequest
	if err := e.BindBody(&request); err != nil {
		return e.BadRequestError("The body is not JSON of the form that this route takes.", nil)
	}
	record, err := l.find(request)
	if err != nil {
		return e.InternalServerError("The store failed. Its log says why.", err)
	}
	if record == nil {
		return e.BadRequestError("Failed to authenticate.", nil)
	}
	// The request came with the service account; the collection's rules must see the person instead of a superuser.
	e.Auth = nil
	return apis.RecordAuthResponse(e, record, core.MFAMethodPassword, nil)
}

// find always compares exactly one password, so that its time doesn't reveal whether the e-mail exists, nor in which
// collection. Nil when e-mail or password is wrong.
func (l *logins) find(request loginRequest) (*core.Record, error) {
	stranger, err := l.stranger()
	if err != nil {
		return nil, err
	}
	person, err := l.personWith(request.Email)
	if err != nil {
		return nil, err
	}
	if person == nil {
		l.compare(stranger, request.Password)
		return nil, nil
	}
	if !l.compare(person, request.Password) {
		return nil, nil
	}
	return person, nil
}

func (l *logins) personWith(email string) (*core.Record, error) {
	var found *core.Record
	for _, name := range loginCollections {
		record, err := l.app.FindAuthRecordByEmail(name, email)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
		if err == nil && found == nil && record.Collection().PasswordAuth.Enabled {
			found = record
		}
	}
	return found, nil
}
