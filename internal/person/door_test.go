package person_test

import (
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/secret"
)

const password = "correct horse battery staple"

type house struct {
	*testing.T
	d    *db.DB
	door *person.Door
	hana person.Person
}

func build(t *testing.T, d *db.DB) *house {
	key, err := secret.OpenKey(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{T: t, d: d, door: &person.Door{DB: d, Key: key, Log: slog.New(slog.DiscardHandler)}}
	h.write(func(tx *db.Tx) (err error) {
		h.hana, err = person.Create(t.Context(), tx, person.New{Name: "Hana Sato", Addresses: []string{"Hana@Example.com"}, Role: person.Agent})
		return err
	})
	if err := h.door.SetPassword(t.Context(), h.hana.ID, password); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) write(fn func(tx *db.Tx) error) {
	h.Helper()
	if err := h.d.Write(h.Context(), fn); err != nil {
		h.Fatal(err)
	}
}

func TestPassword(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		ctx := t.Context()
		if id, wanted, err := h.door.Password(ctx, " HANA@example.com ", password, "1.2.3.4"); err != nil || wanted || id != h.hana.ID {
			t.Fatalf("the right password gives %d, %v, %v", id, wanted, err)
		}
		_, _, wrong := h.door.Password(ctx, "hana@example.com", "other", "1.2.3.4")
		_, _, unknown := h.door.Password(ctx, "nobody@example.com", "other", "1.2.3.4")
		if wrong == nil || unknown == nil || wrong.Error() != unknown.Error() || !fault.Is(wrong, fault.KindInvalid) {
			t.Errorf("a wrong password says %v, an unknown address %v", wrong, unknown)
		}
		for range 12 {
			_, _, wrong = h.door.Password(ctx, "hana@example.com", "other", "1.2.3.4")
		}
		if !fault.Is(wrong, fault.KindLimited) {
			t.Errorf("after many tries: %v", wrong)
		}
		if _, _, err := h.door.Password(ctx, "hana@example.com", password, "1.2.3.4"); !fault.Is(err, fault.KindLimited) {
			t.Errorf("the limit lets the right password through at once: %v", err)
		}
		h.write(func(tx *db.Tx) error { // a quarter of an hour later
			_, err := tx.Exec(ctx, `UPDATE attempt SET since = since - $1`, (16 * time.Minute).Milliseconds())
			return err
		})
		if _, _, err := h.door.Password(ctx, "hana@example.com", password, "1.2.3.4"); err != nil {
			t.Errorf("the limit never ends: %v", err)
		}
	})
}

func TestLinkIsUsedOnceInItsOwnBrowser(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		ctx := t.Context()
		mine, other := secret.Hash("my browser"), secret.Hash("other browser")
		var token string
		h.write(func(tx *db.Tx) (err error) {
			token, err = person.NewLink(ctx, tx, h.hana.ID, mine, "//evil.example/x")
			return err
		})
		use := func(token string, browser []byte) (next string, err error) {
			err = d.Write(ctx, func(tx *db.Tx) (err error) {
				_, next, err = person.UseLink(ctx, tx, token, browser, "")
				return err
			})
			return next, err
		}
		if _, err := use(token, other); !errors.Is(err, person.ErrOtherBrowser) {
			t.Errorf("another browser: %v", err)
		}
		if next, err := use(token, mine); err != nil || next != "" {
			t.Errorf("the own browser: next %q, %v", next, err)
		}
		if _, err := use(token, mine); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a second time: %v", err)
		}
		h.write(func(tx *db.Tx) (err error) {
			if token, err = person.NewLink(ctx, tx, h.hana.ID, mine, "/tickets"); err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `UPDATE sign_in_link SET expires_at = $1`, tx.Now.Add(-time.Second))
			return err
		})
		if _, err := use(token, mine); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("too late: %v", err)
		}
		if id, err := h.door.WantLink(ctx, "nobody@example.com", ""); id != 0 || err != nil {
			t.Errorf("an unknown address gives %d, %v", id, err)
		}
	})
}

