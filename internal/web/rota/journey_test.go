package rota

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/shift"
)

// TestLeadPlansAndAgentsLiveIt goes the whole way without scripts: a pattern is tried and saved, a shift is given, published, covered in two requests.
func TestLeadPlansAndAgentsLiveIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		lead, amara, jonas := o.as(o.lead), o.as(o.amara), o.as(o.jonas)
		today := calendar.DateAt(time.Now().UTC())
		pattern := url.Values{"team": {decimal(o.team)}, "name": {"Round"}, "hours": {"0–24"}, "first": {today.String()}, "zone": {"UTC"}, "needed": {"1"}, "rule": {"FREQ=DAILY"}, "do": {"try"}}
		if status, body := o.do(lead, "POST", "/rota/patterns", pattern); status != 200 || !strings.Contains(body, "What comes of it") || strings.Contains(body, "within the first four weeks") {
			t.Fatalf("trying: %d", status)
		}
		pattern.Del("do")
		pattern.Set("hours", "soon")
		if status, body := o.do(lead, "POST", "/rota/patterns", pattern); status != 422 || !strings.Contains(body, `value="soon"`) || !strings.Contains(body, `value="Round"`) {
			t.Fatalf("a wrong one: %d", status)
		}
		pattern.Set("hours", "0–24")
		if status, _ := o.do(amara, "POST", "/rota/patterns", pattern); status != 403 {
			t.Fatalf("an agent plans: %d", status)
		}
		if status, _ := o.do(lead, "POST", "/rota/patterns", pattern); status != 200 {
			t.Fatalf("saving: %d", status)
		}
		week := "/rota?team=" + decimal(o.team) + "&week=" + today.String()
		_, body := o.do(lead, "GET", week, nil)
		mine := regexp.MustCompile(`/rota/shifts/\d+`).FindString(body)
		if mine == "" || !strings.Contains(body, "draft") {
			t.Fatal("no draft in the week")
		}
		if _, body := o.do(amara, "GET", week, nil); strings.Contains(body, "/rota/shifts/") {
			t.Error("an agent sees drafts")
		}
		if status, _ := o.do(amara, "GET", mine, nil); status != 404 {
			t.Errorf("an agent opens a draft: %d", status)
		}
		if status, body := o.do(lead, "POST", mine+"/assignment", url.Values{"person": {decimal(o.jonas)}}); status != 200 || !strings.Contains(body, "Jonas") {
			t.Fatalf("assigning: %d", status)
		}
		if status, _ := o.do(lead, "POST", "/rota/publication", url.Values{"team": {decimal(o.team)}, "week": {today.String()}}); status != 200 {
			t.Fatalf("publishing: %d", status)
		}
		if _, body := o.do(amara, "GET", week, nil); !strings.Contains(body, "At the desk now:") || !strings.Contains(body, "Jonas") {
			t.Error("the rota does not say who is at the desk")
		}
		// Cover me: the page, the button.
		if _, body := o.do(jonas, "GET", "/rota/cover", nil); !strings.Contains(body, "asked are:") {
			t.Fatal("nobody would be asked")
		}
		_, body = o.do(jonas, "POST", "/rota/cover", url.Values{})
		if !strings.Contains(body, "Asked are: Amara, Priya.") {
			t.Fatalf("asked: %.400s", body)
		}
		_, body = o.do(amara, "GET", "/rota/mine", nil)
		ask := regexp.MustCompile(`/rota/cover/\d+`).FindString(body)
		if _, body = o.do(amara, "POST", ask, url.Values{"answer": {"yes"}}); !strings.Contains(body, "Thank you. You cover for Jonas") {
			t.Errorf("her yes: %.400s", body)
		}
		if _, body = o.do(o.as(o.priya), "POST", ask, url.Values{"answer": {"yes"}}); !strings.Contains(body, "a moment faster") {
			t.Errorf("a second yes: %.400s", body)
		}
		if _, body = o.do(jonas, "GET", "/rota/mine", nil); !strings.Contains(body, "They covered for you") || !strings.Contains(body, "Thank Amara") {
			t.Error("his shifts do not say whom he could thank")
		}
		if _, body = o.do(jonas, "GET", ask, nil); !strings.Contains(body, "Thank you for covering for me") {
			t.Errorf("no card to write: %.400s", body)
		}
		if _, body = o.do(amara, "GET", ask, nil); strings.Contains(body, ask+"/thanks") {
			t.Error("she could thank herself")
		}
		if status, _ := o.do(amara, "POST", ask+"/thanks", url.Values{"text": {"Well done me"}}); status != 403 {
			t.Errorf("and does: %d", status)
		}
		long := strings.Repeat("so ", 400)
		if status, body := o.do(jonas, "POST", ask+"/thanks", url.Values{"text": {long}, "wall": {"on"}}); status != 422 || !strings.Contains(body, strings.TrimSpace(long)) || !strings.Contains(body, "in fewer") {
			t.Errorf("too long: %d", status)
		}
		if _, body = o.do(jonas, "POST", ask+"/thanks", url.Values{"text": {"I heard her play the flute."}}); !strings.Contains(body, "Amara has your card.") || !strings.Contains(body, "You wrote Amara a card for it.") {
			t.Errorf("his card: %.400s", body)
		}
		if _, body = o.do(amara, "GET", week, nil); !strings.Contains(body, "covers for Jonas") {
			t.Error("the rota does not follow")
		}
	})
}

