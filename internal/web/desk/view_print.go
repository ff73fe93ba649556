package desk

// PrintView is a ticket as it is printed.
type PrintView struct {
	Ticket TicketView
	// Notes and Events say that they are printed too.
	Notes, Events bool
	// More leads to what does not fit one print, or is "".
	More string
}

func (v PrintView) url(from int64) string {
	q := "?from=" + decimal(from)
	if v.Notes {
		q += "&notes=1"
	}
	if v.Events {
		q += "&events=1"
	}
	return ticketAction(v.Ticket.Number, "print") + q
}

// runs are the parts of the conversation that are printed.
func (v PrintView) runs() []run {
	var kept []Entry
	for _, e := range v.Ticket.Timeline {
		if e.Message != nil && (v.Notes || !e.Message.Note) || e.Event != nil && v.Events {
			kept = append(kept, e)
		}
	}
	return TicketView{Timeline: kept}.runs()
}

// asker is the requester, with where they belong.
func (v PrintView) asker() string {
	p := v.Ticket.Side.Person
	if p.Organisation == "" {
		return p.Name
	}
	return p.Name + ", " + p.Organisation
}
