package stint_test

import (
	"context"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/draft"
	"goodturn/internal/fault"
	"goodturn/internal/gap"
	"goodturn/internal/person"
	"goodturn/internal/redact"
	"goodturn/internal/stint"
	"goodturn/internal/ticket"
)

// TestSendAfterReview holds that exactly what the mentor said yes to goes out, and only while all is as it was.
func TestSendAfterReview(t *testing.T) {
	each(t, func(f *fixture) {
		asked := f.ask("Printer prints half pages", "The printer prints half pages.", f.team)
		place := draft.Place{TicketID: asked.ID}
		var s stint.Stint
		var me person.Actor
		save := func(ctx context.Context, tx *db.Tx, text string) (d draft.Draft) {
			d, err := draft.Save(ctx, tx, me, place, draft.Content{Text: text, Writer: "turn"})
			f.must(err)
			return d
		}
		// refused tells that it cannot be sent, and that nothing went out; what was done in between is rolled back.
		refused := func(what string, kind fault.Kind, version int64, do func(ctx context.Context, tx *db.Tx)) {
			t.Helper()
			err := f.db.Write(t.Context(), func(tx *db.Tx) error {
				if do != nil {
					do(t.Context(), tx)
				}
				return f.keeper.Send(t.Context(), tx, me, asked.ID, version)
			})
			if !fault.Is(err, kind) {
				t.Errorf("%s: %v", what, err)
			}
		}
		f.write(func(ctx context.Context, tx *db.Tx) (err error) {
			_, err = f.keeper.Apprentice(ctx, tx, f.lead, f.team, f.dev.ID, f.mentor.ID)
			f.must(err)
			s, err = stint.Now(ctx, tx, f.dev.ID)
			f.must(err)
			f.must(f.keeper.SetStage(ctx, tx, f.mentor, s.ID, stint.Drafts, ""))
			f.must(f.desk.Assign(ctx, tx, ticket.By{Actor: f.mentor}, asked.ID, f.mentor.ID))
			return f.keeper.Lend(ctx, tx, f.mentor, s.ID, asked.ID)
		})
		var d draft.Draft
		f.write(func(ctx context.Context, tx *db.Tx) error {
			me = f.actor(ctx, tx, f.dev.ID)
			d = save(ctx, tx, "Set the tray to A4.")
			f.must(f.keeper.HandOn(ctx, tx, me, asked.ID, ""))
			if err := f.keeper.Approve(ctx, tx, f.mentor, s.ID, asked.ID, d.Version); !fault.Is(err, fault.KindConflict) {
				t.Errorf("a yes in the stage of drafts: %v", err)
			}
			return f.keeper.SetStage(ctx, tx, f.mentor, s.ID, stint.Review, "You write well")
		})
		refused("without a yes", fault.KindConflict, d.Version, nil)
		f.write(func(ctx context.Context, tx *db.Tx) error {
			if err := f.keeper.Approve(ctx, tx, f.lead, s.ID, asked.ID, d.Version); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("somebody else says yes: %v", err)
			}
			if err := f.keeper.Approve(ctx, tx, f.mentor, s.ID, asked.ID, d.Version-1); !fault.Is(err, fault.KindConflict) {
				t.Errorf("yes to what was there before: %v", err)
			}
			return f.keeper.Approve(ctx, tx, f.mentor, s.ID, asked.ID, d.Version)
		})
		refused("a change after the yes", fault.KindConflict, d.Version+1, func(ctx context.Context, tx *db.Tx) { save(ctx, tx, "Set it yourself.") })
		refused("changed and changed back", fault.KindConflict, d.Version, func(ctx context.Context, tx *db.Tx) {
			save(ctx, tx, "Set it yourself.")
			save(ctx, tx, "Set the tray to A4.")
		})
		refused("text beside the versions", fault.KindConflict, d.Version, func(ctx context.Context, tx *db.Tx) {
			_, err := tx.Exec(ctx, `UPDATE draft SET text = 'Else' WHERE id = $1`, d.ID)
			f.must(err)
		})
		refused("another version on the page", fault.KindConflict, d.Version-1, nil)
		refused("taken back", fault.KindNotFound, d.Version, func(ctx context.Context, tx *db.Tx) { f.must(f.keeper.GiveBack(ctx, tx, f.mentor, s.ID, asked.ID)) })
		refused("private by now", fault.KindNotFound, d.Version, func(ctx context.Context, tx *db.Tx) {
			f.must(f.desk.MoveTo(ctx, tx, ticket.By{Actor: f.mentor}, asked.ID, f.payroll))
		})
		refused("no guest any more", fault.KindNotFound, d.Version, func(ctx context.Context, tx *db.Tx) { f.must(f.keeper.Finish(ctx, tx, me, s.ID)) })
		refused("a step back", fault.KindConflict, d.Version, func(ctx context.Context, tx *db.Tx) {
			f.must(f.keeper.SetStage(ctx, tx, me, s.ID, stint.Drafts, ""))
		})
		refused("the mentor left", fault.KindConflict, d.Version, func(ctx context.Context, tx *db.Tx) {
			_, err := tx.Exec(ctx, `UPDATE person SET role = 'requester' WHERE id = $1`, f.mentor.ID)
			f.must(err)
		})
		refused("another mentor", fault.KindConflict, d.Version, func(ctx context.Context, tx *db.Tx) {
			_, err := tx.Exec(ctx, `UPDATE stint SET mentor_id = $2 WHERE id = $1`, s.ID, f.lead.ID)
			f.must(err)
		})
		f.write(func(ctx context.Context, tx *db.Tx) error {
			held, err := stint.HeldBy(ctx, tx, s)
			if err != nil || len(held) != 1 || !held[0].Approved || held[0].Asked {
				t.Errorf("held: %+v, %v", held, err)
			}
			if n, err := db.One[int](ctx, tx, `SELECT count(*) FROM message WHERE ticket_id = $1 AND NOT inbound`, asked.ID); err != nil || n != 0 {
				t.Errorf("%d answers, %v", n, err)
			}
			f.must(f.keeper.Send(ctx, tx, me, asked.ID, d.Version))
			type sent struct {
				AuthorID int64
				Text     string
			}
			all, err := db.All[sent](ctx, tx, `SELECT author_id, text FROM message WHERE ticket_id = $1 AND NOT inbound AND NOT internal`, asked.ID)
			if err != nil || len(all) != 1 || all[0].AuthorID != me.ID || all[0].Text != "Set the tray to A4." {
				t.Errorf("sent %+v, %v", all, err)
			}
			told, err := db.All[string](ctx, tx, `SELECT cause FROM event WHERE ticket_id = $1 AND what = $2 AND person_id = $3`, asked.ID, ticket.Messaged, f.mentor.ID)
			if err != nil || len(told) != 1 || told[0] != stint.CauseReview {
				t.Errorf("on the spine %q, %v", told, err)
			}
			return nil
		})
		refused("twice", fault.KindConflict, d.Version, nil)
	})
}

