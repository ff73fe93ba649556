package admin_test

import (
	"context"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/person"
)

func (s *stage) exec(statement string, args ...any) {
	s.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, statement, args...)
		return err
	})
}

func TestOverviewLeadsOn(t *testing.T) {
	each(t, func(s *stage) {
		got := s.get("/admin").sound().says("Set up a mailbox", "Protect your own account", "Goodturn 0.1.0", "None. What fails is tried again").saysNot("Bring in a colleague")
		if engine := map[db.Engine]string{db.SQLite: "SQLite", db.Postgres: "PostgreSQL"}[s.db.Engine()]; !strings.Contains(got.body, engine) {
			t.Errorf("the engine is not named")
		}
		s.exec(`UPDATE person SET active = FALSE WHERE role IN ('agent', 'lead')`)
		s.get("/admin").says("Bring in a colleague")
	})
}

func TestHealth(t *testing.T) {
	each(t, func(s *stage) {
		s.addMailbox("help@desk.example", "imap.desk.example", "smtp.desk.example")
		s.addMailbox("pay@desk.example", "", "")
		s.get("/admin").sound().says("It has not been reached yet.", "handed over by a mail server of yours", "no mail yet", "Answers cannot go out").saysNot("Set up a mailbox")
		s.exec(`UPDATE mailbox_folder SET connected_at = 1790000000000 WHERE mailbox_id = 1`)
		s.get("/admin").says("Mail is fetched. Last connected")
		s.exec(`UPDATE mailbox_folder SET error = 'The server takes neither name <nor> password.', error_at = 1790000000000 WHERE mailbox_id = 1`)
		s.get("/admin/mailboxes").sound().says("The server takes neither name <nor> password.")
		s.exec(`UPDATE mailbox SET active = FALSE WHERE id = 1`)
		s.get("/admin").says("Switched off")
		mail := `INSERT INTO mail (mailbox_id, sha256, size, envelope_from, envelope_to, source, problem, state, outcome, attempts, ticket_id, received_at) VALUES ($1, '', 1, '', '', 'imap', $2, $3, $4, $5, $6, 1790000000000)`
		s.exec(mail, 2, "", "waiting", "", 0, nil)
		s.exec(mail, 2, "", "waiting", "failed: x", 2, nil)
		s.get("/admin").sound().says("2 mails wait to be read", "It will be tried again by itself.", "A mail to pay@desk.example")
		s.ticket(1042, "An open one", s.teams["first-line"])
		s.ticket(1043, "A secret one", s.teams["people"])
		s.exec(mail, 1, "The server gave only half of it.", "done", "raw", 0, 1042)
		s.exec(mail, 1, "", "done", "raw", 0, 1043)
		s.get("/admin").sound().says("#1042 An open one", "The server gave only half of it.", "It became a ticket").saysNot("A secret one", "1043")
	})
}

func (s *stage) ticket(id int64, subject string, team int64) {
	s.Helper()
	s.exec(`INSERT INTO ticket (id, subject, status, is_open, turn, priority, kind, channel, team_id, requester_id, last_text, last_by, messages, waiting_since, answered_at, solved_at, closed_at, created_at, activity_at)
		VALUES ($1, $2, 'new', TRUE, 'ours', 'normal', 'incident', 'mail', $3, $4, '', '', 0, 0, 0, 0, 0, 1, 1)`, id, subject, team, s.people["hana"])
}

