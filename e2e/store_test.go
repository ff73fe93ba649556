package e2e

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"goodturn/internal/app"
	"goodturn/internal/db"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/testserver/certificate"
	"goodturn/internal/testserver/dovecot"
	"goodturn/internal/testserver/postfix"
	"goodturn/internal/transport/dial"
)

// beside opens the store beside the program.
func (d *desk) beside(do func(ctx context.Context, a *app.App) error) {
	d.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	a, err := app.Open(ctx, app.Config{Data: d.data, Database: d.database, Listen: d.listen})
	must(d, err)
	err = do(ctx, a)
	must(d, a.Close())
	must(d, err)
}

// addMailbox makes a mailbox of the team Support; what is left empty gets a name that fits.
func (d *desk) addMailbox(m mailbox.Mailbox) (id int64) {
	d.Helper()
	d.beside(func(ctx context.Context, a *app.App) error {
		return a.DB.Write(ctx, func(tx *db.Tx) (err error) {
			team, err := db.All[int64](ctx, tx, `SELECT id FROM team WHERE slug = 'support'`)
			if err != nil {
				return err
			}
			if len(team) == 0 {
				made, err := person.SaveTeam(ctx, tx, person.Team{Slug: "support", Name: "Support"})
				if err != nil {
					return err
				}
				team = append(team, made)
			}
			m.TeamID, m.Active, m.Subaddress = team[0], true, true
			if m.Address == "" {
				m.Address = helpAddress
			}
			if m.Name == "" {
				m.Name = "IT help desk"
			}
			if err := unguarded(ctx, tx); err != nil {
				return err
			}
			id, err = a.Post.Save(ctx, tx, person.System, m, "")
			return err
		})
	})
	return id
}

// changeMailbox changes the mailbox with that id.
func (d *desk) changeMailbox(id int64, change func(*mailbox.Mailbox)) {
	d.Helper()
	d.beside(func(ctx context.Context, a *app.App) error {
		return a.DB.Write(ctx, func(tx *db.Tx) error {
			m, err := a.Post.Get(ctx, tx, id)
			if err != nil {
				return err
			}
			change(&m)
			_, err = a.Post.Save(ctx, tx, person.System, m, "")
			return err
		})
	})
}

func (d *desk) health(id int64) (h mailbox.Health) {
	d.Helper()
	d.beside(func(ctx context.Context, a *app.App) error {
		return a.DB.Read(ctx, func(tx *db.Tx) error {
			m, err := a.Post.Get(ctx, tx, id)
			h = m.Health
			return err
		})
	})
	return h
}

// unguarded lets one sender make as many tickets as they like, as tests do.
func unguarded(ctx context.Context, tx *db.Tx) error {
	p, err := mailbox.LoadProtection(ctx, tx)
	if err != nil {
		return err
	}
	p.Exempt = []string{"@elsewhere.test"}
	return mailbox.SaveProtection(ctx, tx, person.System, p, "")
}

// deliveries gives the fate of the mails of a ticket.
func (d *desk) deliveries(number int64) (all []mailbox.Delivery) {
	d.Helper()
	d.beside(func(ctx context.Context, a *app.App) error {
		return a.DB.Read(ctx, func(tx *db.Tx) (err error) {
			all, err = mailbox.Deliveries(ctx, tx, number)
			return err
		})
	})
	return all
}

// waitDelivery waits until the last mail of a ticket is as it should be.
func (d *desk) waitDelivery(number int64, limit time.Duration, fits func(mailbox.Delivery) bool) (last mailbox.Delivery) {
	d.Helper()
	wait(d, limit, "the mail has the fate that it should", func() error {
		all := d.deliveries(number)
		if len(all) == 0 {
			return fmt.Errorf("there is none")
		}
		if last = all[len(all)-1]; !fits(last) {
			return fmt.Errorf("it is %+v", last)
		}
		return nil
	})
	return last
}

// sound checks what the program left after its end: an intact database in which no mail waits, and all the
// files that its rows name, whole.
func (d *desk) sound() {
	d.Helper()
	type blob struct {
		SHA256 string `db:"sha256"`
		Size   int64
	}
	var files []blob
	d.beside(func(ctx context.Context, a *app.App) error {
		return a.DB.Read(ctx, func(tx *db.Tx) (err error) {
			if a.DB.Engine() == db.SQLite {
				for _, pragma := range []string{`PRAGMA integrity_check`, `PRAGMA foreign_key_check`} {
					found, err := db.All[string](ctx, tx, pragma)
					if err != nil {
						return err
					}
					if len(found) > 0 && found[0] != "ok" {
						return fmt.Errorf("%s: %q", pragma, found)
					}
				}
			}
			waiting, err := db.One[int64](ctx, tx, `SELECT count(*) FROM mail WHERE state = 'waiting'`)
			if err != nil || waiting != 0 {
				return fmt.Errorf("%d mails wait, %w", waiting, err)
			}
			files, err = db.All[blob](ctx, tx, `SELECT sha256, size FROM mail UNION SELECT sha256, size FROM attachment`)
			return err
		})
	})
	for _, f := range files {
		raw, err := os.ReadFile(filepath.Join(d.data, "blobs", f.SHA256[:2], f.SHA256))
		sum := sha256.Sum256(raw)
		if err != nil || int64(len(raw)) != f.Size || hex.EncodeToString(sum[:]) != f.SHA256 {
			d.Errorf("file %s of %d bytes: has %d, %v", f.SHA256, f.Size, len(raw), err)
		}
	}
}

const mailPassword = "sésame ouvre-toi"

// trust makes the program believe the servers' certificates.
func (d *desk) trust(all ...*certificate.Certificate) {
	d.Helper()
	var roots []byte
	for _, c := range all {
		raw, err := os.ReadFile(c.File)
		must(d, err)
		roots = append(roots, raw...)
	}
	path := filepath.Join(filepath.Dir(d.data), "roots.pem")
	must(d, os.WriteFile(path, roots, 0o644))
	d.env = append(d.env, "SSL_CERT_FILE="+path)
}

func receiving(s *dovecot.Server) mailbox.Receiving {
	return mailbox.Receiving{Host: s.Host, Port: s.IMAPSPort, Security: dial.TLS, User: helpAddress, Password: mailPassword}
}

func sending(s *postfix.Server) mailbox.Sending {
	return mailbox.Sending{Host: s.Host, Port: s.SubmissionPort, Security: dial.StartTLS, User: helpAddress, Password: mailPassword}
}

// users is who may sign in at the mail servers.
func users() map[string]string { return map[string]string{helpAddress: mailPassword} }

// startPostfix starts one that hands mail for the desk's domain to the desk's listener.
func startPostfix(t testing.TB, d *desk) *postfix.Server {
	t.Helper()
	return postfix.Start(t, postfix.Options{Domains: []string{"desk.example"}, LMTP: d.lmtp, Users: users()})
}