// TestReadingAlongFollows holds that whoever reads along has what the mentor has now, and that their page is told of each message.
func TestReadingAlongFollows(t *testing.T) {
	each(t, func(f *fixture) {
		asked := f.ask("Printer prints half pages", "The printer prints half pages.", f.team)
		var s stint.Stint
		f.write(func(ctx context.Context, tx *db.Tx) (err error) {
			_, err = f.keeper.Apprentice(ctx, tx, f.lead, f.team, f.dev.ID, f.mentor.ID)
			f.must(err)
			s, err = stint.Now(ctx, tx, f.dev.ID)
			return err
		})
		heard := make(chan int64, 100)
		f.db.Listen(func(name string, id int64) {
			if name == stint.Signal {
				heard <- id
			}
		})
		holds := func(want bool) {
			t.Helper()
			f.write(func(ctx context.Context, tx *db.Tx) error {
				a := f.actor(ctx, tx, f.dev.ID)
				if _, err := stint.Read(ctx, tx, a, asked.ID, redact.English); (err == nil) != want {
					t.Errorf("reads along: %v", err)
				}
				held, err := stint.HeldBy(ctx, tx, s)
				if (len(held) == 1) != want {
					t.Errorf("held %+v", held)
				}
				return err
			})
		}
		holds(false)
		f.write(func(ctx context.Context, tx *db.Tx) error {
			return f.desk.Assign(ctx, tx, ticket.By{Actor: f.mentor}, asked.ID, f.mentor.ID)
		})
		holds(true)
		for len(heard) > 0 {
			<-heard
		}
		f.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := f.desk.Note(ctx, tx, ticket.By{Actor: f.mentor}, asked.ID, ticket.Draft{Text: "A note among us"})
			return err
		})
		if len(heard) != 0 {
			t.Error("a guest's page hears of notes")
		}
		f.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := f.desk.Reply(ctx, tx, ticket.By{Actor: f.mentor}, asked.ID, ticket.Draft{Text: "Set the tray to A4"}, "")
			return err
		})
		if len(heard) == 0 || <-heard != f.dev.ID {
			t.Error("a guest's page hears of no answer")
		}
		f.write(func(ctx context.Context, tx *db.Tx) error {
			return f.desk.Assign(ctx, tx, ticket.By{Actor: f.mentor}, asked.ID, f.lead.ID)
		})
		holds(false)
	})
}

