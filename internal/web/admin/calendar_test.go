package admin_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"goodturn/internal/calendar"
	"goodturn/internal/db"
	"goodturn/internal/web/ui/uitest"
)

// calendarFields is a form that is right, with what the pairs change.
func calendarFields(pairs ...string) []string {
	fields := map[string]string{"name": "Berlin", "zone": "Europe/Berlin", "region": "DE-BE", "do": "save"}
	for _, d := range []string{"monday", "tuesday", "wednesday", "thursday"} {
		fields["hours_"+d] = "9-12:30, 13:30-17"
	}
	fields["hours_friday"] = "9–15"
	var out []string
	for i := 0; i < len(pairs); i += 2 {
		delete(fields, pairs[i])
	}
	for name, value := range fields {
		out = append(out, name, value)
	}
	return append(out, pairs...)
}

// stored reads a calendar as it is.
func (s *stage) calendarRow(id int64) (row calendar.Row) {
	s.Helper()
	err := s.db.Read(s.Context(), func(tx *db.Tx) (err error) {
		row, _, err = s.admin.Calendars.ByID(s.Context(), tx, id)
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return row
}

func TestCalendarIsMadeChangedAndRemoved(t *testing.T) {
	each(t, func(s *stage) {
		s.get("/admin/calendars").sound().says("Office hours", "Mon–Fri 9:00–17:00", "UTC", "standard")
		s.get("/admin/calendars/new").sound().says("New calendar", "Germany", "The next weeks")
		s.post("/admin/calendars", calendarFields("day_from", "2099-12-24", "day_to", "2099-12-31", "day_name", "Company holiday", "day_hours", "",
			"day_from", "2099-12-29", "day_to", "", "day_name", "Stocktaking", "day_hours", "10–12", "move_from", "2099-07-01", "move_zone", "Europe/Lisbon")...).
			done("The calendar Berlin is saved.").says("Mon–Thu 9:00–12:30, 13:30–17:00, Fri 9:00–15:00")
		if said := s.audited("calendar added", "calendar 2"); !strings.Contains(said, "zone: none → Europe/Berlin") || !strings.Contains(said, "holidays: none → DE-BE") || !strings.Contains(said, "Fri 9:00–15:00") {
			t.Errorf("the record says %q", said)
		}
		page := s.get("/admin/calendars/2").sound().says("Berlin", "Remove this calendar")
		row := s.calendarRow(2)
		for _, kept := range []string{"9:00–12:30, 13:30–17:00", "2099-12-31", "Stocktaking", "10:00–12:00", "2099-07-01", "Europe/Lisbon", "DE-BE"} {
			if !page.typed(page.doc(), kept) {
				t.Errorf("the form does not hold %q", kept)
			}
		}
		version := text(row.VersionID)
		s.post("/admin/calendars/2", calendarFields("version", version, "hours_friday", "")...).done("The calendar Berlin is saved.").says("Mon–Thu 9:00–12:30, 13:30–17:00")
		if said := s.audited("calendar changed", "calendar 2"); !strings.Contains(said, "days of its own: 2 → 0") {
			t.Errorf("the record says %q", said)
		}
		before := s.audits()
		s.post("/admin/calendars/2", calendarFields("version", text(s.calendarRow(2).VersionID), "hours_friday", "")...).done("is saved")
		if s.audits() != before {
			t.Error("a save that changes nothing is written down")
		}

		s.post("/admin/calendars/1/removal").done("is the desk's standard calendar")
		s.post("/admin/calendars/2/removal").done("The calendar Berlin is removed.")
		s.audited("calendar removed", "calendar 2")
		s.send("ada", "GET", "/admin/calendars/2", nil).is(http.StatusNotFound)
	})
}

func TestBadCalendarsComeBackWhole(t *testing.T) {
	each(t, func(s *stage) {
		for _, c := range []struct {
			pairs        []string
			field, words string
			kept         []string
		}{
			{[]string{"name", " "}, "f-name", "give the calendar a name", []string{"Europe/Berlin"}},
			{[]string{"name", "office HOURS"}, "f-name", "of that name already", []string{"office HOURS"}},
			{[]string{"zone", "Europe/Atlantis"}, "f-zone", "Europe/Atlantis is no zone that is known", []string{"Europe/Atlantis", "9-12:30, 13:30-17"}},
			{[]string{"hours_monday", "9-13, 12-17"}, "f-hours_monday", "9:00–13:00 and 12:00–17:00 overlap", []string{"9-13, 12-17"}},
			{[]string{"hours_monday", "nine to five"}, "f-hours_monday", "could not be read as hours", []string{"nine to five"}},
			{[]string{"hours_sunday", "22-10"}, "f-hours_monday", "9:00–12:30 overlaps 22:00–10:00 of the evening before", []string{"22-10"}},
			{[]string{"hours_monday", "", "hours_tuesday", "", "hours_wednesday", "", "hours_thursday", "", "hours_friday", ""}, "hours", "no working time at all", nil},
			{[]string{"region", "XX"}, "regions", "The holidays of XX are not known here", nil},
			{[]string{"day_from", "2026-02-30", "day_name", "Leap"}, "days.0", "2026-02-30 is no day that can be", []string{"2026-02-30", "Leap"}},
			{[]string{"day_from", "", "day_name", "Leap"}, "days.0", "On which day?", []string{"Leap"}},
			{[]string{"day_from", "2026-12-31", "day_to", "2026-12-24", "day_name", "Xmas"}, "days.0", "2026-12-24 is before 2026-12-31", []string{"Xmas"}},
			{[]string{"day_from", "2026-12-31", "day_hours", "9-8-7"}, "days.0", "could not be read as hours", []string{"9-8-7"}},
			{[]string{"move_from", "2026-12-31", "move_zone", "Mars"}, "moves.0", "Mars is no zone", []string{"Mars"}},
		} {
			s.post("/admin/calendars", calendarFields(c.pairs...)...).refused(c.field, c.words, c.kept...)
		}
		naughty := `"><script>alert(1)</script>`
		s.post("/admin/calendars", calendarFields("name", naughty, "zone", naughty, "hours_monday", naughty, "day_from", naughty, "day_name", naughty, "imported", naughty, "version", naughty)...).
			is(http.StatusUnprocessableEntity).sound().saysNot(naughty)
	})
}

func TestTwoPeopleChangeACalendar(t *testing.T) {
	each(t, func(s *stage) {
		version := text(s.calendarRow(1).VersionID)
		s.post("/admin/calendars/1", calendarFields("name", "Office hours", "version", version)...).done("is saved")
		second := s.post("/admin/calendars/1", calendarFields("name", "Office hours", "version", version, "hours_saturday", "10-14")...)
		second.is(http.StatusConflict).sound().says("Somebody saved this calendar meanwhile", "Mon–Thu 9:00–12:30, 13:30–17:00, Fri 9:00–15:00", "Germany: Berlin")
		if !second.typed(second.doc(), "10-14") {
			t.Error("what the second one typed is lost")
		}
		now := uitest.All(second.doc(), func(n *html.Node) bool { return uitest.Attr(n, "name") == "version" })
		if len(now) != 1 || uitest.Attr(now[0], "value") != text(s.calendarRow(1).VersionID) {
			t.Fatal("the form cannot be saved again")
		}
		s.post("/admin/calendars/1", calendarFields("name", "Office hours", "version", uitest.Attr(now[0], "value"), "hours_saturday", "10-14")...).done("is saved").says("Sat 10:00–14:00")
	})
}

func TestPreviewSavesNothing(t *testing.T) {
	each(t, func(s *stage) {
		before := s.calendarRow(1)
		s.post("/admin/calendars/1", calendarFields("name", "Office hours", "version", text(before.VersionID), "hours_sunday", "1-4", "do", "show")...).is(http.StatusOK).sound().
			says("the clocks go forward by 1 h; these hours last 2 h instead of 3 h", "the clocks go back by 1 h; these hours last 4 h instead of 3 h", "Tag der Deutschen Einheit")
		rows := func(a answer) int {
			return len(uitest.All(a.doc(), func(n *html.Node) bool { return uitest.Attr(n, "name") == "day_from" }))
		}
		more := s.post("/admin/calendars/1", calendarFields("do", "more")...).is(http.StatusOK)
		if got := rows(more); got != rows(s.get("/admin/calendars/1"))+6 {
			t.Errorf("%d rows", got)
		}
		if now := s.calendarRow(1); now.VersionID != before.VersionID {
			t.Error("it was saved")
		}
	})
}

// upload sends the form with a file.
func (s *stage) upload(to, name, content string, pairs ...string) answer {
	s.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i < len(pairs); i += 2 {
		form.WriteField(pairs[i], pairs[i+1])
	}
	part, _ := form.CreateFormFile("file", name)
	part.Write([]byte(content))
	form.Close()
	r := httptest.NewRequest("POST", to, &body)
	r.RemoteAddr = "192.0.2.44:5000"
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.AddCookie(&http.Cookie{Name: "goodturn-session", Value: s.sessions["ada"]})
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return answer{s, w.Code, w.Header().Get("Location"), w.Header(), w.Body.String()}
}

func TestDaysComeFromAFile(t *testing.T) {
	const file = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20200501\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Spring day\r\nEND:VEVENT\r\n%END:VCALENDAR\r\n"
	const meeting = "BEGIN:VEVENT\r\nDTSTART:20990501T090000Z\r\nSUMMARY:A meeting\r\nEND:VEVENT\r\n"
	each(t, func(s *stage) {
		whole, mixed := strings.Replace(file, "%", "", 1), strings.Replace(file, "%", meeting, 1)
		s.upload("/admin/calendars", "none.ics", "hello", calendarFields()...).refused("f-file", "This is no iCalendar file", "Berlin")
		s.upload("/admin/calendars", "holidays.ics", whole, calendarFields()...).done("The calendar Berlin is saved.")
		row := s.calendarRow(2)
		if len(row.Definition.Days) != 11 || row.Definition.Days[0].Source != "holidays.ics" || row.Definition.Days[0].Name != "Spring day" {
			t.Fatalf("%+v", row.Definition.Days)
		}

		// Something was left out: it is told before anything is saved, and the form carries what was read.
		shown := s.upload("/admin/calendars/2", `C:\Users\ada\more.ics`, mixed, calendarFields("version", text(row.VersionID))...)
		shown.is(http.StatusOK).sound().says("11 days off were taken from more.ics.", "Not taken: A meeting (line 7): it has hours; only whole days are taken.")
		carried := uitest.All(shown.doc(), func(n *html.Node) bool { return uitest.Attr(n, "name") == "imported" })
		s.post("/admin/calendars/2", calendarFields("version", text(row.VersionID), "imported", uitest.Attr(carried[0], "value"))...).done("is saved")
		row = s.calendarRow(2)
		if len(row.Definition.Days) != 11 {
			t.Fatalf("%d days", len(row.Definition.Days))
		}
		s.get("/admin/calendars/2").sound().says("more.ics: 11 days off until")
		s.post("/admin/calendars/2", calendarFields("version", text(row.VersionID), "imported", uitest.Attr(carried[0], "value"), "drop", "more.ics")...).done("is saved")
		if row = s.calendarRow(2); len(row.Definition.Days) != 0 {
			t.Errorf("%+v", row.Definition.Days)
		}
	})
}