func TestTokenCarriesAndNarrowsRights(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		ctx := t.Context()
		var full, narrow string
		me := person.Actor{ID: h.hana.ID}
		h.write(func(tx *db.Tx) (err error) {
			if full, err = person.CreateToken(ctx, tx, me, person.Token{PersonID: h.hana.ID, Name: "full"}, time.Hour, ""); err != nil {
				return err
			}
			narrow, err = person.CreateToken(ctx, tx, me, person.Token{PersonID: h.hana.ID, Name: "narrow", Role: person.Requester, ReadOnly: true}, time.Hour, "")
			return err
		})
		h.write(func(tx *db.Tx) error {
			a, known, err := person.TokenActor(ctx, tx, full)
			if err != nil || !person.Can(a, person.ChangeTicket, person.Thing{}) {
				t.Errorf("the full token: %+v, %v", a, err)
			}
			b, _, err := person.TokenActor(ctx, tx, narrow)
			if err != nil || person.Can(b, person.UseDesk, person.Thing{}) || person.Can(b, person.CreateTicket, person.Thing{}) || !person.Can(b, person.ListOwn, person.Thing{}) {
				t.Errorf("the narrow token: %+v, %v", b, err)
			}
			return person.RevokeToken(ctx, tx, me, known.ID, "")
		})
		h.write(func(tx *db.Tx) error {
			for _, bad := range []string{full, "", "gt_guess", strings.ToUpper(narrow)} {
				if _, _, err := person.TokenActor(ctx, tx, bad); !fault.Is(err, fault.KindSignIn) {
					t.Errorf("token %.6q is taken: %v", bad, err)
				}
			}
			return nil
		})
		h.write(func(tx *db.Tx) error {
			inactive := false
			boss := must(person.Create(ctx, tx, person.New{Name: "Boss", Addresses: []string{"boss@example.com"}, Role: person.Administrator}))
			if err := person.Update(ctx, tx, boss.ID, person.Change{Active: &inactive}); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("the last administrator can be switched off: %v", err)
			}
			if err := person.Update(ctx, tx, h.hana.ID, person.Change{Active: &inactive}); err != nil {
				return err
			}
			if _, _, err := person.TokenActor(ctx, tx, narrow); !fault.Is(err, fault.KindSignIn) {
				t.Errorf("somebody who is not active has a token: %v", err)
			}
			return nil
		})
	})
}

func TestMergeAndBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		ctx := t.Context()
		h.write(func(tx *db.Tx) error {
			a := must(person.Create(ctx, tx, person.New{Name: "Ingrid Holm", Addresses: []string{"ingrid@example.com"}, Role: person.Requester}))
			b := must(person.Create(ctx, tx, person.New{Name: "I. Holm", Addresses: []string{"ih@example.net", "holm@example.net"}, Role: person.Requester}))
			by := person.Actor{ID: h.hana.ID, Role: person.Agent}
			if _, err := person.MergeInto(ctx, tx, by, a.ID, a.ID, ""); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("somebody can be merged into themselves: %v", err)
			}
			id := must(person.MergeInto(ctx, tx, by, a.ID, b.ID, ""))
			if p := must(person.FindByAddress(ctx, tx, "ih@example.net")); p.ID != a.ID || p.Address != "ingrid@example.com" {
				t.Errorf("the address leads to %+v", p)
			}
			if found := must(person.Find(ctx, tx, "holm", 10)); len(found) != 1 || found[0].ID != a.ID {
				t.Errorf("search finds %+v", found)
			}
			if err := person.UndoMerge(ctx, tx, by, id, ""); err != nil {
				return err
			}
			if p := must(person.FindByAddress(ctx, tx, "holm@example.net")); p.ID != b.ID || p.Address != "ih@example.net" {
				t.Errorf("after the undo the address leads to %+v", p)
			}
			if err := person.UndoMerge(ctx, tx, by, id, ""); !fault.Is(err, fault.KindConflict) {
				t.Errorf("a merge can be undone twice: %v", err)
			}
			return nil
		})
	})
}

func TestAddresses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		ctx := t.Context()
		for _, bad := range []string{"", "hana", "a@", "@b.c", "a b@c.de", "a@b.c\nBcc: x@y.z", "<a@b.c>", "a@[1.2.3.4]", strings.Repeat("x", 65) + "@b.de"} {
			if person.ValidAddress(bad) {
				t.Errorf("%q is taken for an address", bad)
			}
		}
		for _, good := range []string{"a@b.de", "o'brien+x@sub.example.com", "grüße@bücher.example", "root@localhost"} {
			if !person.ValidAddress(good) {
				t.Errorf("%q is refused", good)
			}
		}
		err := d.Write(ctx, func(tx *db.Tx) error { return person.AddAddress(ctx, tx, h.hana.ID, "HANA@example.com") })
		if !fault.Is(err, fault.KindInvalid) {
			t.Errorf("one address twice: %v", err)
		}
		h.write(func(tx *db.Tx) error {
			id := must(person.SaveOrganisation(ctx, tx, person.Organisation{Name: "Tidewater", Domains: []string{"@Tide.example", ""}}))
			p := must(person.ByAddress(ctx, tx, person.Contact{Address: "x@mail.tide.example"}))
			if p.OrganisationID != id || p.Name != "x" || p.Role != person.Requester {
				t.Errorf("made %+v", p)
			}
			return nil
		})
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
