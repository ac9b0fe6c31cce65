package rules

import (
	"encoding/json/v2"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/secrets"
	"pockethook/internal/store"
)

// Triggers define when a notification about a site is sent, and to which destinations.
var Triggers = Kind{
	Collection: "triggers",
	Singular:   "trigger",
	View:       store.Notifications,
	References: map[string]string{"site": "sites", "goal": "goals", "destinations": "destinations"},
	Within:     "site",
	Tidy:       chooseDefaults,
	Check:      checkTrigger,
}

// chooseDefaults fills in the fields that a form left empty.
func chooseDefaults(record *core.Record) {
	for field, choice := range map[string]string{"repeat": "never", "notify": "every", "when_late": "mark"} {
		if record.GetString(field) == "" {
			record.Set(field, choice)
		}
	}
}

const triggersAtMost = 50

func checkTrigger(s save, p problems) error {
	record := s.record
	if record.GetString("type") == "goal_completion" {
		checkGoalTrigger(record, p)
		if err := checkGoalOfSite(s, p); err != nil {
			return err
		}
	} else {
		checkVisitorTrigger(record, p)
	}
	// Visitors are kept for 48 hours.
	window := record.GetString("window")
	p.add("window", checkBetween(window, time.Minute, 24*time.Hour, "5m"))
	if length, _ := parseDuration(window); length%time.Second != 0 {
		p.add("window", errors.New("must be whole seconds, such as 90s"))
	}
	p.add("cooldown", checkBetween(record.GetString("cooldown"), 0, 7*24*time.Hour, "12h"))
	p.add("expires_after", checkBetween(record.GetString("expires_after"), time.Minute, 7*24*time.Hour, "60m"))
	p.add("quiet_hours", checkQuietHours(secrets.JSONText(record, "quiet_hours")))
	return checkCount(s, p, triggersAtMost, "triggers")
}

func checkGoalTrigger(record *core.Record, p problems) {
	if record.GetString("goal") == "" {
		p.add("goal", errors.New("is needed: whose completions are told"))
	}
	if nth := record.GetInt("nth"); record.GetString("notify") == "every_nth" && nth < 2 {
		p.add("nth", errors.New("must be at least 2, such as 100: every 100th completion is told"))
	}
	for _, field := range []string{"threshold", "relative_threshold"} {
		if record.GetFloat(field) != 0 {
			p.add(field, errors.New("is for visitor_spike and visitor_drop; leave it out, and see notify"))
		}
	}
}

func checkGoalOfSite(s save, p problems) error {
	goals, err := s.app.FindRecordsByIds("goals", []string{s.record.GetString("goal")})
	if err == nil && len(goals) == 1 && goals[0].GetString("site") != s.record.GetString("site") {
		p.add("goal", errors.New("belongs to another site"))
	}
	return err
}

func checkVisitorTrigger(record *core.Record, p problems) {
	threshold, relative := record.GetInt("threshold"), record.GetFloat("relative_threshold")
	spike := record.GetString("type") == "visitor_spike"
	switch {
	case threshold == 0 && relative == 0:
		p.add("threshold", errors.New("must be at least 1 visitor; or set relative_threshold, such as 3 for three times the usual number"))
	case threshold != 0 && relative != 0:
		p.add("relative_threshold", errors.New("can't be set together with threshold: one of them says when it fires"))
	case spike && relative != 0 && relative <= 1:
		p.add("relative_threshold", errors.New("must be more than 1 for a spike, such as 3 for three times the usual number"))
	case !spike && relative >= 1:
		p.add("relative_threshold", errors.New("must be less than 1 for a drop, such as 0.5 for half the usual number"))
	}
	if record.GetString("goal") != "" {
		p.add("goal", errors.New("is for goal_completion; leave it out"))
	}
}

func checkBetween(text string, least, most time.Duration, example string) error {
	if text == "" {
		return nil
	}
	if duration, ok := parseDuration(text); !ok || duration < least || duration > most {
		return fmt.Errorf("must be a duration from %s to %s, such as %s", spell(least), spell(most), example)
	}
	return nil
}

// spell formats a duration so that parseDuration can read it.
func spell(duration time.Duration) string {
	switch {
	case duration >= 48*time.Hour:
		return fmt.Sprintf("%dd", duration/(24*time.Hour))
	case duration >= time.Hour:
		return fmt.Sprintf("%dh", duration/time.Hour)
	case duration >= time.Minute:
		return fmt.Sprintf("%dm", duration/time.Minute)
	default:
		return fmt.Sprintf("%ds", duration/time.Second)
	}
}

var timeOfDay = regexp.MustCompile(`^(?:[01]\d|2[0-3]):[0-5]\d$`)

func checkQuietHours(text string) error {
	if text == "null" {
		return nil
	}
	var hours struct {
		From string `json:"from"`
		To   string `json:"to"`
	}
	if json.Unmarshal([]byte(text), &hours, json.RejectUnknownMembers(true)) != nil ||
		!timeOfDay.MatchString(hours.From) || !timeOfDay.MatchString(hours.To) || hours.From == hours.To {
		return errors.New(`must be {"from": "22:00", "to": "07:00"}, two different times of the day, or empty`)
	}
	return nil
}
