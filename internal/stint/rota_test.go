package stint_test

import (
	"context"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/stint"
)

func when(day, hour int) clock.Instant {
	return clock.From(time.Date(2026, 11, day, hour, 0, 0, 0, time.UTC))
}

// TestTheRotaCounts holds that a mentor is proposed for hours on their shift alone, as far as the rota is published, and that what was published since is seen to.
func TestTheRotaCounts(t *testing.T) {
	each(t, func(f *fixture) {
		p := f.policy()
		var jonas person.Actor
		var s stint.Stint
		f.write(func(ctx context.Context, tx *db.Tx) error {
			jonas = f.person(ctx, tx, "Jonas Weber", person.Agent)
			return stint.SetMentor(ctx, tx, jonas, true)
		})
		// Until Friday 27 November the rota is known. Amara is on the late shift of Tuesday 24, which is too short for four hours; Jonas on that of Wednesday, in two parts.
		f.rota = stint.Rota{Until: when(27, 17), Shifts: map[int64][]stint.Span{
			f.mentor.ID: {{From: when(24, 14), Until: when(24, 17)}, {From: when(27, 9), Until: when(27, 17)}},
			jonas.ID:    {{From: when(25, 12), Until: when(25, 14)}, {From: when(25, 14), Until: when(25, 19)}},
		}}
		f.write(func(ctx context.Context, tx *db.Tx) (err error) {
			s, err = f.keeper.Propose(ctx, tx, f.lead, p, f.dev.ID)
			return err
		})
		if want := when(25, 12).Add(30 * time.Minute); s.FromAt != want || s.MentorID != jonas.ID {
			t.Errorf("from %v beside %d", s.FromAt.Time(), s.MentorID)
		}
		f.write(func(ctx context.Context, tx *db.Tx) error {
			f.must(f.keeper.Invite(ctx, tx, f.lead, s.ID))
			f.must(f.keeper.Agree(ctx, tx, f.dev, s.ID))
			if err := f.keeper.Move(ctx, tx, f.dev, s.ID, when(26, 9)); !fault.Is(err, fault.KindConflict) {
				t.Errorf("onto a day without a mentor on shift: %v", err)
			}
			f.must(f.keeper.Move(ctx, tx, f.dev, s.ID, when(30, 9))) // after what is known
			return f.keeper.Move(ctx, tx, f.dev, s.ID, when(27, 10))
		})
		if now := f.stint(s.ID); now.MentorID != f.mentor.ID {
			t.Errorf("beside %d", now.MentorID)
		}
		// The rota changes: a day before, who is on shift then is beside them.
		f.rota.Shifts = map[int64][]stint.Span{jonas.ID: {{From: when(27, 8), Until: when(27, 18)}}}
		f.at = when(26, 10)
		f.must(f.keeper.Sweep(t.Context()))
		if now := f.stint(s.ID); now.MentorID != jonas.ID || now.RemindedAt == 0 {
			t.Errorf("a day before: %+v", now)
		}
	})
}

// TestHowFarAGuestMoves holds the last day that a guest may choose, and that a date of somebody who is away is not proposed.
func TestHowFarAGuestMoves(t *testing.T) {
	each(t, func(f *fixture) {
		f.keeper.Away = func(_ context.Context, _ *db.Tx, personID int64, from, until clock.Instant) (bool, error) {
			return personID == f.dev.ID && from < when(26, 0) || personID == f.mentor.ID && from < when(27, 0), nil
		}
		s := f.invited()
		if first := when(27, 9).Add(30 * time.Minute); s.FromAt != first {
			t.Fatalf("from %v", s.FromAt.Time())
		}
		f.write(func(ctx context.Context, tx *db.Tx) error {
			latest, err := f.keeper.Latest(ctx, tx, s)
			if latest != s.FromAt.Add(60*24*time.Hour) {
				t.Errorf("until %v, %v", latest.Time(), err)
			}
			f.must(f.keeper.Move(ctx, tx, f.dev, s.ID, s.FromAt.Add(35*24*time.Hour-30*time.Minute)))
			far := s.FromAt.Add(63 * 24 * time.Hour)
			err = f.keeper.Move(ctx, tx, f.dev, s.ID, far) // it does not creep
			if x, ok := fault.Of(err); !ok || x.Kind != fault.KindInvalid || x.Fields[0].Name != "from" {
				t.Errorf("too far: %v", err)
			}
			f.must(f.keeper.Move(ctx, tx, f.lead, s.ID, far))
			if latest, err = f.keeper.Latest(ctx, tx, s); latest != far.Add(60*24*time.Hour) {
				t.Errorf("from what was planned anew until %v", latest.Time())
			}
			return err
		})
	})
}
