package access

import (
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/hex"
	"errors"
	"regexp"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/audit"
	"pockethook/internal/fault"
	"pockethook/internal/store"
)

// A session of a browser ends after sessionIdle without a request, and sessionLongest after the login in any case.
const (
	sessionIdle    = 24 * time.Hour
	sessionLongest = 7 * 24 * time.Hour
	// sessionStep is how much later a session has to end before that is worth a write.
	sessionStep = 10 * time.Minute
	// sessionsAtMost bounds the rows of one person; the oldest goes.
	sessionsAtMost = 50
)

// sessions are those of browsers. The API service makes their tokens and sends hashes, so no token ever gets here. A
// session holds as long as its person's token key, which PocketBase changes with the password and the e-mail address and
// `revoke-tokens` for everybody: whoever changes it, by whatever way, ends all sessions.
type sessions struct {
	app core.App
	now func() time.Time
}

// NewSessions makes the handlers of the API service's session routes.
func NewSessions(app core.App, now func() time.Time) *sessions { return &sessions{app, now} }

var sha256Form = regexp.MustCompile(`^[0-9a-f]{64}$`)

var errNoHash = fault.BadRequest("session and replaces must each be the SHA-256 of a token, in hex.")

const (
	insertSession = `INSERT INTO sessions (hash, collection, person, token_key_hash, created, expires_at)
		VALUES ({:hash}, {:collection}, {:person}, {:key}, {:now}, {:expires})`
	deleteExpired = `DELETE FROM sessions WHERE expires_at <= {:now}`
	deleteOldest  = `DELETE FROM sessions WHERE person = {:person} AND hash NOT IN
		(SELECT hash FROM sessions WHERE person = {:person} ORDER BY created DESC LIMIT {:most})`
	deleteSession = `DELETE FROM sessions WHERE hash = {:hash}`
	selectSession = `SELECT collection, person, token_key_hash, created, expires_at FROM sessions
		WHERE hash = {:hash} AND expires_at > {:now}`
	extendSession = `UPDATE sessions SET expires_at = {:expires} WHERE hash = {:hash}`
)

// openSession stores the session that a login asks for, and ends the one that the browser had before.
func openSession(db dbx.Builder, now time.Time, person *core.Record, login loginRequest) error {
	if login.Session == "" {
		return nil
	}
	params := dbx.Params{
		"hash": login.Session, "collection": person.Collection().Name, "person": person.Id, "key": hashOf(person.TokenKey()),
		"now": store.FormatTime(now), "expires": store.FormatTime(now.Add(sessionIdle)), "most": sessionsAtMost - 1,
	}
	for _, statement := range []string{deleteExpired, deleteOldest, insertSession} {
		if _, err := db.NewQuery(statement).Bind(params).Execute(); err != nil {
			return err
		}
	}
	_, err := db.NewQuery(deleteSession).Bind(dbx.Params{"hash": login.Replaces}).Execute()
	return err
}

// SessionRequest names a session by the SHA-256 of its token.
type SessionRequest struct {
	Session string `json:"session"`
}

// SessionAnswer says whose session it is; Person is nil if there is none, or it has ended.
type SessionAnswer struct {
	Person    *SessionPerson `json:"person"`
	ExpiresAt string         `json:"expires_at,omitzero"`
}

// SessionPerson has the names of PocketBase's own records, as a login answers them.
type SessionPerson struct {
	CollectionName string `json:"collectionName"`
	ID             string `json:"id"`
	Email          string `json:"email"`
	Account        string `json:"account,omitzero"`
	Role           string `json:"role,omitzero"`
}

type storedSession struct {
	Collection   string `db:"collection"`
	Person       string `db:"person"`
	TokenKeyHash string `db:"token_key_hash"`
	Created      string `db:"created"`
	ExpiresAt    string `db:"expires_at"`
}

// Identify tells whose session it is, and puts off its end.
func (s *sessions) Identify(request SessionRequest) (answer SessionAnswer, err error) {
	session, person, err := s.find(request.Session)
	if err != nil || person == nil {
		return answer, err
	}
	answer.ExpiresAt, err = s.extend(request.Session, session)
	answer.Person = &SessionPerson{
		CollectionName: person.Collection().Name, ID: person.Id, Email: person.Email(),
		Account: person.GetString("account"), Role: person.GetString("role"),
	}
	return answer, err
}

// find returns a nil person if there is no such session. It is looked up by its hash, so how long that takes says nothing
// about the token.
func (s *sessions) find(hash string) (session storedSession, person *core.Record, err error) {
	if !sha256Form.MatchString(hash) {
		return session, nil, errNoHash
	}
	params := dbx.Params{"hash": hash, "now": store.FormatTime(s.now())}
	err = s.app.ConcurrentDB().NewQuery(selectSession).Bind(params).One(&session)
	if err == nil {
		person, err = s.app.FindRecordById(session.Collection, session.Person)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return session, nil, nil
	}
	if err != nil || subtle.ConstantTimeCompare([]byte(hashOf(person.TokenKey())), []byte(session.TokenKeyHash)) != 1 {
		return session, nil, err
	}
	return session, person, nil
}

func (s *sessions) extend(hash string, session storedSession) (expiresAt string, err error) {
	created, err := store.ParseTime(session.Created)
	if err != nil {
		return "", err
	}
	expires, err := store.ParseTime(session.ExpiresAt)
	if err != nil {
		return "", err
	}
	later := s.now().Add(sessionIdle)
	if last := created.Add(sessionLongest); later.After(last) {
		later = last
	}
	if later.Sub(expires) < sessionStep {
		return session.ExpiresAt, nil
	}
	params := dbx.Params{"hash": hash, "expires": store.FormatTime(later)}
	_, err = s.app.NonconcurrentDB().NewQuery(extendSession).Bind(params).Execute()
	return store.FormatTime(later), err
}

// EndRequest ends a session on behalf of its person.
type EndRequest struct {
	SessionRequest
	audit.Caller
}

// End ends a session; one that has ended already is no error.
func (s *sessions) End(request EndRequest) (struct{}, error) {
	if err := request.Caller.Check(); err != nil {
		return struct{}{}, err
	}
	_, person, err := s.find(request.Session)
	if err != nil || person == nil {
		return struct{}{}, err
	}
	return struct{}{}, s.app.RunInTransaction(func(tx core.App) error {
		result, err := tx.DB().NewQuery(deleteSession).Bind(dbx.Params{"hash": request.Session}).Execute()
		if err != nil {
			return err
		}
		if ended, err := result.RowsAffected(); err != nil || ended == 0 {
			return err
		}
		return audit.WriteIn(tx.DB(), s.now(), sessionEntry("session.end", request.Caller, person))
	})
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
