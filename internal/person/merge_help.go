package person

import (
	"context"
	"errors"

	"goodturn/internal/db"
)

// takeHelp brings to kept what gone has as somebody who is asked for help, what they said that annoys, and their thank-you cards. Links that gone shared go on leading here; what both handed on
// stays with each, as it is no more than that.
func (m *moved) takeHelp(ctx context.Context, tx *db.Tx, kept, gone int64) (err error) {
	for _, part := range []struct {
		ids         *[]int64
		which, move string
	}{
		{&m.HelpLinks, `SELECT id FROM help_link WHERE person_id = $1 ORDER BY id`, `UPDATE help_link SET person_id = $1 WHERE person_id = $2`},
		{&m.HelpEntries, `SELECT id FROM help_entry WHERE person_id = $1 ORDER BY id`, `UPDATE help_entry SET person_id = $1 WHERE person_id = $2`},
		{&m.HelpShown, `SELECT id FROM help_shown WHERE person_id = $1 ORDER BY id`, `UPDATE help_shown SET person_id = $1 WHERE person_id = $2`},
		{&m.CardsFrom, `SELECT id FROM card WHERE from_id = $1 ORDER BY id`, `UPDATE card SET from_id = $1 WHERE from_id = $2`},
		{&m.CardsTo, `SELECT id FROM card WHERE to_id = $1 ORDER BY id`, `UPDATE card SET to_id = $1 WHERE to_id = $2`},
		{&m.Stints, `SELECT id FROM stint WHERE person_id = $1 ORDER BY id`, `UPDATE stint SET person_id = $1 WHERE person_id = $2`},
		{&m.Mentored, `SELECT id FROM stint WHERE mentor_id = $1 ORDER BY id`, `UPDATE stint SET mentor_id = $1 WHERE mentor_id = $2`},
		{&m.Whispers, `SELECT id FROM whisper WHERE from_id = $1 ORDER BY id`, `UPDATE whisper SET from_id = $1 WHERE from_id = $2`},
		{&m.Heard, `SELECT id FROM whisper WHERE mentor_id = $1 ORDER BY id`, `UPDATE whisper SET mentor_id = $1 WHERE mentor_id = $2`},
		{&m.Jobs, `SELECT id FROM person_job WHERE person_id = $1 ORDER BY id`, `UPDATE person_job SET person_id = $1 WHERE person_id = $2`},
		{&m.Papercuts, `SELECT id FROM papercut_tap WHERE person_id = $1 ORDER BY id`, `UPDATE papercut_tap SET person_id = $1 WHERE person_id = $2`},
	} {
		if *part.ids, err = db.All[int64](ctx, tx, part.which, gone); err != nil {
			return err
		}
		if _, err = tx.Exec(ctx, part.move, kept, gone); err != nil {
			return err
		}
	}
	if err = recountPapercuts(ctx, tx, kept); err != nil {
		return err
	}
	m.HandedOn, err = db.All[int64](ctx, tx, `SELECT id FROM handed_on h WHERE h.person_id = $1 AND NOT EXISTS (SELECT 1 FROM handed_on k WHERE k.ticket_id = h.ticket_id AND k.person_id = $2) ORDER BY id`, gone, kept)
	if err != nil {
		return err
	}
	for _, id := range m.HandedOn {
		if _, err = tx.Exec(ctx, `UPDATE handed_on SET person_id = $2 WHERE id = $1`, id, kept); err != nil {
			return err
		}
	}
	m.Invited, err = db.All[int64](ctx, tx, `SELECT id FROM stint_invite i WHERE i.person_id = $1 AND NOT EXISTS (SELECT 1 FROM stint_invite k WHERE k.stint_id = i.stint_id AND k.person_id = $2) ORDER BY id`, gone, kept)
	if err != nil {
		return err
	}
	for _, id := range m.Invited {
		if _, err = tx.Exec(ctx, `UPDATE stint_invite SET person_id = $2 WHERE id = $1`, id, kept); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `INSERT INTO help_reckoning (person_id, hourly, currency, monthly, week_minutes, counted)
		SELECT CAST($1 AS BIGINT), hourly, currency, monthly, week_minutes, counted FROM help_reckoning WHERE person_id = $2 ON CONFLICT (person_id) DO NOTHING`, kept, gone)
	return err
}

// giveHelp gives it back.
func (m *moved) giveHelp(ctx context.Context, tx *db.Tx, kept, gone int64) error {
	for _, part := range []struct {
		ids  []int64
		move string
	}{
		{m.HelpLinks, `UPDATE help_link SET person_id = $2 WHERE id = $1 AND person_id = $3`},
		{m.HelpEntries, `UPDATE help_entry SET person_id = $2 WHERE id = $1 AND person_id = $3`},
		{m.HelpShown, `UPDATE help_shown SET person_id = $2 WHERE id = $1 AND person_id = $3`},
		{m.CardsFrom, `UPDATE card SET from_id = $2 WHERE id = $1 AND from_id = $3`},
		{m.CardsTo, `UPDATE card SET to_id = $2 WHERE id = $1 AND to_id = $3`},
		{m.Stints, `UPDATE stint SET person_id = $2 WHERE id = $1 AND person_id = $3`},
		{m.Mentored, `UPDATE stint SET mentor_id = $2 WHERE id = $1 AND mentor_id = $3`},
		{m.Whispers, `UPDATE whisper SET from_id = $2 WHERE id = $1 AND from_id = $3`},
		{m.Heard, `UPDATE whisper SET mentor_id = $2 WHERE id = $1 AND mentor_id = $3`},
		{m.Jobs, `UPDATE person_job SET person_id = $2 WHERE id = $1 AND person_id = $3`},
		{m.Papercuts, `UPDATE papercut_tap SET person_id = $2 WHERE id = $1 AND person_id = $3`},
		{m.Invited, `UPDATE stint_invite SET person_id = $2 WHERE id = $1 AND person_id = $3`},
		{m.HandedOn, `UPDATE handed_on SET person_id = $2 WHERE id = $1 AND person_id = $3`},
	} {
		for _, id := range part.ids {
			if _, err := tx.Exec(ctx, part.move, id, gone, kept); err != nil {
				return err
			}
		}
	}
	return errors.Join(recountPapercuts(ctx, tx, kept), recountPapercuts(ctx, tx, gone))
}

// recountPapercuts has what somebody said counted anew, by and by: two who are one count once.
func recountPapercuts(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.Exec(ctx, `UPDATE papercut SET recount_at = $2 WHERE id IN (SELECT papercut_id FROM papercut_tap WHERE person_id = $1)`, id, tx.Now)
	return err
}
