package helping

import (
	"context"
	"encoding/csv"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/handoff"
	"goodturn/internal/i18n"
	"goodturn/internal/web/page"
)

// LedgerView is the page on which somebody notes the minutes that they helped.
type LedgerView struct {
	Frame   Frame
	Typed   typed
	Wrong   map[string]string
	Week    time.Duration // noted in this week
	Entries []handoff.Entry
	Older   string // address of the entries before; "" for none
	Handed  []handoff.State
	// Fresh was noted a moment ago, Gone removed; their ID is 0 for none.
	Fresh, Gone handoff.Entry
	// Paths are those of the pages of Handed.
	Paths []string
}

const ledgerRows = 30

// taps are the minutes that are noted in one tap.
var taps = []int{5, 10, 15, 30, 60}

// typed is the form of an entry as it was typed.
type typed struct{ minutes, words, whom, at string }

func readTyped(r *http.Request) typed {
	return typed{minutes: strings.TrimSpace(r.PostFormValue("minutes")), words: r.PostFormValue("words"), whom: r.PostFormValue("whom"), at: strings.TrimSpace(r.PostFormValue("at"))}
}

// localTime is how browsers give a day and a time.
const localTime = "2006-01-02T15:04"

// entry makes of it what is noted. Minutes may be left to the words: "15 min printer".
func (t typed) entry(zone *time.Location) (e handoff.Entry, err error) {
	e.Words, e.Whom = t.words, t.whom
	var wrong []fault.Field
	switch n, read := strconv.Atoi(t.minutes); {
	case t.minutes == "":
		minutes, words, ok := handoff.ReadMinutes(t.words)
		if e.Minutes, e.Words = minutes, words; !ok {
			e.Words = t.words
			wrong = append(wrong, fault.F("minutes", i18n.M("Please choose how long it took.")))
		}
	case read == nil:
		e.Minutes = n
	default:
		minutes, words, ok := handoff.ReadMinutes(t.minutes)
		if e.Minutes = minutes; !ok || words != "" {
			wrong = append(wrong, fault.F("minutes", i18n.M("Please write minutes, such as 20, or 1:30.")))
		}
	}
	if t.at != "" {
		at, read := time.ParseInLocation(localTime, strings.TrimSuffix(t.at, ":00"), zone)
		if len(t.at) == len(localTime) {
			at, read = time.ParseInLocation(localTime, t.at, zone)
		}
		if read != nil {
			wrong = append(wrong, fault.F("at", i18n.M("Please write day and time, such as {{.Example}}.", "Example", "2026-11-21T14:30")))
		}
		e.At = clock.From(at)
	}
	return e, fault.Check(wrong)
}

// ledger answers GET /helping.
func (h *Helping) ledger(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return h.showLedger(w, r, v, http.StatusOK, typed{}, nil)
}

func (h *Helping) showLedger(w http.ResponseWriter, r *http.Request, v page.Visit, status int, t typed, wrong map[string]string) error {
	ctx, q := r.Context(), r.URL.Query()
	view := LedgerView{Frame: h.frame(v), Typed: t, Wrong: wrong}
	err := h.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		at, id := cursorOf(q.Get("before"))
		if view.Entries, err = handoff.Entries(ctx, tx, v.Actor.ID, at, id, ledgerRows+1); err != nil {
			return err
		}
		if view.Fresh, err = own(ctx, tx, v, q.Get("noted")); err != nil {
			return err
		}
		if view.Gone, err = own(ctx, tx, v, q.Get("removed")); err != nil || at != 0 {
			return err
		}
		cost, err := handoff.CostOf(ctx, tx, v.Actor.ID, i18n.ZoneOf(ctx))
		if err != nil {
			return err
		}
		view.Week = time.Duration(cost.This.Minutes) * time.Minute
		view.Handed, err = h.Keeper.HandedBy(ctx, tx, v.Actor.ID, 5)
		return err
	})
	if err != nil {
		return err
	}
	if view.Gone.RemovedAt == 0 {
		view.Gone = handoff.Entry{}
	}
	if view.Fresh.RemovedAt != 0 {
		view.Fresh = handoff.Entry{}
	}
	for _, s := range view.Handed {
		view.Paths = append(view.Paths, h.Keeper.Path(s.ID))
	}
	if len(view.Entries) > ledgerRows {
		view.Entries = view.Entries[:ledgerRows]
		last := view.Entries[ledgerRows-1]
		view.Older = ledgerURL + "?before=" + strconv.FormatInt(int64(last.At), 10) + "." + strconv.FormatInt(last.ID, 10)
	}
	return page.Render(w, r, status, LedgerPage(view))
}

