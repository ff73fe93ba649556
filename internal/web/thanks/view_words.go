package thanks

import (
	"context"

	"goodturn/internal/i18n"
	"goodturn/internal/thanks"
	"goodturn/internal/web/page"
)

func framed(f page.PortalFrame, title string) page.PortalFrame {
	f.Title = title
	return f
}

// about is the page of what a card is about; it leads whoever works at the desk on to the ticket.
func about(c thanks.Card) string { return "/requests/" + decimal(c.TicketID) }

// state says where a card can be read, and what is asked.
func (v RecordView) state(ctx context.Context, c thanks.Card) string {
	mine, theirs := c.ToSays, c.FromSays
	if v.Show == "written" {
		mine, theirs = c.FromSays, c.ToSays
	}
	switch {
	case c.HungAt != 0:
		return i18n.T(ctx, "It hangs on the wall.")
	case v.Show == "away":
		return ""
	case v.Show == "" && c.Kept:
		return i18n.T(ctx, "It stays with you alone; your lead does not get it either.")
	case mine == thanks.Yes && theirs == thanks.No:
		return i18n.T(ctx, "You would hang it up; the other side likes it better without.")
	case mine == thanks.Yes:
		return i18n.T(ctx, "You would hang it up; the other side has not said yet.")
	case mine == thanks.No && v.Show == "written":
		return i18n.T(ctx, "It does not hang on the wall.")
	case mine == thanks.No:
		return i18n.T(ctx, "It does not hang on the wall. Leads read it, from a day after it came.")
	case theirs == thanks.Yes:
		return i18n.T(ctx, "Its writer would like it on the wall of the desk. Would you?")
	}
	return i18n.T(ctx, "May it hang on the wall of the desk? It does when both of you say so.")
}
