package mailmsg

import "time"

// Methods of a calendar object by what it asks for (RFC 5546 §1.4).
const (
	CalendarPublish        = "PUBLISH" // for information, nothing is expected
	CalendarRequest        = "REQUEST" // an invitation, or a change of one
	CalendarReply          = "REPLY"   // an attendee's answer
	CalendarAdd            = "ADD"     // one more occurrence
	CalendarCancel         = "CANCEL"
	CalendarRefresh        = "REFRESH" // an attendee asks for the newest state
	CalendarCounter        = "COUNTER" // an attendee proposes another time
	CalendarDeclineCounter = "DECLINECOUNTER"
)

// Calendar is the invitation that a mail carries, or an answer to one: the first
// event or task of its iCalendar part (RFC 5545).
type Calendar struct {
	Method      string             `json:"method"` // one of the Calendar constants, or "" when the part names none
	UID         string             `json:"uid"`
	Sequence    int                `json:"sequence"`
	Status      string             `json:"status,omitempty"` // CONFIRMED, TENTATIVE, CANCELLED …, or ""
	Summary     string             `json:"summary"`
	Description string             `json:"description,omitempty"` // plain text, at most 4,000 bytes
	Location    string             `json:"location"`
	Link        string             `json:"link,omitempty"` // https address of the online meeting, when the part names one
	Start       time.Time          `json:"start,omitzero"` // in the zone of the event; zero when unknown
	End         time.Time          `json:"end,omitzero"`   // the first instant after it; zero when unknown
	AllDay      bool               `json:"all_day"`        // Start and End are midnights, in UTC, and mean days
	Floating    bool               `json:"floating"`       // the part names no zone: the times (in UTC here) mean wherever the reader is
	Zone        string             `json:"zone"`           // IANA name, "UTC", or the sender's own name for it; "" for days and floating times
	Organizer   Address            `json:"organizer"`
	Attendees   []CalendarAttendee `json:"attendees"`
	Recurrence  string             `json:"recurrence"`          // the rule as written, such as "FREQ=WEEKLY;BYDAY=MO", or ""
	Occurrence  time.Time          `json:"occurrence,omitzero"` // the only occurrence of a series that this is about
	Comment     string             `json:"comment,omitempty"`   // what the attendee adds to an answer
	More        int                `json:"more,omitempty"`      // further events of the part that are not told here
}

// CalendarAttendee is one who is invited.
type CalendarAttendee struct {
	Address
	Status   string `json:"status"`   // lower case PARTSTAT: needs-action, accepted, declined, tentative, delegated …; "" when not said
	Optional bool   `json:"optional"` // need not come
}
