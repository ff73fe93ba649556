package handoff_test

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/handoff"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/ticket"
)

// office is two firms, with Jo whom everybody asks.
type office struct {
	*testing.T
	db            *db.DB
	desk          *ticket.Desk
	keeper        *handoff.Keeper
	jo, hana, zoe person.Person // zoe is of another firm
	told          []string      // paths of the letters
}

func newOffice(t *testing.T, d *db.DB) *office {
	t.Helper()
	key, err := secret.NewSigner(bytes.Repeat([]byte("k"), 32))
	if err != nil {
		t.Fatal(err)
	}
	o := &office{T: t, db: d, desk: &ticket.Desk{}}
	o.keeper = &handoff.Keeper{Key: key, Desk: o.desk, Letter: func(_ context.Context, _ *db.Tx, _ handoff.Handed, path string) error {
		o.told = append(o.told, path)
		return nil
	}}
	o.write(func(ctx context.Context, tx *db.Tx) error {
		if _, err := person.SaveTeam(ctx, tx, person.Team{Slug: "desk", Name: "Desk"}); err != nil {
			return err
		}
		for _, firm := range []string{"acme", "other"} {
			if _, err := person.SaveOrganisation(ctx, tx, person.Organisation{Name: firm, Domains: []string{firm + ".example"}}); err != nil {
				return err
			}
		}
		for who, address := range map[*person.Person]string{&o.jo: "jo@acme.example", &o.hana: "hana@acme.example", &o.zoe: "zoe@other.example"} {
			name, _, _ := strings.Cut(address, "@")
			if *who, err = person.Create(ctx, tx, person.New{Name: name, Addresses: []string{address}, Role: person.Requester, Verified: true}); err != nil {
				return err
			}
		}
		return nil
	})
	return o
}

func each(t *testing.T, test func(o *office)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(newOffice(t, d)) })
}

func (o *office) write(fn func(ctx context.Context, tx *db.Tx) error) {
	o.Helper()
	if err := o.db.Write(o.Context(), func(tx *db.Tx) error { return fn(o.Context(), tx) }); err != nil {
		o.Fatal(err)
	}
}

// asks makes a request that Jo handed on, and gives the token of the page that Jo is told of.
func (o *office) asks(who person.Person) (number int64, token string) {
	o.Helper()
	o.write(func(ctx context.Context, tx *db.Tx) error {
		o.told = nil
		t, err := o.desk.Create(ctx, tx, ticket.By{Actor: person.System}, ticket.New{Subject: "Printer", Requester: who.ID, Channel: ticket.ByForm, Message: ticket.Draft{Text: "Half pages."}})
		if err != nil {
			return err
		}
		number = t.ID
		return o.keeper.Receive(ctx, tx, t, o.jo.ID, handoff.ByLink)
	})
	if len(o.told) != 1 {
		o.Fatalf("told %v", o.told)
	}
	return number, strings.TrimPrefix(o.told[0], "/handed/")
}

func (o *office) state(token string) (s handoff.State) {
	o.Helper()
	o.write(func(ctx context.Context, tx *db.Tx) (err error) {
		s, err = o.keeper.Handed(ctx, tx, token)
		return err
	})
	return s
}

func TestALinkIsSharedRenewedAndEnded(t *testing.T) {
	each(t, func(o *office) {
		finds := func(token string) bool {
			found := false
			o.write(func(ctx context.Context, tx *db.Tx) error {
				who, err := o.keeper.Helper(ctx, tx, token)
				if fault.Is(err, fault.KindNotFound) {
					return nil
				}
				found = who.ID == o.jo.ID
				return err
			})
			return found
		}
		var first, again, second, third handoff.Link
		o.write(func(ctx context.Context, tx *db.Tx) (err error) {
			if first, err = o.keeper.SwitchOn(ctx, tx, o.jo.ID); err == nil {
				again, err = o.keeper.SwitchOn(ctx, tx, o.jo.ID)
			}
			return err
		})
		if first != again || !regexp.MustCompile(`^([b-z][aiou]){2}[b-z](-([b-z][aiou]){2}[b-z]){3}$`).MatchString(first.Token) {
			o.Errorf("%+v, then %+v", first, again)
		}
		for typed, good := range map[string]bool{
			first.Token: true, strings.ToUpper(first.Token): true, strings.ReplaceAll(first.Token, "-", " "): true, strings.ReplaceAll(first.Token, "-", ""): true,
			first.Token[:len(first.Token)-1]: false, first.Token + "a": false, "babab-babab-babab-babab": false, "": false, "%00": false, strings.Repeat("b", 200): false,
		} {
			if finds(typed) != good {
				o.Errorf("%q: found is %v", typed, !good)
			}
		}
		o.write(func(ctx context.Context, tx *db.Tx) (err error) {
			second, err = o.keeper.Renew(ctx, tx, o.jo.ID)
			return err
		})
		if finds(first.Token) || !finds(second.Token) {
			o.Error("renewed, the old link is good or the new one is not")
		}
		o.write(func(ctx context.Context, tx *db.Tx) (err error) {
			if err = o.keeper.SwitchOff(ctx, tx, o.jo.ID); err == nil {
				third, err = o.keeper.LinkOf(ctx, tx, o.jo.ID)
			}
			return err
		})
		if finds(second.Token) || third.ID != 0 {
			o.Errorf("switched off, there is %+v", third)
		}
	})
}

