package person

import (
	"context"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// erased is what goes with somebody who is erased, for $1: what is about them, or theirs alone. What they did for others stays and names nobody. A test reads the store for
// columns that are neither here, nor dropped by a feature, nor said to stay.
var erased = []string{
	`DELETE FROM absence WHERE person_id = $1`,
	`UPDATE absence SET deputy_id = NULL WHERE deputy_id = $1`,
	`DELETE FROM access_link WHERE person_id = $1`,
	`DELETE FROM answer_address WHERE person_id = $1`,
	`DELETE FROM article_unsaved WHERE person_id = $1`,
	`UPDATE article SET owner_id = NULL WHERE owner_id = $1`,
	`DELETE FROM chat_hook WHERE person_id = $1`,
	`DELETE FROM collector WHERE person_id = $1`,
	`DELETE FROM desk_guest WHERE person_id = $1`,
	`UPDATE debrief SET decider_id = NULL WHERE decider_id = $1`,
	`UPDATE draft SET asked_id = NULL, shared = FALSE WHERE asked_id = $1`,
	`DELETE FROM fix_ask WHERE person_id = $1`,
	`DELETE FROM follower WHERE person_id = $1`,
	`UPDATE gap SET owner_id = NULL WHERE owner_id = $1`,
	`DELETE FROM gap_follower WHERE person_id = $1`,
	`DELETE FROM handed_on WHERE person_id = $1`,
	`DELETE FROM help_entry WHERE person_id = $1`,
	`DELETE FROM help_link WHERE person_id = $1`,
	`DELETE FROM help_reckoning WHERE person_id = $1`,
	`DELETE FROM help_shown WHERE person_id = $1`,
	`DELETE FROM helper WHERE id = $1`,
	`DELETE FROM idempotency WHERE person_id = $1`,
	`DELETE FROM letter WHERE person_id = $1`,
	`UPDATE live_chat SET agent_id = NULL WHERE agent_id = $1 AND state = 'ended'`,
	`DELETE FROM live_chat_taker WHERE person_id = $1`,
	`UPDATE macro SET removed_at = changed_at + 1 WHERE owner_id = $1 AND scope = 'own' AND removed_at = 0`,
	`DELETE FROM notice WHERE person_id = $1`,
	`UPDATE notice SET by_id = NULL WHERE by_id = $1`,
	`DELETE FROM notice_pace WHERE person_id = $1`,
	`DELETE FROM offer WHERE person_id = $1`,
	`DELETE FROM outage_person WHERE person_id = $1`,
	`DELETE FROM outage_told WHERE person_id = $1`,
	`DELETE FROM papercut_asked WHERE person_id = $1`,
	`DELETE FROM papercut_quiet WHERE person_id = $1`,
	`UPDATE papercut_tap SET person_id = NULL WHERE person_id = $1`,
	`UPDATE papercut_tap SET by_id = NULL WHERE by_id = $1`,
	`DELETE FROM papercut_told WHERE person_id = $1`,
	`DELETE FROM person_address WHERE person_id = $1`,
	`DELETE FROM person_job WHERE person_id = $1`,
	`DELETE FROM person_note WHERE person_id = $1`,
	`DELETE FROM person_preference WHERE person_id = $1`,
	`DELETE FROM person_tag WHERE person_id = $1`,
	`DELETE FROM person_visit WHERE person_id = $1`,
	`DELETE FROM primer_reader WHERE person_id = $1`,
	`DELETE FROM rota_person WHERE id = $1`,
	`DELETE FROM rota_wish WHERE person_id = $1`,
	`DELETE FROM rule_trial WHERE person_id = $1`,
	`DELETE FROM saved_view WHERE owner_id = $1 AND NOT shared`,
	`DELETE FROM session WHERE person_id = $1`,
	`DELETE FROM shift_cover_ask WHERE person_id = $1`,
	`DELETE FROM shift_invite WHERE person_id = $1`,
	`UPDATE shift_swap SET note = '' WHERE asker_id = $1`,
	`DELETE FROM sign_in_link WHERE person_id = $1`,
	`DELETE FROM stint_excuse WHERE person_id = $1`,
	`DELETE FROM stint_invite WHERE person_id = $1`,
	`DELETE FROM stint_mentor WHERE person_id = $1`,
	`DELETE FROM team_member WHERE person_id = $1`,
	`DELETE FROM team_share WHERE person_id = $1`,
	`DELETE FROM ticket_grant WHERE person_id = $1`,
	`DELETE FROM ticket_read WHERE person_id = $1`,
	`DELETE FROM token WHERE person_id = $1`,
	`DELETE FROM weekly_mail WHERE person_id = $1`,
	`UPDATE unclaimed SET asked_id = NULL WHERE asked_id = $1`,
	`UPDATE person_merge SET moved = '{}', undone_at = CASE WHEN undone_at = 0 THEN merged_at + 1 ELSE undone_at END WHERE kept_id = $1 OR gone_id = $1`,
	`UPDATE audit SET remote = '' WHERE person_id = $1`,
	`UPDATE person SET role = 'requester', language = '', zone = '', organisation_id = NULL, password = '', totp_secret = '', active = FALSE WHERE id = $1`,
}

// Erase takes away for good who somebody was: their name, addresses and ways in, what is known about them, and what is theirs alone. So it does with who was merged into
// them. What they did at the desk stays, under the name given, such as "somebody who was erased", which others have too. features do theirs first, in their order, while the
// person is there still. Only administrators may, and nobody themselves.
func Erase(ctx context.Context, tx *db.Tx, by Actor, id int64, name, remote string, features ...func(ctx context.Context, tx *db.Tx, id int64) error) error {
	if err := tx.Lock(ctx, "person", id); err != nil {
		return err
	}
	p, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	switch {
	case by.ReadOnly || !Can(by, Administer, Thing{}):
		return fault.Denied(i18n.M("Only an administrator can erase somebody."))
	case p.ID == by.ID:
		return fault.Conflict(i18n.M("This is your own record. Another administrator can erase it."))
	case p.MergedInto != 0:
		return fault.Conflict(i18n.M("This record is a part of another one. Please open that one."))
	}
	p.Active = false
	if err := keepAnAdministrator(ctx, tx, p); err != nil {
		return err
	}
	all, err := withMerged(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, id := range all {
		for _, drop := range features {
			if err := drop(ctx, tx, id); err != nil {
				return err
			}
		}
		if err := erase(ctx, tx, id, name); err != nil {
			return err
		}
	}
	return Audit(ctx, tx, by, "person erased", "person "+strconv.FormatInt(id, 10), "", remote)
}

// withMerged is somebody with all who became part of them.
func withMerged(ctx context.Context, tx *db.Tx, id int64) ([]int64, error) {
	all := []int64{id}
	for i := 0; i < len(all); i++ {
		gone, err := db.All[int64](ctx, tx, `SELECT id FROM person WHERE merged_into = $1 ORDER BY id`, all[i])
		if err != nil {
			return nil, err
		}
		all = append(all, gone...)
	}
	return all, nil
}

func erase(ctx context.Context, tx *db.Tx, id int64, name string) error {
	if _, err := tx.Exec(ctx, `UPDATE papercut SET recount_at = $2 WHERE id IN (SELECT papercut_id FROM papercut_tap WHERE person_id = $1)`, id, tx.Now); err != nil {
		return err
	}
	for _, query := range erased {
		if _, err := tx.Exec(ctx, query, id); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE audit SET detail = '' WHERE thing = $1`, "person "+strconv.FormatInt(id, 10)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE person SET name = $2 WHERE id = $1`, id, strings.TrimSpace(name)); err != nil {
		return err
	}
	tx.Signal(RightsChanged, id)
	return index(ctx, tx, id)
}
