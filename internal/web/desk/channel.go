package desk

import (
	"net/http"
	"slices"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/notice"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

func mayManageChannels(a person.Actor) bool {
	return person.Can(a, person.ManageChannels, person.Thing{})
}

// ChannelsView lists the channels of teams.
type ChannelsView struct {
	Frame Frame
	Rows  []ChannelRow
}

// ChannelRow is one channel.
type ChannelRow struct {
	Name, Team, Program, URL, Trouble string
	Off                               bool
}

const channelsURL = "/channels"

func channelURL(id int64) string { return channelsURL + "/" + decimal(id) }

// channels answers GET /channels.
func (d *Desk) channels(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	var view ChannelsView
	err := d.read(ctx, v, func(l *look) (err error) {
		if view.Frame, err = d.frame(ctx, l, ""); err != nil {
			return err
		}
		all, err := notice.Channels(ctx, l.tx, v.Actor)
		for _, h := range all {
			view.Rows = append(view.Rows, ChannelRow{Name: h.Name, Team: h.TeamName, Program: h.Program.Name(), URL: channelURL(h.ID), Trouble: h.Trouble(ctx), Off: !h.Active})
		}
		return err
	})
	if err != nil {
		return err
	}
	return d.show(w, r, v, http.StatusOK, view.Frame, ChannelsPage(view), nil)
}

// ChannelView is the form of a channel.
type ChannelView struct {
	Frame    Frame
	Title    string
	URL      string
	ID       int64
	Name     string
	Team     string // of a channel that is there
	Teams    []ui.Choice
	Programs []ui.Choice
	Kinds    []NoticeKind
	Filter   string
	Wide     bool // of other teams' tickets too
	Off      bool
	Hook     HookShown
	// Address is what was typed and could not be saved.
	Address string
	Wrong   map[string]string
}

// newChannel answers GET /channels/new.
func (d *Desk) newChannel(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	h := notice.Hook{Active: true, Kinds: "came raised breached"}
	return d.channelForm(w, r, v, http.StatusOK, h, func(*ChannelView) {})
}

// channel answers GET /channels/{id}.
func (d *Desk) channel(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	h, err := d.channelOf(r, v)
	if err != nil {
		return err
	}
	if err := d.readLink(r.Context(), v, channelURL(h.ID)); err != nil {
		return err
	}
	return d.channelForm(w, r, v, http.StatusOK, h, func(*ChannelView) {})
}

func (d *Desk) channelOf(r *http.Request, v page.Visit) (h notice.Hook, err error) {
	id, err := page.Number(r, "id")
	if err != nil {
		return h, err
	}
	err = d.Site.DB.Read(r.Context(), func(tx *db.Tx) error {
		h, err = notice.Channel(r.Context(), tx, v.Actor, id)
		return err
	})
	return h, err
}

func (d *Desk) channelForm(w http.ResponseWriter, r *http.Request, v page.Visit, status int, h notice.Hook, put func(*ChannelView)) error {
	ctx := r.Context()
	view := ChannelView{
		ID: h.ID, Title: i18n.T(ctx, "New channel"), URL: channelsURL, Name: h.Name, Team: h.TeamName, Programs: programs(ctx, h.Program), Filter: h.Filter, Wide: h.Everywhere, Off: !h.Active,
		Hook: hookShown(ctx, h),
	}
	if h.ID != 0 {
		view.Title, view.URL = h.Name, channelURL(h.ID)
	}
	for _, k := range notice.ChannelKinds() {
		view.Kinds = append(view.Kinds, NoticeKind{Name: string(k), Label: k.ChannelLabel(ctx), Chat: h.Tells(k)})
	}
	err := d.read(ctx, v, func(l *look) (err error) {
		if view.Frame, err = d.frame(ctx, l, ""); err != nil {
			return err
		}
		teams, err := person.VisibleTeams(ctx, l.tx, v.Actor)
		for _, t := range teams {
			view.Teams = append(view.Teams, ui.Choice{Value: decimal(t.ID), Label: t.Name, Chosen: t.ID == h.TeamID})
		}
		return err
	})
	if err != nil {
		return err
	}
	put(&view)
	return d.show(w, r, v, status, view.Frame, ChannelPage(view), nil)
}

// saveChannel answers POST /channels and POST /channels/{id}.
func (d *Desk) saveChannel(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	var h notice.Hook
	if r.PathValue("id") != "" {
		kept, err := d.channelOf(r, v)
		if err != nil {
			return err
		}
		h = kept
	} else {
		h.TeamID = idOf(r.PostFormValue("team"))
	}
	title := h.Name
	h.Name, h.Program, h.Filter = r.PostFormValue("name"), notice.Program(r.PostFormValue("form")), r.PostFormValue("filter")
	h.Everywhere, h.Active, h.Kinds = r.PostFormValue("everywhere") != "", r.PostFormValue("off") == "", ""
	for _, k := range notice.ChannelKinds() {
		if slices.Contains(r.PostForm["kind"], string(k)) {
			h.Kinds += " " + string(k)
		}
	}
	var id int64
	err := d.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		id, err = d.Notices.SaveChannel(ctx, tx, v.Actor, h, secret.Redacted(r.PostFormValue("address")))
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return d.channelForm(w, r, v, http.StatusUnprocessableEntity, h, func(c *ChannelView) {
			if c.Wrong, c.Address = wrong, r.PostFormValue("address"); h.ID != 0 {
				c.Title = title
			}
		})
	}
	if err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(ctx, "Saved. Send a test to see whether it arrives."))
	return page.Goto(w, r, channelURL(id))
}

// testChannel answers POST /channels/{id}/test.
func (d *Desk) testChannel(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	h, err := d.channelOf(r, v)
	if err != nil {
		return err
	}
	wrong, err := d.Notices.TestHook(r.Context(), h.ID)
	if err != nil {
		return err
	}
	if h, err = d.channelOf(r, v); err != nil { // what it says of itself has changed
		return err
	}
	return d.channelForm(w, r, v, http.StatusOK, h, func(c *ChannelView) { c.Hook.Tested, c.Hook.TestBad = true, wrong })
}

// removeChannel answers POST /channels/{id}/removal.
func (d *Desk) removeChannel(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	h, err := d.channelOf(r, v)
	if fault.Is(err, fault.KindNotFound) { // the form was sent twice
		return page.Goto(w, r, channelsURL)
	}
	if err != nil {
		return err
	}
	ctx := r.Context()
	if err := d.Site.DB.Write(ctx, func(tx *db.Tx) error { return notice.RemoveChannel(ctx, tx, v.Actor, h.ID) }); err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(ctx, "The channel “{{.Name}}” is gone.", "Name", h.Name))
	return page.Goto(w, r, channelsURL)
}
