package mailmsg

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	maxAttendees  = 500
	maxSummary    = 500
	maxCalendarTo = 4000 // bytes of a description or comment
)

// ParseCalendar reads an iCalendar object (RFC 5545) as text. method is what the
// Content-Type of its part said, or "". nil means that it holds no event and no
// task; a broken one gives what can be read of it. It is read by a small reader of
// our own, since one line that breaks the rules must not lose the invitation.
func ParseCalendar(s, method string) *Calendar {
	root := readICS(s)
	var holders []*icsComponent
	for _, child := range root.children {
		if child.name == "VCALENDAR" {
			holders = append(holders, child)
		}
	}
	if len(holders) == 0 {
		holders = []*icsComponent{root} // an event without its VCALENDAR
	}
	for _, holder := range holders {
		if event, more := chooseEvent(holder); event != nil {
			zones := &icsZones{defined: holder.all("VTIMEZONE")}
			c := readEvent(event, zones)
			c.More = more
			if words := strings.Fields(holder.text("METHOD", 40) + " " + method); len(words) > 0 {
				c.Method = strings.ToUpper(words[0])
			}
			return c
		}
	}
	return nil
}

// chooseEvent takes the event that the mail is about: the series rather than one
// of its exceptions. more counts the other events of the part.
func chooseEvent(holder *icsComponent) (event *icsComponent, more int) {
	for _, name := range []string{"VEVENT", "VTODO"} {
		list := holder.all(name)
		if len(list) == 0 {
			continue
		}
		event = list[0]
		uid := event.text("UID", maxSummary)
		for _, e := range list {
			if _, exception := e.get("RECURRENCE-ID"); !exception && e.text("UID", maxSummary) == uid {
				event = e
				break
			}
		}
		others := map[string]bool{}
		for i, e := range list {
			id := e.text("UID", maxSummary)
			if id == "" {
				id = "#" + strconv.Itoa(i)
			}
			others[id] = true
		}
		return event, len(others) - 1
	}
	return nil, 0
}

func readEvent(e *icsComponent, zones *icsZones) *Calendar {
	c := &Calendar{
		UID: e.text("UID", maxSummary), Summary: oneLine(e.text("SUMMARY", maxSummary)), Location: oneLine(e.text("LOCATION", maxSummary)),
		Description: e.text("DESCRIPTION", maxCalendarTo), Comment: e.text("COMMENT", maxCalendarTo), Status: strings.ToUpper(e.text("STATUS", 40)),
		Recurrence: oneLine(e.text("RRULE", 300)), Attendees: []CalendarAttendee{},
	}
	c.Sequence, _ = strconv.Atoi(e.text("SEQUENCE", 9))
	c.Link = meetingLink(e, c.Location)
	if p, ok := e.get("ORGANIZER"); ok {
		c.Organizer = icsAddress(p)
	}
	for _, p := range e.properties {
		if p.name == "ATTENDEE" && len(c.Attendees) < maxAttendees {
			a := CalendarAttendee{Address: icsAddress(p), Status: strings.ToLower(p.params["PARTSTAT"]), Optional: strings.EqualFold(p.params["ROLE"], "OPT-PARTICIPANT")}
			c.Attendees = append(c.Attendees, a)
		}
	}
	readTimes(c, e, zones)
	return c
}

// readTimes sets Start, End and what they mean.
func readTimes(c *Calendar, e *icsComponent, zones *icsZones) {
	p, ok := e.get("DTSTART")
	if !ok {
		if p, ok = e.get("DUE"); !ok {
			return
		}
	}
	start := zones.read(p)
	if start.Time.IsZero() {
		return
	}
	c.Start, c.AllDay, c.Floating, c.Zone = start.Time, start.day, start.floating, start.zone
	for _, name := range []string{"DTEND", "DUE"} {
		if p, ok := e.get(name); ok && c.End.IsZero() {
			if end := zones.read(p); !end.Time.Before(c.Start) {
				c.End = end.Time
			}
		}
	}
	if d, ok := icsDuration(e.text("DURATION", 60)); ok && c.End.IsZero() && d >= 0 {
		c.End = inYears(c.Start.Add(d))
	}
	if c.AllDay && (c.End.IsZero() || c.End.Equal(c.Start)) {
		c.End = c.Start.AddDate(0, 0, 1)
	}
	if c.End.IsZero() {
		c.End = c.Start
	}
	if !c.AllDay {
		c.End = c.End.In(c.Start.Location())
	}
	if p, ok := e.get("RECURRENCE-ID"); ok {
		c.Occurrence = zones.read(p).Time
	}
}

