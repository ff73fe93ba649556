package desk

import (
	"context"
	"encoding/csv"
	"net/http"
	"slices"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

var exportColumns = []string{
	"number", "subject", "status", "priority", "kind", "channel", "team", "assignee", "requester", "requester_address", "tags", "messages", "created_at", "answered_at", "solved_at", "closed_at", "activity_at",
	"turn", "waiting_since", "organisation", "due_at",
}

// exportOf are the columns of the file that show what a column of the list does.
var exportOf = map[string][]string{
	columnRequester: {"requester", "requester_address"}, columnTags: {"tags"}, columnPriority: {"priority"}, columnStatus: {"status"}, columnWaiting: {"turn", "waiting_since"}, columnDue: {"due_at"}, columnAssignee: {"assignee"},
	columnOrganisation: {"organisation"}, columnTeam: {"team"}, columnMessages: {"messages"}, columnCreated: {"created_at"}, columnUpdated: {"activity_at"},
}

// exportPlaces are the places in exportColumns of what is wanted: everything, or the number, the subject and the columns of
// the list when its address names them.
func exportPlaces(p place, s shown) (at []int) {
	wanted := []string{"number", "subject"}
	for _, c := range s.columns {
		wanted = append(wanted, exportOf[c]...)
	}
	for i, c := range exportColumns {
		if p.Cols == "" || slices.Contains(wanted, c) {
			at = append(at, i)
		}
	}
	return at
}

func pick(cells []string, at []int) []string {
	out := make([]string, len(at))
	for i, j := range at {
		out[i] = cells[j]
	}
	return out
}

// export answers GET /tickets.csv with all tickets of a list in its order (RFC 4180, UTF-8, times in RFC 3339 and UTC). It is read page
// by page, so that it costs little memory and holds up nobody; who took it, and what, is recorded before the first line.
func (d *Desk) export(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	p, err := d.opened(ctx, v, readPlace(r.URL.Query()).start())
	if err != nil {
		return err
	}
	ask, places, err := d.exportAsk(ctx, v, p)
	if err != nil {
		return err
	}
	rows, addresses, err := d.exportPage(ctx, v, ask)
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		http.Error(w, orElse(orElse(wrong["q"], wrong["cursor"]), orElse(wrong["sort"], wrong["group"])), http.StatusUnprocessableEntity)
		return nil
	}
	if err != nil {
		return err
	}
	err = d.Site.DB.Write(ctx, func(tx *db.Tx) error {
		return person.Audit(ctx, tx, v.Actor, "tickets exported", "tickets", ask.Filter, v.Remote)
	})
	if err != nil {
		return err
	}
	rc := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	w.Header().Set("Content-Disposition", `attachment; filename="tickets-`+v.Now.Time().UTC().Format("2006-01-02")+`.csv"`)
	out := csv.NewWriter(w)
	out.UseCRLF = true
	_ = out.Write(pick(exportColumns, places))
	for {
		for _, t := range rows.Items {
			_ = out.Write(pick(exported(t, addresses[t.RequesterID]), places))
		}
		out.Flush()
		if out.Error() != nil || rows.Next == "" {
			return nil
		}
		_ = rc.SetWriteDeadline(time.Now().Add(time.Minute))
		ask.Cursor = rows.Next
		if rows, addresses, err = d.exportPage(ctx, v, ask); err != nil {
			// Half a file must not look like a whole one: the connection is cut.
			d.Site.Log.ErrorContext(ctx, "export broke off", "error", err)
			panic(http.ErrAbortHandler)
		}
	}
}

// exportAsk is what the file asks for: the list as it is shown, in large pages.
func (d *Desk) exportAsk(ctx context.Context, v page.Visit, p place) (ask ticket.Page, places []int, err error) {
	err = d.read(ctx, v, func(l *look) error {
		chose, err := l.preferences(ctx)
		if err != nil {
			return err
		}
		how := shownFor(p, chose)
		places = exportPlaces(p, how)
		ask, err = how.page(ctx, l, p)
		ask.Size = ticket.MaxPage
		return err
	})
	return ask, places, err
}

// exportPage reads one page, and the addresses of those who asked.
func (d *Desk) exportPage(ctx context.Context, v page.Visit, ask ticket.Page) (rows ticket.Rows, addresses map[int64]string, err error) {
	err = d.Site.DB.Read(ctx, func(tx *db.Tx) error {
		if rows, err = ticket.List(ctx, tx, v.Actor, person.SeeTicket, ask); err != nil || len(rows.Items) == 0 {
			return err
		}
		ids := make([]int64, len(rows.Items))
		for i, t := range rows.Items {
			ids[i] = t.RequesterID
		}
		type row struct {
			PersonID int64
			Address  string
		}
		var args db.Args
		found, err := db.All[row](ctx, tx, `SELECT person_id, address FROM person_address WHERE first AND person_id IN (`+db.List(&args, ids)+`)`, args...)
		addresses = make(map[int64]string, len(found))
		for _, f := range found {
			addresses[f.PersonID] = f.Address
		}
		return err
	})
	return rows, addresses, err
}

func exported(t ticket.Row, address string) []string {
	cells := []string{
		decimal(t.ID), t.Subject, string(t.Status), string(t.Priority), string(t.Kind), string(t.Channel), t.Team, t.Assignee, t.Requester, address, strings.Join(t.Tags, " "), decimal(t.Messages),
		moment(t.CreatedAt), moment(t.AnsweredAt), moment(t.SolvedAt), moment(t.ClosedAt), moment(t.ActivityAt),
		string(t.Turn), moment(t.WaitingSince), t.Organisation, moment(t.DueAt),
	}
	for i := range cells {
		cells[i] = harmless(cells[i])
	}
	return cells
}

func moment(at clock.Instant) string {
	if at == 0 {
		return ""
	}
	return at.Time().UTC().Format(time.RFC3339)
}

// harmless keeps a spreadsheet from taking a subject for a formula.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
