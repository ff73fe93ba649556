package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"goodturn/internal/mailmsg"
	"goodturn/internal/sanitize"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// bodies remembers what cleaning gave, because messages never change and a thread is read many times. It is safe for
// concurrent use.
type bodies struct {
	mu   sync.Mutex
	by   map[bodyKey]sanitize.Shown
	size int
}

// bodyKey is a message, with its remote pictures or without.
type bodyKey struct {
	message  int64
	pictures bool
}

// maxBodies bounds the bytes remembered; then it begins anew.
const maxBodies = 16 << 20

// of gives the HTML of a message as it is shown; the zero value where there is none.
func (b *bodies) of(m ticket.Message, files []ticket.Attachment, pictures bool) sanitize.Shown {
	if m.HTML == "" {
		return sanitize.Shown{}
	}
	key := bodyKey{m.ID, pictures}
	b.mu.Lock()
	known, ok := b.by[key]
	b.mu.Unlock()
	if ok {
		return known
	}
	made := bodyOf(m, files, pictures)
	size := len(made.HTML) + len(made.Rest) + len(made.CSS) + len(strings.Join(made.Remote, "")) + 300
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.size += size; b.by == nil || b.size > maxBodies {
		b.by, b.size = map[bodyKey]sanitize.Shown{}, size
	}
	b.by[key] = made
	return made
}

// bodyOf cleans the HTML of a message and parts it into what is new and what is quoted.
func bodyOf(m ticket.Message, files []ticket.Attachment, pictures bool) sanitize.Shown {
	now, quoted := mailmsg.SplitHTML(m.HTML, "")
	o := sanitize.ShowOptions{New: m.Text, Old: m.Quoted, Quoted: quoted, Picture: func(contentID string) (string, bool) {
		for _, f := range files {
			if f.ContentID == contentID && page.IsPicture(f.Type) {
				return fileURL(f), true
			}
		}
		return "", false
	}}
	if pictures {
		o.Remote = func(index int) string { return pictureURL(m, index) }
	}
	return sanitize.Show(now, o)
}

// pictureURL is where a remote picture of a message can be had from us; in addresses they count from 1.
func pictureURL(m ticket.Message, index int) string {
	return ticketAction(m.TicketID, "messages/"+decimal(m.ID)+"/pictures/"+strconv.Itoa(index+1))
}

// showing is how the reader wants a conversation and single messages of it, as the address of the page says.
type showing struct {
	pictures []int64 // with their remote pictures
	plain    []int64 // as plain text
	stretch  stretch // the part of it that is shown
	since    int64   // what had been read when the page was opened
	message  int64   // the id of a message that must be on the page
	draft    int64   // of a colleague, that stands in the composer
}

const maxShowing = 50

func readShowing(r *http.Request) showing { return readShowingText(r.URL.RawQuery) }

func readShowingText(query string) showing {
	q, _ := url.ParseQuery(query)
	ids := func(all []string) (out []int64) {
		for _, s := range all[:min(len(all), maxShowing)] {
			if id, err := strconv.ParseInt(s, 10, 64); err == nil {
				out = append(out, id)
			}
		}
		return out
	}
	return showing{
		pictures: ids(q["pictures"]), plain: ids(q["plain"]),
		stretch: stretch{from: idOf(q.Get("from")), to: idOf(q.Get("to"))}, since: idOf(q.Get("since")), message: idOf(q.Get("m")), draft: idOf(q.Get("draft")),
	}
}

// query is the showing as part of the query of an address.
func (s showing) query() string {
	var b strings.Builder
	for _, id := range s.pictures {
		b.WriteString("&pictures=" + decimal(id))
	}
	for _, id := range s.plain {
		b.WriteString("&plain=" + decimal(id))
	}
	b.WriteString(s.stretch.query())
	if s.since > 0 {
		b.WriteString("&since=" + decimal(s.since))
	}
	if s.draft > 0 {
		b.WriteString("&draft=" + decimal(s.draft))
	}
	return strings.TrimPrefix(b.String(), "&")
}

// with is the showing with one message added to one of its lists, or taken from it.
func (s showing) with(list func(*showing) *[]int64, id int64, add bool) showing {
	out := s
	out.pictures, out.plain = slices.Clone(s.pictures), slices.Clone(s.plain)
	l := list(&out)
	*l = slices.DeleteFunc(*l, func(x int64) bool { return x == id })
	if add {
		*l = append(*l, id)
	}
	return out
}

func inPictures(s *showing) *[]int64 { return &s.pictures }
func inPlain(s *showing) *[]int64    { return &s.plain }
