package desk

import (
	"context"
	"encoding/csv"
	"net/http"
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
}

// export answers GET /tickets.csv with all tickets of a list (RFC 4180, UTF-8, times in RFC 3339 and UTC). It is read page
// by page, so that it costs little memory and holds up nobody; who took it, and what, is recorded before the first line.
func (d *Desk) export(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx, p := r.Context(), readPlace(r.URL.Query()).start()
	ask := ticket.Page{Within: p.within(), Filter: p.Query, Size: ticket.MaxPage}
	rows, addresses, err := d.exportPage(ctx, v, ask)
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		http.Error(w, orElse(wrong["q"], wrong["cursor"]), http.StatusUnprocessableEntity)
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
	_ = out.Write(exportColumns)
	for {
		for _, t := range rows.Items {
			_ = out.Write(exported(t, addresses[t.RequesterID]))
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