// TestPrivateRotaIsNobodysElse asks for everything of a private team's rota as somebody outside, a lead too.
func TestPrivateRotaIsNobodysElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		var id, pattern int64
		err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
			from := int64(tx.Now) - 3_600_000
			id, err = db.One[int64](t.Context(), tx, `INSERT INTO shift (team_id, day, slot, name, zone, from_at, until_at, breaks, skills, unloved, person_id, published, by_hand, created_at, changed_at)
				VALUES ($1, 1, 0, 'Secret run', 'UTC', $2, $3, '', '', 0, $4, TRUE, TRUE, $2, $2) RETURNING id`, o.private, from, from+8*3_600_000, o.priya)
			if err != nil {
				return err
			}
			pattern, err = db.One[int64](t.Context(), tx, `INSERT INTO shift_pattern (team_id, name, rule, first_day, begins, ends, zone, breaks, needed, skills, unloved, made_until, created_at, changed_at)
				VALUES ($1, 'Secret run', 'FREQ=DAILY', 20000, 480, 960, 'UTC', '', 1, '', FALSE, 60000, 1, 1) RETURNING id`, o.private)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		at := shift.Shift{ID: id}.URL()
		for name, who := range map[string]int64{"an agent": o.amara, "a lead": o.lead} {
			c := o.as(who)
			for _, path := range []string{"/rota?team=" + decimal(o.private), at, "/rota/patterns?team=" + decimal(o.private), "/rota/settings?team=" + decimal(o.private), "/rota/patterns/new?team=" + decimal(o.private), "/rota/patterns/" + decimal(pattern)} {
				if status, body := o.do(c, "GET", path, nil); status != http.StatusNotFound || strings.Contains(body, "Secret") || strings.Contains(body, "Payroll") {
					t.Errorf("%s gets %s: %d", name, path, status)
				}
			}
			for _, path := range []string{"/rota", "/rota/mine"} {
				if status, body := o.do(c, "GET", path, nil); status != 200 || strings.Contains(body, "Secret") || strings.Contains(body, "Payroll") {
					t.Errorf("%s sees it on %s: %d", name, path, status)
				}
			}
			for path, form := range map[string]url.Values{at: {"name": {"x"}}, at + "/taking": {}, at + "/return": {}, at + "/removal": {}, at + "/assignment": {"person": {"1"}}, "/rota/publication": {"team": {decimal(o.private)}, "week": {"2026-11-23"}}, "/rota/patterns/" + decimal(pattern) + "/end": {}} {
				if status, _ := o.do(c, "POST", path, form); status != http.StatusNotFound {
					t.Errorf("%s posts to %s: %d", name, path, status)
				}
			}
		}
		if status, body := o.do(o.as(o.priya), "GET", "/rota?team="+decimal(o.private), nil); status != 200 || !strings.Contains(body, "Secret run") {
			t.Errorf("its own person: %d", status)
		}
	})
}

func TestFeedAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		_, body := o.do(o.as(o.amara), "GET", "/rota/mine", nil)
		feed := regexp.MustCompile(`/rota-feed/[^<]*/rota\.ics`).FindString(body)
		r, err := http.Get(o.url + feed)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		if r.StatusCode != 200 || r.Header.Get("Content-Type") != "text/calendar; charset=utf-8" || r.Header.Get("Referrer-Policy") != "no-referrer" || len(r.Header.Values("Set-Cookie")) > 0 {
			t.Errorf("%d %v", r.StatusCode, r.Header)
		}
		o.do(o.as(o.amara), "POST", "/rota/feed", nil)
		again, err := http.Get(o.url + feed)
		if err != nil {
			t.Fatal(err)
		}
		defer again.Body.Close()
		if again.StatusCode != 404 {
			t.Errorf("after it was renewed: %d", again.StatusCode)
		}
	})
}
