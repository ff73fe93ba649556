package admin

import (
	"context"
	"encoding/csv"
	"net/http"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
)

// Lines read at once for the file.
const exportBatch = 1000

// exportAudit sends the record, or one person's part of it, as CSV (RFC 4180). The export is the newest line of it.
// The names of the columns are for programs and stay as they are in every language.
func (a *Admin) exportAudit(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx, who := r.Context(), asNumber(r.URL.Query().Get("person"))
	detail := ""
	if who != 0 {
		detail = "of person " + decimal(who)
	}
	err := a.Site.DB.Write(ctx, func(tx *db.Tx) error {
		return person.Audit(ctx, tx, v.Actor, "audit record exported", "audit", detail, v.Remote)
	})
	if err != nil {
		return err
	}
	lines, err := a.auditBatch(ctx, who, 0)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="audit.csv"`)
	out := csv.NewWriter(w)
	out.UseCRLF = true
	_ = out.Write([]string{"at", "person_id", "person", "action", "thing", "detail", "remote"})
	for len(lines) > 0 {
		for _, e := range lines {
			id := ""
			if e.PersonID != 0 {
				id = decimal(e.PersonID)
			}
			_ = out.Write([]string{e.At.RFC3339(), id, tame(e.Person), tame(e.Action), tame(e.Thing), tame(e.Detail), tame(e.Remote)})
		}
		if out.Flush(); out.Error() != nil || len(lines) < exportBatch {
			return nil // a reader who has gone needs no page about it
		}
		if lines, err = a.auditBatch(ctx, who, lines[len(lines)-1].ID); err != nil {
			a.Site.Log.ErrorContext(ctx, "export of the audit record ended early", "error", err)
			panic(http.ErrAbortHandler) // the file must not look whole
		}
	}
	out.Flush()
	return nil
}

func (a *Admin) auditBatch(ctx context.Context, who, before int64) (lines []person.AuditEntry, err error) {
	err = a.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		lines, err = auditLines(ctx, tx, who, before, exportBatch)
		return err
	})
	return lines, err
}

// tame keeps a spreadsheet from taking a cell that somebody else wrote for a formula.
func tame(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
