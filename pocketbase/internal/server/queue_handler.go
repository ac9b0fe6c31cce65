package server

import (
	"encoding/json/v2"
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/tools/router"

	"pockethook/internal/access"
	"pockethook/internal/fault"
	"pockethook/internal/queue"
)

// answerQueue answers the two calls that each event makes, when they come from the API service, without PocketBase's chain of
// middleware (its log, rate limits, body that can be read again, answers of chosen fields), which takes as long as SQLite does
// for a small batch. Everybody else, and every other call, goes through the chain.
func answerQueue(chain http.Handler, q *queue.Queue, service access.ServiceAccount) http.Handler {
	calls := map[string]http.HandlerFunc{
		"/api/pockethook/accept": direct(q.Accept),
		"/api/pockethook/settle": direct(q.Settle),
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if call := calls[r.URL.Path]; call != nil && r.Method == http.MethodPost {
			if sent, _ := service.Sent(r); sent {
				call(w, r)
				return
			}
		}
		chain.ServeHTTP(w, r)
	})
}

// direct does what answer(withBody(handle)) does in the chain.
func direct[Request, Answer any](handle func(Request) (Answer, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		encoded, err := handleBytes(w, r, handle)
		if err != nil {
			router.ErrorHandler(w, r, fault.ToAPI(err))
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(encoded)))
		w.Write(encoded) // if the caller is gone, it asks again
	}
}

func handleBytes[Request, Answer any](w http.ResponseWriter, r *http.Request, handle func(Request) (Answer, error)) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	if errors.As(err, new(*http.MaxBytesError)) {
		return nil, apis.ErrRequestEntityTooLarge
	}
	if err != nil {
		return nil, err
	}
	var request Request
	if json.Unmarshal(body, &request, queue.Lenient) != nil {
		return nil, errNotOfForm
	}
	answer, err := handle(request)
	if err != nil {
		return nil, err
	}
	return json.Marshal(answer)
}