// icsAddress reads "ORGANIZER;CN=Ann:mailto:ann@example.com".
func icsAddress(p icsProperty) Address {
	value := strings.TrimSpace(p.value)
	if len(value) >= 7 && strings.EqualFold(value[:7], "mailto:") {
		value = value[7:]
	}
	if un, err := url.PathUnescape(value); err == nil {
		value = un
	}
	if value = strings.Trim(oneLine(value), "<> "); !strings.Contains(value, "@") || len(value) > 320 {
		value = strings.TrimSpace(p.params["EMAIL"])
	}
	name := oneLine(p.params["CN"])
	if len(name) > maxSummary {
		name = strings.ToValidUTF8(name[:maxSummary], "")
	}
	if strings.EqualFold(name, value) {
		name = ""
	}
	return Address{Name: strings.Trim(name, `'" `), Address: value}
}

func oneLine(s string) string { return strings.Join(strings.Fields(printable(s)), " ") }

var webAddress = regexp.MustCompile(`https://[^\s<>"\\]{4,600}`)

// meetingLink is where an online meeting takes place, as the common services say it.
func meetingLink(e *icsComponent, location string) string {
	for _, name := range []string{"X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "X-MICROSOFT-ONLINEMEETINGCONFLINK", "CONFERENCE"} {
		if link := webAddress.FindString(e.text(name, maxCalendarTo)); link != "" {
			return link
		}
	}
	if link := webAddress.FindString(location); link != "" {
		return link
	}
	for _, link := range webAddress.FindAllString(e.text("DESCRIPTION", maxCalendarTo), 40) {
		u, err := url.Parse(link)
		if err != nil {
			continue
		}
		host := strings.ToLower(u.Hostname())
		for _, known := range []string{"zoom.us", "teams.microsoft.com", "teams.live.com", "meet.google.com", "webex.com", "meet.jit.si", "gotomeet.me", "whereby.com"} {
			if host == known || strings.HasSuffix(host, "."+known) {
				return strings.TrimRight(link, ".,;)")
			}
		}
	}
	return ""
}

var durationRow = regexp.MustCompile(`^([+-])?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$`)

// icsDuration reads a duration (RFC 5545 §3.3.6).
func icsDuration(s string) (d time.Duration, ok bool) {
	found := durationRow.FindStringSubmatch(strings.ToUpper(strings.TrimSpace(s)))
	if found == nil {
		return 0, false
	}
	for i, unit := range []time.Duration{7 * 24 * time.Hour, 24 * time.Hour, time.Hour, time.Minute, time.Second} {
		n, _ := strconv.Atoi(found[i+2])
		d += time.Duration(n) * unit
	}
	if found[1] == "-" {
		d = -d
	}
	return d, true
}

// invites is true for a calendar object that asks for or gives an answer, and is
// not only told for information.
func (c *Calendar) invites() bool {
	switch c.Method {
	case CalendarRequest, CalendarReply, CalendarAdd, CalendarCancel, CalendarRefresh, CalendarCounter, CalendarDeclineCounter:
		return true
	}
	return false
}

// answers is true for what a calendar program sends by itself when its owner has
// pressed a button.
func (c *Calendar) answers() bool {
	return c != nil && (c.Method == CalendarReply || c.Method == CalendarRefresh)
}

// calendarPart is what the MIME part of an invitation says about it.
type calendarPart struct {
	shown           bool // it is a form of the text and no file
	method, charset string
}

func (p *calendarPart) note(e *entity) {
	disposition, _ := parseParams(e.header.get("Content-Disposition"))
	p.shown = p.shown || disposition != "attachment"
	if p.method == "" {
		p.method, p.charset = e.params["method"], e.params["charset"]
	}
}

// readCalendar finds the invitation among the files of the mail: one that asks for
// an answer or gives one before any other. Its text stands for that of a mail that
// has no other.
func (m *Message) readCalendar(part calendarPart) {
	for i, a := range m.Attachments[:min(len(m.Attachments), 50)] {
		if a.Type != "text/calendar" && a.Type != "application/ics" && !strings.HasSuffix(strings.ToLower(a.Name), ".ics") {
			continue
		}
		text, _ := toUTF8(a.Data[:min(len(a.Data), maxICS)], part.charset)
		method := ""
		if a.Type == "text/calendar" {
			method = part.method
		}
		c := ParseCalendar(text, method)
		if c == nil {
			m.warn("The calendar file " + m.Attachments[i].Name + " holds no event that can be read.")
			continue
		}
		if m.Calendar == nil || c.invites() && !m.Calendar.invites() {
			m.Calendar = c
		}
	}
	if c := m.Calendar; c != nil && strings.TrimSpace(m.Text) == "" && m.HTML == "" {
		m.Text = joinNonEmpty(c.Summary, joinNonEmpty(c.Description, c.Comment, "\n\n"), "\n\n")
		m.NewText = m.Text
	}
}