func TestDeadJobs(t *testing.T) {
	each(t, func(s *stage) {
		for i := range 22 {
			s.exec(`INSERT INTO job (kind, args, state, run_at, attempts, error, created_at) VALUES ($1, '{}', 'dead', $2, 20, '<b>mail.example.com</b> says no', 1)`, "delivery", 1790000000000+int64(i))
		}
		s.exec(`INSERT INTO job (kind, args, state, run_at, attempts, error, created_at) VALUES ('delivery', '{}', 'waiting', 1, 3, 'later', 1)`)
		s.get("/admin").sound().says("Sending an answer by mail", "<b>mail.example.com</b> says no", "There are more").saysNot("later")
		s.post("/admin/jobs/1/again").done("It is being tried again.")
		if got := s.audited("job run again", "job 1"); got != "delivery" {
			t.Errorf("the record says %q", got)
		}
		s.post("/admin/jobs/2/forget").done("It is forgotten.")
		s.audited("job forgotten", "job 2")
		lines := s.audits()
		s.post("/admin/jobs/2/again").done("Somebody was quicker")
		s.post("/admin/jobs/23/forget").done("Somebody was quicker") // it waits and is not ours to drop
		if s.audits() != lines {
			t.Error("what did nothing left a line in the record")
		}
		s.write(func(ctx context.Context, tx *db.Tx) error {
			type row struct {
				State    string
				Attempts int
			}
			all, err := db.All[row](ctx, tx, `SELECT state, attempts FROM job WHERE id IN (1, 2, 23) ORDER BY id`)
			if len(all) != 2 || all[0] != (row{"waiting", 0}) || all[1] != (row{"waiting", 3}) {
				t.Errorf("the jobs are %+v", all)
			}
			return err
		})
	})
}

// TestNamesAreOnlyText puts markup into every name and looks at every page.
func TestNamesAreOnlyText(t *testing.T) {
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(2)>'`
	each(t, func(s *stage) {
		s.post("/admin/organisations", "name", evil).done(evil)
		s.post("/admin/teams", "name", evil, "slug", "evil").done(evil)
		p := s.addPerson(person.New{Name: evil, Addresses: nil, Role: person.Agent, Organisation: 1})
		s.addMailbox("help@desk.example", "imap.desk.example", "smtp.desk.example")
		s.exec(`UPDATE mailbox SET name = $1`, evil)
		s.exec(`UPDATE mailbox_folder SET error = $1`, evil)
		s.exec(`UPDATE team SET name = $1`, evil)
		twin := s.addPerson(person.New{Name: evil, Addresses: []string{"twin@example.com"}, Role: person.Requester})
		s.post(at("/admin/people", s.people["hana"])+"/merges", "with", "twin@example.com").done(evil)
		s.exec(`INSERT INTO audit (at, person_id, action, thing, detail, remote) VALUES (1, $1, $2, $2, $2, $2)`, p.ID, evil)
		s.exec(`INSERT INTO job (kind, args, state, run_at, attempts, error, created_at) VALUES ($1, '{}', 'dead', 1, 20, $1, 1)`, evil)
		s.ticket(1042, evil, s.teams["first-line"])
		s.exec(`INSERT INTO mail (mailbox_id, sha256, size, envelope_from, envelope_to, source, problem, state, outcome, ticket_id, received_at) VALUES (1, '', 1, '', '', 'imap', $1, 'done', 'raw', 1042, 1)`, evil)
		for _, to := range []string{
			"/admin", "/admin/mailboxes", "/admin/mailboxes/new", "/admin/mailboxes/1", "/admin/teams", "/admin/teams/new", at("/admin/teams", s.teams["people"]),
			"/admin/organisations", "/admin/organisations/1", "/admin/people", "/admin/people/new", at("/admin/people", p.ID), at("/admin/people", s.people["hana"]),
			at("/admin/people", twin.ID), "/admin/audit", "/admin/audit?person=" + text(p.ID), "/admin/people?q=" + "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
		} {
			s.get(to).sound().saysNot("<script>alert", "<img src=x", `"><script>`)
		}
		for to, fields := range map[string][]string{
			"/admin/teams": {"name", evil, "slug", evil}, "/admin/organisations": {"name", evil, "domains", evil}, "/admin/people": {"name", evil, "address", evil, "role", evil},
			"/admin/mailboxes":        {"address", evil, "name", evil, "receiving_host", evil, "receiving_user", evil, "receiving_port", evil, "receiving_folder", evil, "sending_host", evil},
			at("/admin/people", p.ID): {"name", evil, "role", evil, "zone", evil, "language", evil}, at("/admin/people", p.ID, "addresses"): {"address", evil}, at("/admin/people", p.ID, "merges"): {"with", evil},
		} {
			s.post(to, fields...).is(422).sound().saysNot("<script>alert", "<img src=x", `"><script>`)
		}
	})
}
