package admin

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// Lines of the record on a page.
const auditPage = 50

func (a *Admin) audit(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	who := asNumber(r.URL.Query().Get("person"))
	before := asNumber(r.URL.Query().Get("before"))
	view := AuditView{Narrowed: who != 0, CSV: auditURL("/admin/audit.csv", who, 0)}
	err := a.read(r, v, auditSection, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		entries, err := auditLines(ctx, tx, who, before, auditPage+1)
		if err != nil {
			return err
		}
		if len(entries) > auditPage {
			entries = entries[:auditPage]
			view.Older = auditURL(string(auditSection), who, entries[auditPage-1].ID)
		}
		if before != 0 {
			view.Start = auditURL(string(auditSection), who, 0)
		}
		if view.Entries, err = shownLines(ctx, tx, entries); err != nil {
			return err
		}
		view.People, err = auditPeople(ctx, tx, who)
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, AuditPage(view))
}

// asNumber reads an id of an address; what is none is 0.
func asNumber(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func auditURL(at string, who, before int64) string {
	q := url.Values{}
	if who != 0 {
		q.Set("person", decimal(who))
	}
	if before != 0 {
		q.Set("before", decimal(before))
	}
	if len(q) == 0 {
		return at
	}
	return at + "?" + q.Encode()
}

func auditLines(ctx context.Context, tx *db.Tx, who, before int64, limit int) ([]person.AuditEntry, error) {
	if who != 0 {
		return person.AuditOf(ctx, tx, who, before, limit)
	}
	return person.AuditLog(ctx, tx, before, limit)
}

// auditPeople offers the staff, and whoever the record is narrowed to.
func auditPeople(ctx context.Context, tx *db.Tx, who int64) ([]ui.Choice, error) {
	out := []ui.Choice{{Label: i18n.T(ctx, "everybody"), Chosen: who == 0}}
	staff, err := person.Staff(ctx, tx)
	for _, p := range staff {
		out = append(out, ui.Choice{Value: decimal(p.ID), Label: shownName(p), Chosen: p.ID == who})
	}
	if err != nil || who == 0 || slices.ContainsFunc(staff, func(p person.Person) bool { return p.ID == who }) {
		return out, err
	}
	p, err := person.Get(ctx, tx, who)
	return append(out, ui.Choice{Value: decimal(who), Label: shownName(p), Chosen: true}), err
}

// shownLines puts lines of the record into words.
func shownLines(ctx context.Context, tx *db.Tx, entries []person.AuditEntry) ([]AuditLine, error) {
	var ids []int64
	for _, e := range entries {
		if kind, id := thingOf(e.Thing); kind == "person" {
			ids = append(ids, id)
		}
	}
	names, err := person.Names(ctx, tx, ids)
	out := make([]AuditLine, len(entries))
	for i, e := range entries {
		l := AuditLine{At: e.At, Who: e.Person, WhoURL: path(personSection, e.PersonID), What: actionWord(ctx, e.Action), Thing: e.Thing, Detail: e.Detail, Remote: e.Remote}
		if e.PersonID != 0 && l.Who == "" {
			l.Who = "#" + decimal(e.PersonID)
		}
		switch kind, id := thingOf(e.Thing); kind {
		case "person":
			l.ThingURL = path(personSection, id)
			if l.Thing = names[id]; l.Thing == "" {
				l.Thing = "#" + decimal(id)
			}
			if id == e.PersonID {
				l.Thing = "" // who did it to themselves is named already
			}
		case "mailbox":
			l.Thing, l.ThingURL = i18n.T(ctx, "mailbox {{.Number}}", "Number", id), path(mailboxSection, id)
		case "team":
			l.Thing, l.ThingURL = i18n.T(ctx, "team {{.Number}}", "Number", id), path(teamSection, id)
		case "organisation":
			l.Thing, l.ThingURL = i18n.T(ctx, "organisation {{.Number}}", "Number", id), path(organisationSection, id)
		case "token":
			l.Thing = i18n.T(ctx, "token {{.Number}}", "Number", id)
		case "session":
			l.Thing = i18n.T(ctx, "session {{.Number}}", "Number", id)
		case "job":
			l.Thing = i18n.T(ctx, "job {{.Number}}", "Number", id)
		case "address":
			l.Thing = strings.TrimPrefix(e.Thing, "address ")
		case "audit", "tickets":
			l.Thing = "" // the action says it
		}
		out[i] = l
	}
	return out, err
}

// thingOf cuts "person 7" in two; id is 0 when it has none.
func thingOf(thing string) (kind string, id int64) {
	kind, rest, _ := strings.Cut(thing, " ")
	return kind, asNumber(rest)
}
