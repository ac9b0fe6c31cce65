package server

import (
	"cmp"
	"encoding/json/v2"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"pockethook/internal/access"
	"pockethook/internal/configuration"
	"pockethook/internal/fault"
	"pockethook/internal/handshake"
	"pockethook/internal/hits"
	"pockethook/internal/live"
	"pockethook/internal/overview"
	"pockethook/internal/policy"
	"pockethook/internal/queue"
	"pockethook/internal/replay"
	"pockethook/internal/retention"
	"pockethook/internal/search"
	"pockethook/internal/secrets"
	"pockethook/internal/statistics"
	"pockethook/internal/store"
	"pockethook/internal/triggers"
)

// bodyLimit is large enough for a whole batch with one event of 32 MiB, even if JSON has to escape each of its characters.
const bodyLimit = 96 << 20

// bindRoutes adds what the API service calls, for superusers only; see README.md for the shapes.
func bindRoutes(r *router.Router[*core.RequestEvent], s *store.Store, q *queue.Queue, h *hits.Hits, vault *secrets.Vault, migrationsDir string) {
	replays, retention, evaluated := replay.New(s), retention.New(s), triggers.New(s)
	group := r.Group("/api/pockethook")
	group.Bind(apis.RequireSuperuserAuth(), apis.SkipSuccessActivityLog(), apis.BodyLimit(bodyLimit))
	browsers, passwords := access.NewSessions(s.App, s.Now), access.NewPasswords(s.App, s.Now)
	group.POST("/login", access.NewLogins(s.App, s.Now).LogIn)
	group.POST("/session", answer(withBody(browsers.Identify)))
	group.POST("/session/end", answer(withBody(browsers.End)))
	group.POST("/password/link", answer(withBody(passwords.UseLink)))
	group.POST("/password/change", answer(withBody(passwords.Change)))
	group.GET("/config", answer(func(e *core.RequestEvent) (any, error) { return readConfiguration(s.App, e.Request.URL.Query()) }))
	group.POST("/probe", answer(func(*core.RequestEvent) (any, error) { return s.Probe() }))
	group.GET("/stats", answer(func(*core.RequestEvent) (any, error) { return q.Stats() }))
	group.POST("/search", answer(withBody(search.New(s).Quick)))
	group.POST("/search/events", answer(withBody(search.New(s).Events)))
	group.POST("/search/deliveries", answer(withBody(search.New(s).Deliveries)))
	group.POST("/overview", answer(withBody(overview.New(s).Read)))
	group.POST("/changes", answer(follow(live.New(s))))
	group.POST("/accept", answer(withBody(q.Accept)))
	group.POST("/claim", answer(claimFor(q)))
	group.POST("/settle", answer(withBody(q.Settle)))
	group.POST("/command", answer(withBody(q.Command)))
	group.POST("/command/many", answer(withBody(q.CommandMany)))
	group.POST("/source/reveal", answer(withBody(func(r handshake.RevealRequest) (handshake.RevealAnswer, error) { return handshake.Reveal(s, r) })))
	group.POST("/rejection", answer(withBody(q.Reject)))
	group.POST("/starter", answer(func(*core.RequestEvent) (any, error) { return configuration.MarkStarter(s) }))
	group.POST("/retain", answer(withBody(retention.Retain)))
	group.POST("/rotate", answer(withBody(func(r secrets.RotateRequest) (secrets.RotateAnswer, error) { return vault.Rotate(s.App, r, s.Now()) })))
	group.GET("/migrations", answer(func(*core.RequestEvent) (any, error) { return migrations(s.App, migrationsDir) }))
	group.POST("/destination", answer(withBody(func(r policy.Request) (policy.Answer, error) { return policy.PauseOrResume(s, r) })))
	group.POST("/triggers/lease", answer(withBody(evaluated.Lease)))
	group.POST("/triggers/save", answer(withBody(evaluated.Save)))
	group.POST("/triggers/states", answer(withBody(evaluated.States)))
	group.POST("/replay/range", answer(withBody(replays.Range)))
	group.POST("/replay/page", answer(withBody(replays.Page)))
	group.POST("/replay/read", answer(withBody(replays.Read)))
	group.POST("/replay/create", answer(withBody(replays.Create)))
	group.POST("/replay/claim", answer(withBody(replays.Claim)))
	group.POST("/replay/save", answer(withBody(replays.Save)))
	group.POST("/replay/cancel", answer(withBody(replays.Cancel)))
	group.POST("/replay/pause", answer(withBody(replays.Pause)))
	group.POST("/replay/resume", answer(withBody(replays.Resume)))
	group.POST("/hits", answer(withBody(h.Record)))
	group.POST("/salts", answer(func(*core.RequestEvent) (any, error) { return h.Salts() }))
	group.POST("/hits/readings", answer(withBody(h.Readings)))
	group.POST("/hits/touched", answer(withBody(h.Touched)))
	group.POST("/hits/tally", answer(withBody(h.Tally)))
	group.POST("/hits/sites", answer(withBody(h.Sites)))
	group.POST("/hits/top", answer(withBody(h.Top)))
	group.POST("/hits/dropped", answer(withBody(h.Dropped)))
	group.POST("/hits/goals", answer(withBody(h.Goals)))
	elsewhere := statistics.New(s)
	group.POST("/statistics/save", answer(withBody(elsewhere.Save)))
	group.POST("/statistics/read", answer(withBody(elsewhere.Read)))
	group.POST("/values/hours", answer(withBody(h.Hours)))
	group.POST("/values/save", answer(withBody(h.SaveValues)))
	group.POST("/values/read", answer(withBody(h.ReadValues)))
}

