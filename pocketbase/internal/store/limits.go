package store

import (
	"encoding/json/jsontext"
	"fmt"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/fault"
)

// limits are the maximum sizes of the history collections' fields, checked here because raw SQL bypasses PocketBase's checks.
type limits map[string]map[string]int

func readLimits(app core.App) (limits, error) {
	all := limits{}
	for _, name := range []string{"events", "event_bodies", "deliveries", "attempts", "rejections", "audit", "replays"} {
		collection, err := app.FindCachedCollectionByNameOrId(name)
		if err != nil {
			return nil, fmt.Errorf("the collection %s is missing: %w", name, err)
		}
		fields := map[string]int{}
		for _, field := range collection.Fields {
			switch field := field.(type) {
			case *core.TextField:
				fields[field.Name] = field.Max
			case *core.JSONField:
				fields[field.Name] = int(field.MaxSize)
			}
		}
		all[name] = fields
	}
	return all, nil
}

// checker finds the first thing that is wrong with the fields of one record of a collection.
type checker struct {
	collection string
	limits     map[string]int
	Err        error
}

// Of begins a check of the fields of one record.
func (l limits) Of(collection string) *checker {
	return &checker{collection: collection, limits: l[collection]}
}

func (c *checker) fail(field, problem string) {
	if c.Err == nil {
		c.Err = fault.BadItem(fmt.Sprintf("%s.%s %s", c.collection, field, problem))
	}
}

// Text checks a length in characters, as PocketBase does.
func (c *checker) Text(field, value string) *checker {
	if max := c.limits[field]; len(value) > max && utf8.RuneCountInString(value) > max {
		c.fail(field, fmt.Sprintf("is longer than %d characters", max))
	}
	return c
}

// JSON checks a size in bytes, and the type.
func (c *checker) JSON(field string, value jsontext.Value, kind jsontext.Kind) *checker {
	if value.Kind() != kind {
		c.fail(field, "is missing or of the wrong JSON type")
	} else if max := c.limits[field]; len(value) > max {
		c.fail(field, fmt.Sprintf("is larger than %d bytes", max))
	}
	return c
}

// ID checks the form of PocketBase's ids.
func (c *checker) ID(field, value string) *checker {
	if !IsID(value) {
		c.fail(field, "is not an id: 15 characters of a-z and 0-9")
	}
	return c
}

// IsID tells whether a text has the form of PocketBase's ids.
func IsID(value string) bool {
	for _, letter := range []byte(value) {
		if (letter < 'a' || letter > 'z') && (letter < '0' || letter > '9') {
			return false
		}
	}
	return len(value) == 15
}

// Time checks the form of FormatTime.
func (c *checker) Time(field, value string) *checker {
	if _, err := ParseTime(value); err != nil {
		c.fail(field, "is not a time like 2026-01-31 12:00:00.000Z")
	}
	return c
}

// OneOf checks that a text is among the allowed ones.
func (c *checker) OneOf(field, value string, allowed ...string) *checker {
	for _, one := range allowed {
		if value == one {
			return c
		}
	}
	c.fail(field, fmt.Sprintf("is none of %v", allowed))
	return c
}

// Between checks a number, both ends included.
func (c *checker) Between(field string, value, least, most int64) *checker {
	if value < least || value > most {
		c.fail(field, fmt.Sprintf("must be from %d to %d", least, most))
	}
	return c
}

// Clip cuts a text that a foreign server made too long, since losing the attempt would be worse.
func Clip(text string, max int) string {
	if len(text) <= max {
		return text
	}
	runes := []rune(text)
	return string(runes[:min(max, len(runes))])
}
