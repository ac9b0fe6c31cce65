package hits

import (
	"bytes"

	"pockethook/internal/store"
)

const (
	minuteMs = hour / 60
	// pagesAtMost is how many different pages a site has in one minute; the rest are otherPages together.
	pagesAtMost = 100
	otherPages  = "(other)"
)

// recording aggregates one batch, so that each row is written only once.
type recording struct {
	tx          *store.Transaction
	now         int64
	visits      []visit
	visitors    map[visitorKey]int
	pages       []pageCount
	pageNumbers map[pageKey]int
	sites       map[string]seen
	completions []completed
}

type visitorKey struct{ site, visitor string }

// visit is a batch's data about one visitor: the times of the first and last hit, and the source of the first.
type visit struct {
	site              string
	visitor, previous []byte
	first, last       int64
	source            string
	// onlySignsOfLife: an existing visit is prolonged; none is begun.
	onlySignsOfLife bool
}

type pageKey struct {
	site   string
	minute int64
	page   string
}

type pageCount struct {
	pageKey
	count int64
}

type seen struct{ first, last int64 }

type completed struct {
	Completion
	site string
	at   int64
}

func newRecording(tx *store.Transaction, now int64) *recording {
	return &recording{tx: tx, now: now, visitors: map[visitorKey]int{}, pageNumbers: map[pageKey]int{}, sites: map[string]seen{}}
}

// add adds one hit. Times in the future become now; hits older than the retention time are ignored.
func (r *recording) add(hit Hit) {
	at := r.now - max(0, hit.AgeMs)
	if at <= r.now-keepMs {
		return
	}
	r.addVisit(hit, at)
	if hit.SignOfLife {
		return
	}
	site, known := r.sites[hit.Site]
	if !known {
		site = seen{at, at}
	}
	r.sites[hit.Site] = seen{min(site.first, at), max(site.last, at)}
	if hit.Page != "" {
		r.addPage(pageKey{hit.Site, at / minuteMs, store.Clip(hit.Page, textAtMost)})
	}
	for _, completion := range hit.Completions {
		r.completions = append(r.completions, completed{completion, hit.Site, at})
	}
}

func (r *recording) addVisit(hit Hit, at int64) {
	key := visitorKey{hit.Site, string(hit.Visitor)}
	number, known := r.visitors[key]
	if !known {
		r.visitors[key] = len(r.visits)
		r.visits = append(r.visits, visit{hit.Site, hit.Visitor, hit.Previous, at, at, store.Clip(hit.Source, textAtMost), hit.SignOfLife})
		return
	}
	v := &r.visits[number]
	v.last = max(v.last, at)
	if !hit.SignOfLife && (v.onlySignsOfLife || at < v.first) {
		v.first, v.source, v.onlySignsOfLife = at, store.Clip(hit.Source, textAtMost), false
	}
}

func (r *recording) addPage(key pageKey) {
	number, known := r.pageNumbers[key]
	if !known {
		r.pageNumbers[key] = len(r.pages)
		r.pages = append(r.pages, pageCount{pageKey: key})
		number = len(r.pages) - 1
	}
	r.pages[number].count++
}

func (r *recording) write(dropped []Dropped) error {
	for _, v := range r.visits {
		if err := r.writeVisit(v); err != nil {
			return err
		}
	}
	for _, page := range r.pages {
		if err := r.writePage(page); err != nil {
			return err
		}
	}
	for site, times := range r.sites {
		if _, err := r.tx.Exec(keepSite, site, times.first, times.last); err != nil {
			return err
		}
	}
	for _, c := range r.completions {
		if _, err := r.tx.Exec(insertCompletion, c.Goal, c.site, c.at, store.Clip(c.Page, textAtMost), c.Amount, c.Currency); err != nil {
			return err
		}
	}
	for _, d := range dropped {
		if _, err := r.tx.Exec(countDropped, d.Site, r.now/hour, d.Reason, d.Count); err != nil {
			return err
		}
	}
	return nil
}

// A stored time in the future means that the clock was set back; the visitor's next hit corrects it. After a session's
// inactivity the new hit's source replaces the old one.
const (
	setVisit = ` SET last_seen = CASE WHEN last_seen > ?5 THEN ?3 ELSE max(last_seen, ?3) END,
		source = CASE WHEN ?6 - last_seen > ?7 THEN ?4 ELSE source END`
	ofVisitor   = ` WHERE site = ?1 AND visitor = ?2 AND (NOT ?8 OR last_seen > ?6 - ?7)`
	updateVisit = `UPDATE visitors` + setVisit + ofVisitor
	moveVisit   = `UPDATE visitors` + setVisit + `, visitor = ?9` + ofVisitor
	insertVisit = `INSERT INTO visitors (site, visitor, last_seen, source) VALUES (?, ?, ?, ?)`
)

// writeVisit updates a visitor's only row. The first hit after midnight has the new hash and the previous one; the row is
// found by the previous hash and moved to the new, so that a window over midnight counts the visitor once.
func (r *recording) writeVisit(v visit) error {
	set := func(query string, visitor []byte, more ...any) (int64, error) {
		return r.tx.Exec(query, append([]any{v.site, visitor, v.last, v.source, r.now, v.first, sessionMs, v.onlySignsOfLife}, more...)...)
	}
	found, err := set(updateVisit, v.visitor)
	if err != nil || found > 0 {
		return err
	}
	if len(v.previous) > 0 && !bytes.Equal(v.previous, v.visitor) {
		if found, err = set(moveVisit, v.previous, v.visitor); err != nil || found > 0 {
			return err
		}
	}
	if v.onlySignsOfLife {
		return nil
	}
	_, err = r.tx.Exec(insertVisit, v.site, v.visitor, v.last, v.source)
	return err
}

const (
	updatePage = `UPDATE page_views SET count = count + ?4 WHERE site = ?1 AND minute = ?2 AND page = ?3`
	insertPage = `INSERT INTO page_views (site, minute, page, count)
		SELECT ?1, ?2, CASE WHEN (SELECT count(*) FROM page_views WHERE site = ?1 AND minute = ?2) < ?5 THEN ?3 ELSE ?6 END, ?4
		WHERE TRUE ON CONFLICT (site, minute, page) DO UPDATE SET count = count + excluded.count`

	keepSite = `INSERT INTO site_hits (site, first_hit, last_hit) VALUES (?, ?, ?) ON CONFLICT (site) DO UPDATE
		SET first_hit = min(first_hit, excluded.first_hit), last_hit = max(last_hit, excluded.last_hit)`
	insertCompletion = `INSERT INTO completions (goal, site, at, page, amount, currency) VALUES (?, ?, ?, ?, ?, ?)`
	countDropped     = `INSERT INTO dropped_hits (site, hour, reason, count) VALUES (?, ?, ?, ?)
		ON CONFLICT (site, hour, reason) DO UPDATE SET count = count + excluded.count`
)

func (r *recording) writePage(p pageCount) error {
	found, err := r.tx.Exec(updatePage, p.site, p.minute, p.page, p.count)
	if err != nil || found > 0 {
		return err
	}
	_, err = r.tx.Exec(insertPage, p.site, p.minute, p.page, p.count, pagesAtMost, otherPages)
	return err
}
