package mailbox_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

func TestAnswerWithHTMLAndAPicture(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.take(mail(hana, "Printer", "It prints half pages."))
		id := h.last(mailbox.BecameTicket).TicketID
		picture, err := base64.StdEncoding.DecodeString("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
		h.must(err)
		ref, err := h.post.Blobs.Put(t.Context(), strings.NewReader(string(picture)), 0)
		h.must(err)
		h.write(func(tx *db.Tx) error {
			_, err := h.desk.Reply(t.Context(), tx, ticket.By{Actor: h.agent}, id, ticket.Draft{
				HTML:  `<p onclick="x()">Press the <b>green</b> button:</p><img src="cid:green@desk" alt="the button"><img src="cid:other@desk" alt="nothing"><img src="https://tracker.example/x.gif"><ul><li>one</li><li>two</li></ul><script>alert(1)</script>`,
				Files: []ticket.File{{Name: "film.bin", Type: "application/octet-stream", Ref: ref}, {Name: "green.gif", Type: "image/gif", Ref: ref, Inline: true, ContentID: "green@desk"}},
			}, "")
			return err
		})
		out := h.send(1)[0]
		if m := h.messages(id); !strings.Contains(m[1].Text, "Press the green button") || !strings.Contains(m[1].Text, "- one") {
			t.Errorf("the ticket has the text %q", m[1].Text)
		}
		if !strings.Contains(out.Text, "Press the green button") || !strings.Contains(out.Text, "- two") {
			t.Errorf("text\n%s", out.Text)
		}
		raw := strings.ReplaceAll(string(out.raw), "=\r\n", "")
		for _, want := range []string{"multipart/alternative", "multipart/related", `cid:green@desk`, "<green@desk>", "<b>green</b>"} {
			if !strings.Contains(raw, want) {
				t.Errorf("%s is missing", want)
			}
		}
		for _, banned := range []string{"onclick", "alert(1)", `src=3D"https://tracker`, "cid:other"} {
			if strings.Contains(raw, banned) {
				t.Errorf("%s is in the mail", banned)
			}
		}
		inline := 0
		for _, a := range out.Attachments {
			if a.Inline {
				inline++
			}
		}
		if len(out.Attachments) != 2 || inline != 1 {
			t.Errorf("attachments %+v", out.Attachments)
		}
	})
}

func TestLimitOfMailedFiles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.take(mail(hana, "Printer", "It prints half pages."))
		id := h.last(mailbox.BecameTicket).TicketID
		ref, err := h.post.Blobs.Put(t.Context(), strings.NewReader(strings.Repeat("x", 1000)), 0)
		h.must(err)
		limit := func(by person.Actor, bytes int64) (err error) {
			h.write(func(tx *db.Tx) error { err = mailbox.SetFilesLimit(t.Context(), tx, by, bytes, ""); return nil })
			return err
		}
		for bytes, want := range map[int64]int{2000: 2, 1999: 1, 0: 0} {
			h.must(limit(person.System, bytes))
			h.write(func(tx *db.Tx) error {
				file := ticket.File{Name: "a.bin", Type: "application/octet-stream", Ref: ref}
				_, err := h.desk.Reply(t.Context(), tx, ticket.By{Actor: h.agent}, id, ticket.Draft{Text: "Files.", Files: []ticket.File{file, file}}, "")
				return err
			})
			out := h.send(1)[0]
			if n := strings.Count(out.Text, "a.bin ("); len(out.Attachments) != want || n != 2-want {
				t.Errorf("%d bytes: %d files are mailed, %d are linked: %s", bytes, len(out.Attachments), n, out.Text)
			}
		}
		if err := limit(person.System, 1<<40); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("no mail server takes this: %v", err)
		}
		if err := limit(h.agent, 1); !fault.Is(err, fault.KindDenied) {
			t.Errorf("an agent may set it: %v", err)
		}
	})
}
