package access

import (
	"database/sql"
	"errors"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/audit"
	"pockethook/internal/fault"
)

// loginCollections in order: an e-mail that belongs to an operator is not looked up among users.
var loginCollections = []string{core.CollectionNameSuperusers, "users"}

// logins checks the passwords of people whom the API service logs in. The API service limits the number of logins, by
// the clients' addresses, which this service doesn't see.
type logins struct {
	app     core.App
	now     func() time.Time
	compare func(record *core.Record, password string) bool
	// stranger is a record with a random password, compared when there is no such e-mail.
	stranger func() (*core.Record, error)
}

// NewLogins makes the handler of the API service's login route.
func NewLogins(app core.App, now func() time.Time) *logins {
	return &logins{
		app:      app,
		now:      now,
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
	// Session is the SHA-256 of a new token that the API service made for a browser; empty: no session is asked for.
	Session string `json:"session"`
	// Replaces is that of the token which the browser had before; empty: it had none.
	Replaces string `json:"replaces"`
	// Via and CorrelationID are for the audit log.
	Via           string `json:"via"`
	CorrelationID string `json:"correlation_id"`
}

func (r loginRequest) check() error {
	for _, hash := range []string{r.Session, r.Replaces} {
		if hash != "" && !sha256Form.MatchString(hash) {
			return errNoHash
		}
	}
	return audit.Caller{Actor: ActorName(nil), Via: r.Via, CorrelationID: r.CorrelationID}.Check()
}

// LogIn answers as PocketBase's auth-with-password does.
func (l *logins) LogIn(e *core.RequestEvent) error {
	var request loginRequest
	if err := e.BindBody(&request); err != nil {
		return e.BadRequestError("The body is not JSON of the form that this route takes.", nil)
	}
	if err := request.check(); err != nil {
		return fault.ToAPI(err)
	}
	record, err := l.find(request)
	if err != nil {
		return e.InternalServerError("The store failed. Its log says why.", err)
	}
	if record == nil {
		return e.BadRequestError("Failed to authenticate.", nil)
	}
	e.Set(loginOfAPI, &request)
	// The request came with the service account; the collection's rules must see the person instead of a superuser.
	e.Auth = nil
	err = apis.RecordAuthResponse(e, record, core.MFAMethodPassword, nil)
	if isRefusal(err) { // by the rule of the collection: the user is deactivated
		if failure := l.noteRefused(request, record); failure != nil {
			return fault.ToAPI(failure)
		}
	}
	return err
}

func (l *logins) noteRefused(request loginRequest, person *core.Record) error {
	by := audit.Caller{Via: request.Via, CorrelationID: request.CorrelationID}
	return noteRefused(l.app, l.now(), by, request.Email, person)
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
	compared := person
	if person == nil {
		compared = stranger
	}
	if l.compare(compared, request.Password) && person != nil {
		return person, nil
	}
	return nil, l.noteRefused(request, person)
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
