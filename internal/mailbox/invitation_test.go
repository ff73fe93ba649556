package mailbox_test

import (
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
)

func TestInvitationHoldsNoSecret(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.write(func(tx *db.Tx) error {
			return h.post.QueueInvitation(t.Context(), tx, h.agent.ID, "amara@desk.example")
		})
		out := h.send(1)[0]
		if out.to != "amara@desk.example" || out.Automatic == "" || !strings.Contains(out.Text, public+"/sign-in") || strings.Contains(out.Text, "/sign-in/") {
			t.Errorf("to %s, automatic %q, text %q", out.to, out.Automatic, out.Text)
		}
		h.read(func(tx *db.Tx) error {
			made, err := db.Exists(t.Context(), tx, `SELECT 1 FROM sign_in_link`)
			if made {
				t.Error("an invitation made a link that signs in")
			}
			return err
		})
	})
}
