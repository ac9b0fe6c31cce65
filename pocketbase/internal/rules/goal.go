package rules

import (
	"encoding/json/v2"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/secrets"
	"pockethook/internal/store"
)

// Goals define what counts as a completion on a site.
var Goals = Kind{
	Collection: "goals",
	Singular:   "goal",
	View:       store.Notifications,
	References: map[string]string{"site": "sites"},
	Within:     "site",
	Tidy:       tidyGoal,
	Check:      checkGoal,
}

const (
	goalPropsAtMost = 3
	propKeyAtMost   = 300
	propValueAtMost = 2000
	// Bounded because each hit is compared with all goals of its site.
	goalsAtMost     = 100
	wildcardsAtMost = 10
)

// ownEvents are the events that trackers send automatically.
var ownEvents = []string{"pageview", "engagement"}

var everyPage = regexp.MustCompile(`^[/*]*\*\*[/*]*$`)

// tidyGoal drops the blanks around what is compared with what trackers send, which has none.
func tidyGoal(record *core.Record) {
	for _, field := range []string{"event_name", "page_path"} {
		record.Set(field, strings.TrimSpace(record.GetString(field)))
	}
}

func checkGoal(s save, p problems) error {
	record := s.record
	event, path := record.GetString("event_name"), record.GetString("page_path")
	switch {
	case (event == "") == (path == ""):
		p.add("event_name", errors.New("must be set, or page_path, and one of them only: a custom event, or a page"))
	case slices.Contains(ownEvents, event):
		p.add("event_name", fmt.Errorf("can't be %s, which trackers send by themselves; for a page, set page_path", event))
	case path != "":
		p.add("page_path", checkPagePath(path))
	}
	p.add("props", checkGoalProps(secrets.JSONText(record, "props")))
	if code := record.GetString("currency"); code != "" && !isCurrency(code) {
		p.add("currency", errors.New("must be the code of a currency of ISO 4217 in capitals, such as EUR"))
	}
	return checkCount(s, p, goalsAtMost, "goals")
}

func checkPagePath(path string) error {
	switch {
	case !strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "*"):
		return errors.New("must begin with / or *, such as /thank-you")
	case strings.Contains(path, "?"):
		return errors.New("must be without ? and what follows: queries are not kept")
	case isEncoded(path):
		return errors.New("must be written as people read it, such as /café rather than /caf%C3%A9: paths of hits are decoded")
	case everyPage.MatchString(path):
		return errors.New("matches every page: name the pages that count, such as /thank-you or /blog/**")
	case strings.Count(path, "*") > wildcardsAtMost:
		return fmt.Errorf("holds more than %d asterisks", wildcardsAtMost)
	}
	return nil
}

func isEncoded(path string) bool {
	decoded, err := url.PathUnescape(path)
	return err == nil && decoded != path
}

func checkGoalProps(text string) error {
	var props map[string]string
	if json.Unmarshal([]byte(text), &props) != nil || len(props) > goalPropsAtMost {
		return fmt.Errorf(`must be an object of up to %d texts, such as {"plan": "pro"}, or empty`, goalPropsAtMost)
	}
	for key, value := range props {
		if key == "" || len(key) > propKeyAtMost || value == "" || len(value) > propValueAtMost {
			return fmt.Errorf("holds a name that is empty or longer than %d bytes, or a value that is empty or longer than %d", propKeyAtMost, propValueAtMost)
		}
	}
	return nil
}

// checkCount limits how many records of a kind a site may have.
func checkCount(s save, p problems, atMost int64, plural string) error {
	if !s.record.IsNew() {
		return nil
	}
	site := s.record.GetString("site")
	var count int64
	err := s.app.DB().NewQuery("SELECT count(*) FROM " + s.record.Collection().Name + " WHERE site = {:site}").
		Bind(map[string]any{"site": site}).Row(&count)
	if err == nil && count >= atMost {
		p.add("site", fmt.Errorf("has %d %s, which is as many as a site may have", count, plural))
	}
	return err
}