// TestWhatShouldBeWritten holds that it becomes a gap, that both who said it follow it, and that they are told once readers have it.
func TestWhatShouldBeWritten(t *testing.T) {
	each(t, func(f *fixture) {
		s := f.runs()
		gaps := &gap.Keeper{DB: f.db}
		var told [][]int64
		gaps.Written = func(_ context.Context, _ *db.Tx, g gap.Gap, people []int64) error {
			told = append(told, people)
			return nil
		}
		var id int64
		f.write(func(ctx context.Context, tx *db.Tx) error {
			f.must(f.keeper.Debrief(ctx, tx, f.dev, s.ID, stint.Debrief{Saw: "Trays.", Points: []stint.Point{{Kind: stint.Unwritten, Text: "How to set the tray, \n and where it is"}}}))
			said, _, err := stint.DebriefOf(ctx, tx, s.ID)
			f.must(err)
			if len(said.Points) != 1 || said.Points[0].GapID == 0 || said.Points[0].TicketID != 0 {
				t.Fatalf("%+v", said)
			}
			id = said.Points[0].GapID
			again, err := gap.Say(ctx, tx, f.customer.ID, "how to set the Tray, and where it is")
			f.must(err)
			all, err := gap.All(ctx, tx, gap.List{Kind: gap.Said, Size: 10})
			if err != nil || again != id || len(all) != 1 || !strings.HasPrefix(all[0].Label, "How to set the tray, and") {
				t.Errorf("%+v, %d and %d, %v", all, id, again, err)
			}
			sayings, err := gap.Sayings(ctx, tx, id)
			if len(sayings) != 2 {
				t.Errorf("%+v", sayings)
			}
			return err
		})
		f.must(gaps.Sweep(t.Context()))
		if len(told) != 0 {
			t.Fatalf("told before it is written: %v", told)
		}
		f.write(func(ctx context.Context, tx *db.Tx) error {
			article, err := db.One[int64](ctx, tx, `SELECT min(id) FROM article`)
			f.must(err)
			return gap.Answered(ctx, tx, f.lead, id, article)
		})
		f.must(gaps.Sweep(t.Context()))
		f.must(gaps.Sweep(t.Context()))
		if len(told) != 1 || len(told[0]) != 2 {
			t.Errorf("told %v", told)
		}
	})
}
