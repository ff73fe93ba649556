package desk

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/notice"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

const noticeChoiceURL = "/account/notices"

// NoticeChoiceView is what somebody wants to be told, where and when.
type NoticeChoiceView struct {
	Frame   Frame
	Kinds   []NoticeKind
	Digests []ui.Choice
	Hours   []ui.Choice
	Quiet   []QuietDay
	Urgent  bool
	// The overview: how often, on which weekday, at what hour.
	Every, Weekdays, OverviewHours []ui.Choice
	// Chat is what their own chat is called, "" for none; Trouble is why nothing arrives there, or "".
	Chat, Trouble string
	// Wrong is what is wrong, by the name of the field.
	Wrong map[string]string
	// Zone is where the hours are.
	Zone string
	// Channels leads to the channels of teams, for those who set them.
	Channels bool
}

// NoticeKind is one thing that may be told.
type NoticeKind struct {
	Name, Label           string
	Page, Now, Mail, Chat bool
}

// QuietDay is a weekday with its quiet hours, as they were typed.
type QuietDay struct {
	Day             int
	Label, From, To string
	Error           string
}

// noticeChoice answers GET /account/notices.
func (d *Desk) noticeChoice(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.noticeChoicePage(w, r, v, http.StatusOK, nil, nil)
}

func (d *Desk) noticeChoicePage(w http.ResponseWriter, r *http.Request, v page.Visit, status int, typed *notice.Choice, wrong map[string]string) error {
	ctx := r.Context()
	view := NoticeChoiceView{Wrong: wrong, Zone: i18n.ZoneOf(ctx).String(), Channels: mayManageChannels(v.Actor)}
	err := d.read(ctx, v, func(l *look) (err error) {
		if view.Frame, err = d.frame(ctx, l, ""); err != nil {
			return err
		}
		hook, err := notice.OwnHook(ctx, l.tx, v.Actor.ID)
		if err != nil {
			return err
		}
		if hook.ID != 0 {
			view.Chat, view.Trouble = hook.Program.Name(), hook.Trouble(ctx)
		}
		c, err := notice.ChoiceOf(ctx, l.tx, v.Actor.ID)
		if typed != nil {
			c = *typed
		}
		view.fill(ctx, c, r)
		return err
	})
	if err != nil {
		return err
	}
	return d.show(w, r, v, status, view.Frame, NoticeChoicePage(view), nil)
}

func (view *NoticeChoiceView) fill(ctx context.Context, c notice.Choice, r *http.Request) {
	for _, k := range notice.Kinds() {
		view.Kinds = append(view.Kinds, NoticeKind{Name: string(k), Label: k.Label(ctx), Page: c.Page[k], Now: c.Now[k], Mail: c.Mail[k], Chat: c.Chat[k]})
	}
	for _, x := range notice.Digests() {
		view.Digests = append(view.Digests, ui.Choice{Value: string(x), Label: digestWord(ctx, x), Chosen: x == c.Digest})
	}
	view.Hours, view.OverviewHours = hours(c.Hour), hours(c.Overview.Hour)
	for i := range 7 {
		day := time.Weekday((i + 1) % 7)
		span := c.Quiet.Days[day]
		q := QuietDay{Day: int(day), Label: i18n.Weekday(ctx, day), Error: view.Wrong[fmt.Sprintf("quiet-%d", day)]}
		if span.On {
			q.From, q.To = clockText(span.From), clockText(span.To)
		}
		if q.Error != "" {
			q.From, q.To = r.PostFormValue(fmt.Sprintf("from-%d", day)), r.PostFormValue(fmt.Sprintf("to-%d", day))
		}
		view.Quiet = append(view.Quiet, q)
		view.Weekdays = append(view.Weekdays, ui.Choice{Value: strconv.Itoa(int(day)), Label: q.Label, Chosen: day == c.Overview.Weekday})
	}
	view.Urgent = c.Quiet.Urgent
	for _, e := range []notice.Every{notice.Never, notice.EveryDay, notice.EveryWeek} {
		view.Every = append(view.Every, ui.Choice{Value: string(e), Label: everyWord(ctx, e), Chosen: e == c.Overview.Every})
	}
}