func cursorOf(text string) (at clock.Instant, id int64) {
	a, b, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(a, 10, 64)
	m, err2 := strconv.ParseInt(b, 10, 64)
	if err != nil || err2 != nil || n <= 0 {
		return 0, 0
	}
	return clock.Instant(n), m
}

// own is an entry that the address names, if it is theirs.
func own(ctx context.Context, tx *db.Tx, v page.Visit, text string) (handoff.Entry, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return handoff.Entry{}, nil
	}
	e, err := handoff.EntryOf(ctx, tx, v.Actor.ID, id)
	if fault.Is(err, fault.KindNotFound) {
		return handoff.Entry{}, nil
	}
	return e, err
}

// note answers POST /helping.
func (h *Helping) note(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, t := r.Context(), readTyped(r)
	e, err := t.entry(i18n.ZoneOf(ctx))
	var id int64
	if err == nil {
		err = h.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
			id, err = handoff.Note(ctx, tx, v.Actor.ID, e)
			return err
		})
	}
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return h.showLedger(w, r, v, http.StatusUnprocessableEntity, t, wrong)
	}
	if err != nil {
		return err
	}
	return page.Goto(w, r, ledgerURL+"?noted="+strconv.FormatInt(id, 10))
}

// EntryView is the page on which one entry is changed.
type EntryView struct {
	Frame Frame
	URL   string
	Typed typed
	Wrong map[string]string
}

// entry answers GET /helping/{id}.
func (h *Helping) entry(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	ctx := r.Context()
	var e handoff.Entry
	err = h.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		e, err = handoff.EntryOf(ctx, tx, v.Actor.ID, id)
		return err
	})
	if err != nil {
		return err
	}
	t := typed{strconv.Itoa(e.Minutes), e.Words, e.Whom, e.At.Time().In(i18n.ZoneOf(ctx)).Format(localTime)}
	return page.Render(w, r, http.StatusOK, EntryPage(EntryView{Frame: h.frame(v), URL: entryURL(id), Typed: t}))
}

// change answers POST /helping/{id}.
func (h *Helping) change(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err == nil {
		err = page.Form(r)
	}
	if err != nil {
		return err
	}
	ctx, t := r.Context(), readTyped(r)
	err = h.Site.DB.Read(ctx, func(tx *db.Tx) error { // what is wrong is told of an entry of one's own only
		_, err := handoff.EntryOf(ctx, tx, v.Actor.ID, id)
		return err
	})
	if err != nil {
		return err
	}
	e, err := t.entry(i18n.ZoneOf(ctx))
	if err == nil {
		e.ID = id
		err = h.Site.DB.Write(ctx, func(tx *db.Tx) error { return handoff.Change(ctx, tx, v.Actor.ID, e) })
	}
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return page.Render(w, r, http.StatusUnprocessableEntity, EntryPage(EntryView{Frame: h.frame(v), URL: entryURL(id), Typed: t, Wrong: wrong}))
	}
	if err != nil {
		return err
	}
	h.Site.Tell(w, i18n.T(ctx, "Saved."))
	return page.Goto(w, r, ledgerURL)
}

func (h *Helping) remove(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return h.moved(w, r, v, handoff.Remove, "?removed=")
}

func (h *Helping) restore(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return h.moved(w, r, v, handoff.Restore, "?noted=")
}

func (h *Helping) moved(w http.ResponseWriter, r *http.Request, v page.Visit, do func(ctx context.Context, tx *db.Tx, personID, id int64) error, then string) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	ctx := r.Context()
	if err := h.Site.DB.Write(ctx, func(tx *db.Tx) error { return do(ctx, tx, v.Actor.ID, id) }); err != nil {
		return err
	}
	return page.Goto(w, r, ledgerURL+then+url.QueryEscape(strconv.FormatInt(id, 10)))
}

// export answers GET /helping.csv with one's own entries, the newest first (RFC 4180, UTF-8, times in RFC 3339 and UTC).
func (h *Helping) export(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	var all []handoff.Entry
	err := h.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = handoff.Entries(ctx, tx, v.Actor.ID, 0, 0, 50_000)
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	w.Header().Set("Content-Disposition", `attachment; filename="minutes-`+v.Now.Time().UTC().Format("2006-01-02")+`.csv"`)
	out := csv.NewWriter(w)
	out.UseCRLF = true
	_ = out.Write([]string{"at", "minutes", "what", "whom"})
	for _, e := range all {
		_ = out.Write([]string{e.At.RFC3339(), strconv.Itoa(e.Minutes), inert(e.Words), inert(e.Whom)})
	}
	out.Flush()
	return nil
}

// inert keeps a spreadsheet from reckoning with what somebody wrote.
func inert(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
