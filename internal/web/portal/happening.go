package portal

import (
	"context"
	"strconv"

	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/ticket"
)

// stateOf says in a sentence where a request stands, and what happens next. holder is the first name of whoever has it.
func stateOf(ctx context.Context, t ticket.Ticket, holder string) State {
	if t.MergedInto != 0 {
		return State{Done: true, Now: i18n.T(ctx, "This request became part of another one."), Next: i18n.T(ctx, "It is looked after there. To add something, answer a mail that you have from us.")}
	}
	switch t.Status {
	case ticket.Solved:
		return State{Done: true, Now: i18n.T(ctx, "Solved on {{.Date}}.", "Date", i18n.Date(ctx, t.SolvedAt)), Next: i18n.T(ctx, "If it comes back, write below and it is open again.")}
	case ticket.Closed:
		return State{Done: true, Now: i18n.T(ctx, "Closed on {{.Date}}.", "Date", i18n.Date(ctx, t.ClosedAt)), Next: i18n.T(ctx, "If it comes back, write below and it is open again.")}
	case ticket.Pending:
		return State{Now: i18n.T(ctx, "We wait for your answer."), Next: i18n.T(ctx, "Write it below, and it is our turn again.")}
	case ticket.OnHold:
		next := i18n.T(ctx, "You need do nothing. We go on as soon as we hear from them.")
		if holder != "" {
			return State{Now: i18n.T(ctx, "{{.Name}} has it, and waits for somebody else.", "Name", holder), Next: next}
		}
		return State{Now: i18n.T(ctx, "We wait for somebody else."), Next: next}
	}
	switch {
	case holder != "":
		return State{Now: i18n.T(ctx, "{{.Name}} has it.", "Name", holder), Next: i18n.T(ctx, "The answer comes here. Anything that you add below is read too.")}
	case t.Status == ticket.StatusNew:
		return State{
			Now:  i18n.T(ctx, "We have it. Its number is {{.Number}}.", "Number", strconv.FormatInt(t.ID, 10)),
			Next: i18n.T(ctx, "Next, somebody reads it and takes it; you see here who. If something comes to mind until then, add it below."),
		}
	}
	return State{Now: i18n.T(ctx, "It is our turn."), Next: i18n.T(ctx, "The answer comes here. Anything that you add below is read too.")}
}

// happenings tells the public part of the spine in plain words: what came in, who has it, how it stands. An event that
// is not named here is not told.
func (l *loader) happenings(ctx context.Context) ([]Step, error) {
	events, err := ticket.Events(ctx, l.tx, l.ticket.ID)
	if err != nil {
		return nil, err
	}
	told := map[int64]bool{}
	for _, e := range ticket.StillTold(events) {
		told[e.ID] = true
	}
	var out []Step
	for _, e := range events {
		if e.What == ticket.ToldRequester && !told[e.ID] {
			continue
		}
		step, err := l.happening(ctx, e)
		if err != nil {
			return nil, err
		}
		if step.Text == "" || step.By == "" && len(out) > 0 && out[len(out)-1].Text == step.Text {
			continue
		}
		step.At = e.At
		out = append(out, step)
	}
	next, err := l.nextNews(ctx)
	if next.Text != "" {
		out = append(out, next)
	}
	return out, err
}

// nextNews is the step that comes when news was promised. What was promised and did not come is said too.
func (l *loader) nextNews(ctx context.Context) (Step, error) {
	n, err := ticket.NewsOf(ctx, l.tx, l.ticket.ID)
	switch {
	case err != nil || n.DueAt == 0:
		return Step{}, err
	case n.Late || n.DueAt <= l.tx.Now:
		return Step{Text: i18n.T(ctx, "You should have heard from us by now. We are sorry; whoever has it was reminded."), At: n.DueAt, Ahead: true}, nil
	}
	return Step{Text: i18n.T(ctx, "You hear from us again, at the latest:"), At: n.DueAt, Ahead: true}, nil
}

// happening tells an event; without a text it is not told.
func (l *loader) happening(ctx context.Context, e ticket.Event) (Step, error) {
	switch e.What {
	case ticket.ToldRequester:
		by, err := l.first(ctx, e.PersonID)
		if by == "" {
			by = siteName(l.site)
		}
		return Step{Text: e.ToValue, By: by}, err
	case ticket.Messaged:
		if e.ToValue != "out" || e.PersonID == 0 {
			return Step{}, nil
		}
		name, err := l.first(ctx, e.PersonID)
		return Step{Text: i18n.T(ctx, "{{.Name}} answered you.", "Name", name)}, err
	}
	text, err := l.eventWords(ctx, e)
	return Step{Text: text}, err
}

func (l *loader) eventWords(ctx context.Context, e ticket.Event) (string, error) {
	switch e.What {
	case ticket.Created:
		if e.Cause == mailbox.CauseHandedOn {
			name, err := l.first(ctx, e.PersonID)
			return i18n.T(ctx, "{{.Name}} handed it on to us.", "Name", name), err
		}
		return received(ctx, ticket.Channel(e.ToValue)), nil
	case ticket.HandedOn:
		name, err := l.first(ctx, e.PersonID)
		return i18n.T(ctx, "{{.Name}} handed it on to us.", "Name", name), err
	case ticket.Followed:
		if e.Cause != mailbox.CauseHandedOn || e.ToValue == "" || e.PersonID == 0 {
			return "", nil
		}
		name, err := l.first(ctx, e.PersonID)
		return i18n.T(ctx, "{{.Name}} asked to be kept in the loop, and reads along.", "Name", name), err
	case ticket.Assigned:
		id, _ := strconv.ParseInt(e.ToValue, 10, 64)
		if id == 0 {
			return i18n.T(ctx, "It went back into the line."), nil
		}
		name, err := l.first(ctx, id)
		return i18n.T(ctx, "{{.Name}} took it.", "Name", name), err
	case ticket.StatusChanged:
		return stood(ctx, e), nil
	case ticket.OutageLinked, ticket.OutageTold:
		return l.outageHappening(ctx, e)
	}
	return "", nil
}

func received(ctx context.Context, c ticket.Channel) string {
	switch c {
	case ticket.ByMail:
		return i18n.T(ctx, "It came by mail.")
	case ticket.ByPhone:
		return i18n.T(ctx, "It came by phone.")
	case ticket.ByChat:
		return i18n.T(ctx, "It began as a live chat.")
	case ticket.ByForm:
		return i18n.T(ctx, "It came by the form.")
	}
	return i18n.T(ctx, "It came in.")
}

// stood tells a change of status; those that only follow from an answer say nothing.
func stood(ctx context.Context, e ticket.Event) string {
	from := ticket.Status(e.FromValue)
	switch ticket.Status(e.ToValue) {
	case ticket.Pending:
		return i18n.T(ctx, "It waits for your answer.")
	case ticket.OnHold:
		return i18n.T(ctx, "It waits for somebody else.")
	case ticket.Solved:
		if e.Cause == causeRequester {
			return i18n.T(ctx, "It works again, we heard from you.")
		}
		return i18n.T(ctx, "It was solved.")
	case ticket.Closed:
		return i18n.T(ctx, "It was closed.")
	case ticket.Open:
		switch from {
		case ticket.Solved, ticket.Closed:
			if e.Cause == ticket.DidNotWork {
				return i18n.T(ctx, "It did not work yet, so it was opened again.")
			}
			return i18n.T(ctx, "It was opened again.")
		case ticket.OnHold:
			return i18n.T(ctx, "It goes on.")
		case ticket.Pending:
			return i18n.T(ctx, "It is our turn again.")
		}
	}
	return ""
}