func TestWhoHandsOnIsToldAndReadsNothing(t *testing.T) {
	each(t, func(o *office) {
		number, token := o.asks(o.hana)
		s := o.state(token)
		if s.Ticket.ID != number || s.Helper.ID != o.jo.ID || s.Follows || !s.MayFollow || s.Solved || s.Asker != "hana" {
			o.Errorf("%+v", s)
		}
		o.write(func(ctx context.Context, tx *db.Tx) error {
			events, err := ticket.Events(ctx, tx, number)
			if last := events[len(events)-1]; last.What != ticket.HandedOn || last.PersonID != o.jo.ID || last.Cause != mailbox.CauseHandedOn {
				o.Errorf("event %+v", last)
			}
			if err != nil {
				return err
			}
			jo, err := person.ActorOf(ctx, tx, o.jo.ID)
			if err != nil {
				return err
			}
			if _, err := ticket.Get(ctx, tx, jo, person.SeeOwn, number); !fault.Is(err, fault.KindNotFound) && !fault.Is(err, fault.KindDenied) {
				o.Errorf("Jo reads along without having asked to: %v", err)
			}
			if err := o.keeper.Choose(ctx, tx, s, handoff.Stay); err != nil {
				return err
			}
			_, err = ticket.Get(ctx, tx, jo, person.SeeOwn, number)
			return err
		})
		if s = o.state(token); !s.Follows || s.Answer != handoff.Stay {
			o.Errorf("%+v", s)
		}
		o.write(func(ctx context.Context, tx *db.Tx) error {
			if err := o.keeper.Choose(ctx, tx, s, handoff.LetGo); err != nil {
				return err
			}
			return o.keeper.Receive(ctx, tx, s.Ticket, o.jo.ID, handoff.ByLink) // once more: nobody is told twice
		})
		if s = o.state(token); s.Follows || s.Answer != handoff.LetGo || len(o.told) != 1 {
			o.Errorf("%+v, told %v", s, o.told)
		}
	})
}

func TestAcrossOrganisationsNobodyReadsAlong(t *testing.T) {
	each(t, func(o *office) {
		_, token := o.asks(o.zoe)
		s := o.state(token)
		if s.MayFollow || s.Asker != "" {
			o.Errorf("%+v", s)
		}
		err := o.db.Write(o.Context(), func(tx *db.Tx) error { return o.keeper.Choose(o.Context(), tx, s, handoff.Stay) })
		if !fault.Is(err, fault.KindDenied) {
			o.Errorf("choosing gave %v", err)
		}
	})
}

func TestForgedAndOldPagesAreOver(t *testing.T) {
	each(t, func(o *office) {
		_, token := o.asks(o.hana)
		over := func(token string) bool {
			err := o.db.Read(o.Context(), func(tx *db.Tx) error {
				_, err := o.keeper.Handed(o.Context(), tx, token)
				return err
			})
			return fault.Is(err, fault.KindNotFound)
		}
		id, tag, _ := strings.Cut(token, ".")
		for _, forged := range []string{"", ".", id, id + ".", id + "." + strings.Repeat("a", 20), "0" + token, "9" + token, id + "." + tag[:19], token + "a", "-" + token, "\x00" + token} {
			if !over(forged) {
				o.Errorf("%q opens", forged)
			}
		}
		if over(token) {
			o.Error("the page is over at once")
		}
		o.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE handed_on SET at = $1`, tx.Now.Add(-handoff.AskedFor))
			return err
		})
		if !over(token) {
			o.Error("the page is still there after thirty days")
		}
	})
}
