package main

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"net/http"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
)

// bodyLimit holds a whole batch, with one event of 32 MiB in it each of whose characters JSON escapes.
const bodyLimit = 96 << 20

// bindRoutes adds what the API service calls, for superusers only; see README.md for the shapes.
func bindRoutes(r *router.Router[*core.RequestEvent], q *queue, s *secrets, migrationsDir string) {
	group := r.Group("/api/pockethook")
	group.Bind(apis.RequireSuperuserAuth(), apis.SkipSuccessActivityLog(), apis.BodyLimit(bodyLimit))
	group.POST("/login", newLogins(q.app).logIn)
	group.GET("/config", answer(func(*core.RequestEvent) (any, error) { return q.configuration() }))
	group.POST("/probe", answer(func(*core.RequestEvent) (any, error) { return q.probe() }))
	group.GET("/stats", answer(func(*core.RequestEvent) (any, error) { return q.stats() }))
	group.POST("/accept", answer(withBody(q.accept)))
	group.POST("/claim", answer(q.claimFor))
	group.POST("/settle", answer(withBody(q.settle)))
	group.POST("/command", answer(withBody(q.command)))
	group.POST("/rejection", answer(withBody(q.reject)))
	group.POST("/starter", answer(func(*core.RequestEvent) (any, error) { return q.markStarter() }))
	group.POST("/retain", answer(withBody(q.retain)))
	group.POST("/rotate", answer(withBody(func(r rotateRequest) (rotateAnswer, error) { return s.rotate(q.app, r, q.now()) })))
	group.GET("/migrations", answer(func(*core.RequestEvent) (any, error) { return migrations(q.app, migrationsDir) }))
	group.POST("/destination", answer(withBody(q.destinationCommand)))
	group.POST("/replay/range", answer(withBody(q.replayRange)))
	group.POST("/replay/page", answer(withBody(q.replayPage)))
	group.POST("/replay/create", answer(withBody(q.createReplay)))
	group.POST("/replay/claim", answer(withBody(q.claimReplay)))
	group.POST("/replay/save", answer(withBody(q.saveReplay)))
	group.POST("/replay/cancel", answer(withBody(q.cancelReplay)))
}

// requestError is a request that is wrong as a whole; its message is for the caller.
type requestError string

func (e requestError) Error() string { return string(e) }

// answer turns a result into JSON.
func answer(handle func(e *core.RequestEvent) (any, error)) func(e *core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		result, err := handle(e)
		if err != nil {
			return asAPIError(err)
		}
		return e.JSON(http.StatusOK, result)
	}
}

// asAPIError turns a fault into one sentence: what happened inside goes to the log only.
func asAPIError(err error) error {
	var known *router.ApiError
	if errors.As(err, &known) {
		return known
	}
	var wrong requestError
	if errors.As(err, &wrong) {
		return apis.NewBadRequestError(string(wrong), nil)
	}
	return apis.NewInternalServerError("The store failed; nothing was changed. Its log says why.", err)
}

// claimFor drops a claim whose caller is gone: what it leased would stay with nobody until the lease runs out.
func (q *queue) claimFor(e *core.RequestEvent) (any, error) {
	var request claimRequest
	if err := readJSON(e, &request); err != nil {
		return nil, err
	}
	request.gone = func() bool { return e.Request.Context().Err() != nil }
	return q.claim(request)
}

func withBody[Request, Answer any](handle func(Request) (Answer, error)) func(e *core.RequestEvent) (any, error) {
	return func(e *core.RequestEvent) (any, error) {
		var request Request
		if err := readJSON(e, &request); err != nil {
			return nil, err
		}
		if asked, changes := any(&request).(interface{ waitsAt(e *core.RequestEvent) }); changes {
			asked.waitsAt(e)
		}
		return handle(request)
	}
}

// lenient: a payload may hold lone surrogates and repeated names; refusing them here would lose an event.
var lenient = json.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))

func readJSON(e *core.RequestEvent, into any) error {
	err := json.UnmarshalRead(e.Request.Body, into, lenient)
	if errors.Is(err, apis.ErrRequestEntityTooLarge) {
		return apis.ErrRequestEntityTooLarge
	}
	if err != nil {
		// The fault itself may quote the body.
		return requestError("The body is not JSON of the form that this route takes.")
	}
	return nil
}
