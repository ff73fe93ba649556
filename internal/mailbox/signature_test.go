package mailbox_test

import (
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

func TestSenderNameAndSignature(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.take(mail(hana, "Printer", "It prints half pages."))
		id := h.last(mailbox.BecameTicket).TicketID
		settings := h.settings()
		settings.Signature = "{{ agent.first_name }}\r\n{{mailbox.name}} · {{ticket.number}} <b>&\nhttps://desk.example/hours"
		for _, c := range []struct {
			name mailbox.FromName
			want string
		}{{mailbox.FromBoth, "Amara Okafor, IT help desk"}, {mailbox.FromMailbox, "IT help desk"}, {mailbox.FromAgent, "Amara Okafor"}} {
			settings.FromName = c.name
			h.save(settings)
			h.reply(id, "On my way.", "")
			out := h.send(1)[0]
			if out.From.Name != c.want {
				t.Errorf("%s: From %q, want %q", c.name, out.From.Name, c.want)
			}
			text, html := string(out.Text), string(out.HTML)
			signed := "Amara\nIT help desk · #1001 <b>&\nhttps://desk.example/hours"
			if i, j, k := strings.Index(text, "On my way."), strings.Index(text, signed), strings.Index(text, "It prints half"); i < 0 || j < i || k < j {
				t.Errorf("the signature stands at the wrong place:\n%s", text)
			}
			if !strings.Contains(html, "#1001 &lt;b&gt;&amp;") || !strings.Contains(html, `href="https://desk.example/hours"`) {
				t.Errorf("html:\n%s", html)
			}
		}
		h.write(func(tx *db.Tx) error {
			_, err := h.desk.Reply(t.Context(), tx, ticket.By{Actor: person.System}, id, ticket.Draft{Text: "By the desk itself.", Automatic: true}, "")
			return err
		})
		out := h.send(1)[0]
		if out.From.Name != "IT help desk" || !strings.Contains(out.Text, "By the desk itself.\n\nIT help desk") {
			t.Errorf("From %q, text %q", out.From.Name, out.Text)
		}
		h.write(func(tx *db.Tx) error {
			for _, s := range []string{"{{agent.salary}}", strings.Repeat("x", mailbox.MaxSignature+1)} {
				settings.Signature = s
				_, err := h.post.Save(t.Context(), tx, person.System, settings, "")
				if f, ok := fault.Of(err); !ok || len(f.Fields) != 1 || f.Fields[0].Name != "signature" {
					t.Errorf("%.20q: %v", s, err)
				}
			}
			return nil
		})
	})
}
