package statistics_test

import (
	"encoding/json/jsontext"
	"testing"

	"pockethook/internal/statistics"
	. "pockethook/internal/testkit"
)

func TestHealth(t *testing.T) {
	b := NewBench(t)
	s := statistics.New(b.Store)
	site := b.Save("sites", Object{"domain": "example.com", "enabled": true}).Id
	health := func(readAt int64, problem string) []statistics.Health {
		return []statistics.Health{{Site: site, ReadAt: readAt, Problem: jsontext.Value(problem)}}
	}
	save := func(items []statistics.Health) error {
		_, err := s.Save(statistics.SaveRequest{Items: items})
		return err
	}
	read := func() []statistics.Health {
		answer, err := s.Read(statistics.ReadRequest{Sites: []string{site, "unknown"}})
		b.Must(err)
		return answer.Items
	}

	b.Equal(len(read()), 0)
	b.Must(save(health(5, `null`)))
	b.Must(save(health(0, `{"code":"failing"}`)))
	b.Equal(read(), health(5, `{"code":"failing"}`))

	for name, items := range map[string][]statistics.Health{
		"no object": health(5, `"text"`),
		"no site":   {{Problem: jsontext.Value(`null`)}},
		"no time":   health(-1, `null`),
	} {
		if save(items) == nil {
			t.Errorf("%s was saved", name)
		}
	}

	b.Must(b.App.Delete(b.Get("sites", site)))
	b.Must(save(health(9, `null`)))
	b.Equal(len(read()), 0)
}