// answer sends a result as JSON, or an error.
func answer(handle func(e *core.RequestEvent) (any, error)) func(e *core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		result, err := handle(e)
		if err != nil {
			return fault.ToAPI(err)
		}
		return e.JSON(http.StatusOK, result)
	}
}

// readConfiguration takes `view`, the name of one of store.Views (default: the gateway's), and `since`, the caller's version.
func readConfiguration(app core.App, query url.Values) (any, error) {
	name := cmp.Or(query.Get("view"), store.Gateway.Name)
	i := slices.IndexFunc(store.Views, func(v store.View) bool { return v.Name == name })
	since, err := strconv.ParseInt(cmp.Or(query.Get("since"), "0"), 10, 64)
	if i < 0 || err != nil {
		return nil, fault.BadRequest("view must be the name of one, and since a version.")
	}
	return configuration.Read(app, store.Views[i], since)
}

// claimFor rolls back a claim whose caller has disconnected, because nobody would work on its leases until they expire.
func claimFor(q *queue.Queue) func(e *core.RequestEvent) (any, error) {
	return func(e *core.RequestEvent) (any, error) {
		var request queue.ClaimRequest
		if err := readJSON(e, &request); err != nil {
			return nil, err
		}
		request.Gone = func() bool { return e.Request.Context().Err() != nil }
		return q.Claim(request)
	}
}

// follow waits for changes as long as the caller does.
func follow(l *live.Live) func(e *core.RequestEvent) (any, error) {
	return func(e *core.RequestEvent) (any, error) {
		var request live.Request
		if err := readJSON(e, &request); err != nil {
			return nil, err
		}
		return l.Follow(e.Request.Context(), request)
	}
}

func withBody[Request, Answer any](handle func(Request) (Answer, error)) func(e *core.RequestEvent) (any, error) {
	return func(e *core.RequestEvent) (any, error) {
		var request Request
		if err := readJSON(e, &request); err != nil {
			return nil, err
		}
		if asked, changes := any(&request).(interface{ WaitsAt(e *core.RequestEvent) }); changes {
			asked.WaitsAt(e)
		}
		return handle(request)
	}
}

// errNotOfForm doesn't pass on the reason: it may quote the body.
var errNotOfForm = fault.BadRequest("The body is not JSON of the form that this route takes.")

func readJSON(e *core.RequestEvent, into any) error {
	err := json.UnmarshalRead(e.Request.Body, into, queue.Lenient)
	if errors.Is(err, apis.ErrRequestEntityTooLarge) {
		return apis.ErrRequestEntityTooLarge
	}
	if err != nil {
		return errNotOfForm
	}
	return nil
}