// hours are the full hours of a day.
func hours(chosen int) (out []ui.Choice) {
	for h := range 24 {
		out = append(out, ui.Choice{Value: strconv.Itoa(h), Label: clockText(h * 60), Chosen: h == chosen})
	}
	return out
}

func clockText(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

func digestWord(ctx context.Context, x notice.Digest) string {
	switch x {
	case notice.Soon:
		return i18n.T(ctx, "after a few minutes, unless I have read it here")
	case notice.Hourly:
		return i18n.T(ctx, "every hour, when something waits")
	case notice.Daily:
		return i18n.T(ctx, "once a day")
	case notice.Weekdays:
		return i18n.T(ctx, "once a day, from Monday to Friday")
	}
	return i18n.T(ctx, "never")
}

func everyWord(ctx context.Context, e notice.Every) string {
	switch e {
	case notice.EveryDay:
		return i18n.T(ctx, "every day")
	case notice.EveryWeek:
		return i18n.T(ctx, "every week")
	}
	return i18n.T(ctx, "never")
}

// saveNoticeChoice answers POST /account/notices.
func (d *Desk) saveNoticeChoice(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	var c notice.Choice
	err := d.Site.DB.Write(ctx, func(tx *db.Tx) error {
		kept, err := notice.ChoiceOf(ctx, tx, v.Actor.ID)
		if err != nil {
			return err
		}
		c = readChoice(r, kept)
		return d.Notices.SetChoice(ctx, tx, v.Actor.ID, c)
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return d.noticeChoicePage(w, r, v, http.StatusUnprocessableEntity, &c, wrong)
	}
	if err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(ctx, "Saved."))
	return page.Goto(w, r, noticeChoiceURL)
}

// readChoice reads the form. Where it has no column for the chat, what was kept of it stays.
func readChoice(r *http.Request, kept notice.Choice) notice.Choice {
	c := notice.Choice{
		Page: map[notice.Kind]bool{}, Now: map[notice.Kind]bool{}, Mail: map[notice.Kind]bool{}, Chat: map[notice.Kind]bool{},
		Digest: notice.Digest(r.PostFormValue("digest")), Hour: numberOr(r.PostFormValue("hour"), kept.Hour), Quiet: notice.Quiet{Urgent: r.PostFormValue("urgent") != ""},
		Overview: notice.Overview{
			Every: notice.Every(r.PostFormValue("every")), Weekday: time.Weekday(numberOr(r.PostFormValue("weekday"), int(kept.Overview.Weekday))),
			Hour: numberOr(r.PostFormValue("overview_hour"), kept.Overview.Hour),
		},
	}
	for _, k := range notice.Kinds() {
		c.Page[k], c.Now[k], c.Mail[k] = r.PostFormValue("page-"+string(k)) != "", r.PostFormValue("now-"+string(k)) != "", r.PostFormValue("mail-"+string(k)) != ""
		c.Chat[k] = r.PostFormValue("chat-"+string(k)) != ""
		if r.PostFormValue("with-chat") == "" {
			c.Chat[k] = kept.Chat[k]
		}
	}
	for day := range c.Quiet.Days {
		from, to := strings.TrimSpace(r.PostFormValue(fmt.Sprintf("from-%d", day))), strings.TrimSpace(r.PostFormValue(fmt.Sprintf("to-%d", day)))
		if from != "" || to != "" {
			c.Quiet.Days[day] = notice.Span{On: true, From: minutesOf(from), To: minutesOf(to)}
		}
	}
	return c
}

func numberOr(text string, usual int) int {
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

// minutesOf reads a time of day, "07:30", as minutes; -1 is none.
func minutesOf(text string) int {
	at, err := time.Parse("15:04", strings.TrimSuffix(text, ":00.000"))
	if err != nil {
		return -1
	}
	return at.Hour()*60 + at.Minute()
}
