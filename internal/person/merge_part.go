package person

import (
	"context"

	"goodturn/internal/db"
)

// part is a column that names a person, and goes over with them when they are merged. which gives the keys, as text, of the rows of $1 that go over to $2: where both
// have what there is once of, each keeps their own. move gives the row of key $1 to $2, if it is $3's.
type part struct{ name, which, move string }

// parts are what people have beside what takeOver, takeHelp and takeShifts move. A test reads the store for columns that are neither here nor said to stay.
var parts = []part{
	{
		"absence.person_id", `SELECT CAST(id AS TEXT) FROM absence WHERE person_id = $1 AND person_id <> $2 ORDER BY id`,
		`UPDATE absence SET person_id = $2 WHERE person_id = $3 AND CAST(id AS TEXT) = $1`,
	},
	{
		"absence.deputy_id", `SELECT CAST(id AS TEXT) FROM absence WHERE deputy_id = $1 AND deputy_id <> $2 ORDER BY id`,
		`UPDATE absence SET deputy_id = $2 WHERE deputy_id = $3 AND CAST(id AS TEXT) = $1`,
	},
	{
		"article.owner_id", `SELECT CAST(id AS TEXT) FROM article WHERE owner_id = $1 AND owner_id <> $2 ORDER BY id`,
		`UPDATE article SET owner_id = $2 WHERE owner_id = $3 AND CAST(id AS TEXT) = $1`,
	},
	{
		"gap.owner_id", `SELECT CAST(id AS TEXT) FROM gap WHERE owner_id = $1 AND owner_id <> $2 ORDER BY id`,
		`UPDATE gap SET owner_id = $2 WHERE owner_id = $3 AND CAST(id AS TEXT) = $1`,
	},
	{
		"macro.owner_id", `SELECT CAST(id AS TEXT) FROM macro WHERE owner_id = $1 AND owner_id <> $2 ORDER BY id`,
		`UPDATE macro SET owner_id = $2 WHERE owner_id = $3 AND CAST(id AS TEXT) = $1`,
	},
	{
		"saved_view.owner_id", `SELECT CAST(id AS TEXT) FROM saved_view WHERE owner_id = $1 AND owner_id <> $2 ORDER BY id`,
		`UPDATE saved_view SET owner_id = $2 WHERE owner_id = $3 AND CAST(id AS TEXT) = $1`,
	},
	{
		"rule.owner_id", `SELECT CAST(id AS TEXT) FROM rule WHERE owner_id = $1 AND owner_id <> $2 ORDER BY id`,
		`UPDATE rule SET owner_id = $2 WHERE owner_id = $3 AND CAST(id AS TEXT) = $1`,
	},
	{
		"draft.asked_id", `SELECT CAST(id AS TEXT) FROM draft WHERE asked_id = $1 AND asked_id <> $2 ORDER BY id`,
		`UPDATE draft SET asked_id = $2 WHERE asked_id = $3 AND CAST(id AS TEXT) = $1`,
	},
	{
		"bulk.person_id", `SELECT CAST(id AS TEXT) FROM bulk WHERE person_id = $1 AND person_id <> $2 ORDER BY id`,
		`UPDATE bulk SET person_id = $2 WHERE person_id = $3 AND CAST(id AS TEXT) = $1`,
	},
	{
		"rota_proposal.person_id", `SELECT CAST(id AS TEXT) FROM rota_proposal WHERE person_id = $1 AND person_id <> $2 ORDER BY id`,
		`UPDATE rota_proposal SET person_id = $2 WHERE person_id = $3 AND CAST(id AS TEXT) = $1`,
	},
	{
		"shift_cover.asker_id", `SELECT CAST(id AS TEXT) FROM shift_cover WHERE asker_id = $1 AND asker_id <> $2 ORDER BY id`,
		`UPDATE shift_cover SET asker_id = $2 WHERE asker_id = $3 AND CAST(id AS TEXT) = $1`,
	},
	{
		"shift_cover.taker_id", `SELECT CAST(id AS TEXT) FROM shift_cover WHERE taker_id = $1 AND taker_id <> $2 ORDER BY id`,
		`UPDATE shift_cover SET taker_id = $2 WHERE taker_id = $3 AND CAST(id AS TEXT) = $1`,
	},
	{
		"shift_swap.asker_id", `SELECT CAST(id AS TEXT) FROM shift_swap WHERE asker_id = $1 AND asker_id <> $2 ORDER BY id`,
		`UPDATE shift_swap SET asker_id = $2 WHERE asker_id = $3 AND CAST(id AS TEXT) = $1`,
	},
	{
		"shift_swap.other_id", `SELECT CAST(id AS TEXT) FROM shift_swap WHERE other_id = $1 AND other_id <> $2 ORDER BY id`,
		`UPDATE shift_swap SET other_id = $2 WHERE other_id = $3 AND CAST(id AS TEXT) = $1`,
	},
	{
		"stint_sign_off.by_id", `SELECT CAST(id AS TEXT) FROM stint_sign_off WHERE by_id = $1 AND by_id <> $2 ORDER BY id`,
		`UPDATE stint_sign_off SET by_id = $2 WHERE by_id = $3 AND CAST(id AS TEXT) = $1`,
	},
	{
		"debrief.decider_id", `SELECT CAST(stint_id AS TEXT) FROM debrief WHERE decider_id = $1 AND decider_id <> $2 ORDER BY stint_id`,
		`UPDATE debrief SET decider_id = $2 WHERE decider_id = $3 AND CAST(stint_id AS TEXT) = $1`,
	},
	{
		"fix_ask.person_id", `SELECT CAST(ticket_id AS TEXT) FROM fix_ask WHERE person_id = $1 AND person_id <> $2 ORDER BY ticket_id`,
		`UPDATE fix_ask SET person_id = $2 WHERE person_id = $3 AND CAST(ticket_id AS TEXT) = $1`,
	},
	{
		"live_chat.agent_id", `SELECT CAST(ticket_id AS TEXT) FROM live_chat WHERE agent_id = $1 AND agent_id <> $2 ORDER BY ticket_id`,
		`UPDATE live_chat SET agent_id = $2 WHERE agent_id = $3 AND CAST(ticket_id AS TEXT) = $1`,
	},
	{
		"unclaimed.asked_id", `SELECT CAST(ticket_id AS TEXT) FROM unclaimed WHERE asked_id = $1 AND asked_id <> $2 ORDER BY ticket_id`,
		`UPDATE unclaimed SET asked_id = $2 WHERE asked_id = $3 AND CAST(ticket_id AS TEXT) = $1`,
	},
	{
		"answer_address.person_id", `SELECT CAST(g.ticket_id AS TEXT) FROM answer_address g WHERE g.person_id = $1 AND NOT EXISTS (SELECT 1 FROM answer_address k WHERE k.person_id = $2 AND k.ticket_id = g.ticket_id) ORDER BY g.ticket_id`,
		`UPDATE answer_address SET person_id = $2 WHERE person_id = $3 AND CAST(ticket_id AS TEXT) = $1`,
	},
	{
		"offer.person_id", `SELECT CAST(g.ticket_id AS TEXT) FROM offer g WHERE g.person_id = $1 AND NOT EXISTS (SELECT 1 FROM offer k WHERE k.person_id = $2 AND k.ticket_id = g.ticket_id) ORDER BY g.ticket_id`,
		`UPDATE offer SET person_id = $2 WHERE person_id = $3 AND CAST(ticket_id AS TEXT) = $1`,
	},
	{
		"ticket_grant.person_id", `SELECT CAST(g.ticket_id AS TEXT) FROM ticket_grant g WHERE g.person_id = $1 AND NOT EXISTS (SELECT 1 FROM ticket_grant k WHERE k.person_id = $2 AND k.ticket_id = g.ticket_id) ORDER BY g.ticket_id`,
		`UPDATE ticket_grant SET person_id = $2 WHERE person_id = $3 AND CAST(ticket_id AS TEXT) = $1`,
	},
	{
		"outage_person.person_id", `SELECT CAST(g.outage_id AS TEXT) FROM outage_person g WHERE g.person_id = $1 AND NOT EXISTS (SELECT 1 FROM outage_person k WHERE k.person_id = $2 AND k.outage_id = g.outage_id) ORDER BY g.outage_id`,
		`UPDATE outage_person SET person_id = $2 WHERE person_id = $3 AND CAST(outage_id AS TEXT) = $1`,
	},
	{
		"outage_told.person_id", `SELECT CAST(g.update_id AS TEXT) FROM outage_told g WHERE g.person_id = $1 AND NOT EXISTS (SELECT 1 FROM outage_told k WHERE k.person_id = $2 AND k.update_id = g.update_id) ORDER BY g.update_id`,
		`UPDATE outage_told SET person_id = $2 WHERE person_id = $3 AND CAST(update_id AS TEXT) = $1`,
	},
	{
		"papercut_asked.person_id", `SELECT CAST(g.papercut_id AS TEXT) FROM papercut_asked g WHERE g.person_id = $1 AND NOT EXISTS (SELECT 1 FROM papercut_asked k WHERE k.person_id = $2 AND k.papercut_id = g.papercut_id) ORDER BY g.papercut_id`,
		`UPDATE papercut_asked SET person_id = $2 WHERE person_id = $3 AND CAST(papercut_id AS TEXT) = $1`,
	},
	{
		"person_tag.person_id", `SELECT CAST(g.tag AS TEXT) FROM person_tag g WHERE g.person_id = $1 AND NOT EXISTS (SELECT 1 FROM person_tag k WHERE k.person_id = $2 AND k.tag = g.tag) ORDER BY g.tag`,
		`UPDATE person_tag SET person_id = $2 WHERE person_id = $3 AND CAST(tag AS TEXT) = $1`,
	},
	{
		"rota_wish.person_id", `SELECT CAST(g.part AS TEXT) FROM rota_wish g WHERE g.person_id = $1 AND NOT EXISTS (SELECT 1 FROM rota_wish k WHERE k.person_id = $2 AND k.part = g.part) ORDER BY g.part`,
		`UPDATE rota_wish SET person_id = $2 WHERE person_id = $3 AND CAST(part AS TEXT) = $1`,
	},
	{
		"stint_excuse.person_id", `SELECT CAST(g.policy_id AS TEXT) FROM stint_excuse g WHERE g.person_id = $1 AND NOT EXISTS (SELECT 1 FROM stint_excuse k WHERE k.person_id = $2 AND k.policy_id = g.policy_id) ORDER BY g.policy_id`,
		`UPDATE stint_excuse SET person_id = $2 WHERE person_id = $3 AND CAST(policy_id AS TEXT) = $1`,
	},
	{
		"gap_follower.person_id", `SELECT CAST(g.gap_id AS TEXT) FROM gap_follower g WHERE g.person_id = $1 AND NOT EXISTS (SELECT 1 FROM gap_follower k WHERE k.person_id = $2 AND k.gap_id = g.gap_id) ORDER BY g.gap_id`,
		`UPDATE gap_follower SET person_id = $2 WHERE person_id = $3 AND CAST(gap_id AS TEXT) = $1`,
	},
	{
		"team_member.person_id", `SELECT CAST(g.team_id AS TEXT) FROM team_member g JOIN person p ON p.id = $2 AND p.role <> 'requester' WHERE g.person_id = $1 AND NOT EXISTS (SELECT 1 FROM team_member k WHERE k.person_id = $2 AND k.team_id = g.team_id) ORDER BY g.team_id`,
		`UPDATE team_member SET person_id = $2 WHERE person_id = $3 AND CAST(team_id AS TEXT) = $1`,
	},
	{
		"team_share.person_id", `SELECT CAST(g.team_id AS TEXT) FROM team_share g JOIN person p ON p.id = $2 AND p.role <> 'requester' WHERE g.person_id = $1 AND NOT EXISTS (SELECT 1 FROM team_share k WHERE k.person_id = $2 AND k.team_id = g.team_id) ORDER BY g.team_id`,
		`UPDATE team_share SET person_id = $2 WHERE person_id = $3 AND CAST(team_id AS TEXT) = $1`,
	},
	{
		"ticket.assignee_id", `SELECT CAST(t.id AS TEXT) FROM ticket t JOIN person p ON p.id = $2 AND p.role <> 'requester' WHERE t.assignee_id = $1 ORDER BY t.id`,
		`UPDATE ticket SET assignee_id = $2 WHERE assignee_id = $3 AND CAST(id AS TEXT) = $1`,
	},
	{
		"draft.person_id", `SELECT CAST(g.id AS TEXT) FROM draft g WHERE g.person_id = $1 AND NOT EXISTS (SELECT 1 FROM draft k WHERE k.person_id = $2 AND k.ticket_id = g.ticket_id AND k.internal = g.internal) ORDER BY g.id`,
		`UPDATE draft SET person_id = $2 WHERE person_id = $3 AND CAST(id AS TEXT) = $1`,
	},
	{
		"notice.person_id", `SELECT CAST(g.id AS TEXT) FROM notice g WHERE g.person_id = $1 AND NOT EXISTS (SELECT 1 FROM notice k WHERE k.person_id = $2 AND coalesce(k.ticket_id, 0) = coalesce(g.ticket_id, 0) AND k.kind = g.kind AND k.topic = g.topic AND k.read_at = 0 AND g.read_at = 0) ORDER BY g.id`,
		`UPDATE notice SET person_id = $2 WHERE person_id = $3 AND CAST(id AS TEXT) = $1`,
	},
	{
		"article_unsaved.person_id", `SELECT CAST(g.id AS TEXT) FROM article_unsaved g WHERE g.person_id = $1 AND NOT EXISTS (SELECT 1 FROM article_unsaved k WHERE k.person_id = $2 AND coalesce(k.article_id, 0) = coalesce(g.article_id, 0) AND (k.article_id IS NULL AND k.key = g.key OR k.article_id IS NOT NULL AND k.language = g.language)) ORDER BY g.id`,
		`UPDATE article_unsaved SET person_id = $2 WHERE person_id = $3 AND CAST(id AS TEXT) = $1`,
	},
	{
		"papercut_told.person_id", `SELECT CAST(g.papercut_id AS TEXT) || ' ' || CAST(g.gone_at AS TEXT) FROM papercut_told g WHERE g.person_id = $1 AND NOT EXISTS (SELECT 1 FROM papercut_told k WHERE k.person_id = $2 AND k.papercut_id = g.papercut_id AND k.gone_at = g.gone_at) ORDER BY g.papercut_id`,
		`UPDATE papercut_told SET person_id = $2 WHERE person_id = $3 AND CAST(papercut_id AS TEXT) || ' ' || CAST(gone_at AS TEXT) = $1`,
	},
	{
		"desk_guest.person_id", `SELECT '' FROM desk_guest g WHERE g.person_id = $1 AND NOT EXISTS (SELECT 1 FROM desk_guest k WHERE k.person_id = $2)`,
		`UPDATE desk_guest SET person_id = $2 WHERE person_id = $3 AND CAST($1 AS TEXT) = ''`,
	},
	{
		"stint_mentor.person_id", `SELECT '' FROM stint_mentor g WHERE g.person_id = $1 AND NOT EXISTS (SELECT 1 FROM stint_mentor k WHERE k.person_id = $2)`,
		`UPDATE stint_mentor SET person_id = $2 WHERE person_id = $3 AND CAST($1 AS TEXT) = ''`,
	},
	{
		"rota_person.id", `SELECT '' FROM rota_person g WHERE g.id = $1 AND NOT EXISTS (SELECT 1 FROM rota_person k WHERE k.id = $2)`,
		`UPDATE rota_person SET id = $2 WHERE id = $3 AND CAST($1 AS TEXT) = ''`,
	},
	{
		"helper.id", `SELECT '' FROM helper g WHERE g.id = $1 AND NOT EXISTS (SELECT 1 FROM helper k WHERE k.id = $2)`,
		`UPDATE helper SET id = $2 WHERE id = $3 AND CAST($1 AS TEXT) = ''`,
	},
	{
		"live_chat_taker.person_id", `SELECT '' FROM live_chat_taker g WHERE g.person_id = $1 AND NOT EXISTS (SELECT 1 FROM live_chat_taker k WHERE k.person_id = $2)`,
		`UPDATE live_chat_taker SET person_id = $2 WHERE person_id = $3 AND CAST($1 AS TEXT) = ''`,
	},
	{
		"papercut_quiet.person_id", `SELECT '' FROM papercut_quiet g WHERE g.person_id = $1 AND NOT EXISTS (SELECT 1 FROM papercut_quiet k WHERE k.person_id = $2)`,
		`UPDATE papercut_quiet SET person_id = $2 WHERE person_id = $3 AND CAST($1 AS TEXT) = ''`,
	},
	{
		"primer_reader.person_id", `SELECT '' FROM primer_reader g WHERE g.person_id = $1 AND NOT EXISTS (SELECT 1 FROM primer_reader k WHERE k.person_id = $2)`,
		`UPDATE primer_reader SET person_id = $2 WHERE person_id = $3 AND CAST($1 AS TEXT) = ''`,
	},
	{
		"weekly_mail.person_id", `SELECT '' FROM weekly_mail g WHERE g.person_id = $1 AND NOT EXISTS (SELECT 1 FROM weekly_mail k WHERE k.person_id = $2)`,
		`UPDATE weekly_mail SET person_id = $2 WHERE person_id = $3 AND CAST($1 AS TEXT) = ''`,
	},
}

// takeParts brings to kept what gone has; m.Parts says what that was.
func (m *moved) takeParts(ctx context.Context, tx *db.Tx, kept, gone int64) error {
	m.Parts = map[string][]string{}
	for _, p := range parts {
		keys, err := db.All[string](ctx, tx, p.which, gone, kept)
		if err != nil {
			return err
		}
		for _, key := range keys {
			if _, err := tx.Exec(ctx, p.move, key, kept, gone); err != nil {
				return err
			}
		}
		if len(keys) > 0 {
			m.Parts[p.name] = keys
		}
	}
	return nil
}

// giveParts gives it back.
func (m *moved) giveParts(ctx context.Context, tx *db.Tx, kept, gone int64) error {
	for _, p := range parts {
		for _, key := range m.Parts[p.name] {
			if _, err := tx.Exec(ctx, p.move, key, gone, kept); err != nil {
				return err
			}
		}
	}
	return nil
}
