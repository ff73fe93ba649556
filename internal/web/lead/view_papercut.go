package lead

import (
	"context"
	"strconv"

	"goodturn/internal/i18n"
	"goodturn/internal/papercut"
	"goodturn/internal/web/ui"
)

// tabs lead to the papercuts of each state.
func (v PapercutsView) tabs(ctx context.Context) (out []ui.Tab) {
	for _, t := range []struct{ state, label string }{
		{"", i18n.T(ctx, "Now")}, {string(papercut.Gone), i18n.T(ctx, "Gone")}, {string(papercut.Stays), i18n.T(ctx, "Stay as they are")}, {"hidden", i18n.T(ctx, "Out of sight")},
	} {
		url := papercutsURL
		if t.state != "" {
			url += "?state=" + t.state
		}
		out = append(out, ui.Tab{Label: t.label, URL: url, Here: v.State == t.state})
	}
	return out
}

// cutCount says how many have it.
func cutCount(ctx context.Context, p papercut.Papercut) string {
	said := i18n.N(ctx, "{{.Count}} person said so", "{{.Count}} people said so", p.People)
	if p.Recent != p.People {
		said += ", " + i18n.N(ctx, "{{.Count}} in the last four weeks", "{{.Count}} in the last four weeks", p.Recent)
	}
	return said
}

// tapWords say where and how something was said.
func (v PapercutView) tapWords(ctx context.Context, t papercut.Tap) string {
	out := ""
	switch t.How {
	case papercut.ByMail:
		out = i18n.T(ctx, "by mail")
	case papercut.ByTicket:
		out = i18n.T(ctx, "noted beside a ticket")
	case papercut.ByAPI:
		out = i18n.T(ctx, "by a program")
	default:
		out = i18n.T(ctx, "on a page")
	}
	if t.Place != "" {
		out += " " + t.Place
	}
	if name := v.TeamName[t.TeamID]; name != "" {
		out += " · " + name
	}
	if !t.Known {
		out += " · " + i18n.T(ctx, "nobody knows who")
	}
	return out
}

// unread says that others do not see it until staff have looked at it.
func (v PapercutView) unread() bool {
	if v.Looked || v.Hidden || v.PrivateID != 0 {
		return false
	}
	for _, t := range v.Taps {
		if t.Known && !t.Hidden {
			return false
		}
	}
	return len(v.Taps) > 0
}

// cutEventWords say what somebody did with it.
func cutEventWords(ctx context.Context, e papercut.Event) string {
	name := e.Name
	if name == "" {
		name = i18n.T(ctx, "Somebody")
	}
	switch e.What {
	case "titled":
		if e.Detail == "" {
			return i18n.T(ctx, "{{.Name}} took its title off", "Name", name)
		}
		return i18n.T(ctx, "{{.Name}} called it “{{.Title}}”", "Name", name, "Title", e.Detail)
	case "noted":
		return i18n.T(ctx, "{{.Name}} changed the note", "Name", name)
	case "team":
		return i18n.T(ctx, "{{.Name}} changed whose it is", "Name", name)
	case "merged":
		return i18n.T(ctx, "{{.Name}} made “{{.Title}}” part of it", "Name", name, "Title", e.Detail)
	case "split":
		if e.Detail == "" {
			return i18n.T(ctx, "{{.Name}} split it off another", "Name", name)
		}
		return i18n.T(ctx, "{{.Name}} split “{{.Title}}” off", "Name", name, "Title", e.Detail)
	case "hid":
		return i18n.T(ctx, "{{.Name}} took something out of sight", "Name", name)
	case "shown":
		return i18n.T(ctx, "{{.Name}} looked at it, and others may read it", "Name", name)
	}
	_, word := cutState(ctx, papercut.Papercut{State: papercut.State(e.Detail)})
	return i18n.T(ctx, "{{.Name}} set it to: {{.State}}", "Name", name, "State", word)
}

// handState says how far a handing on is.
func handState(ctx context.Context, h papercut.Handing) (ui.Tone, string) {
	switch h.State {
	case papercut.Sent:
		return ui.ToneGood, i18n.C(ctx, "papercut", "arrived")
	case papercut.Failed:
		return ui.ToneLate, i18n.C(ctx, "papercut", "failed")
	}
	return ui.ToneNone, i18n.T(ctx, "on its way")
}

func weekCount(w papercut.Week, team int64) string {
	if n := w.Teams[team]; n > 0 {
		return strconv.Itoa(n)
	}
	return "–"
}
