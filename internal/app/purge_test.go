package app

import (
	"errors"
	"io/fs"
	"path/filepath"
	"testing"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// TestPurgeLeavesNothing throws every ticket of a lived-in desk away for longer than the trash keeps it: afterwards no table
// that points to tickets or messages holds anything of them, and no file is left that only they used.
func TestPurgeLeavesNothing(t *testing.T) {
	ctx := t.Context()
	a, err := OpenDemo(ctx, Config{Data: t.TempDir(), Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	by := ticket.By{Actor: person.System}
	check(a.DB.Write(ctx, func(tx *db.Tx) error {
		ids := must(db.All[int64](ctx, tx, `SELECT id FROM ticket WHERE merged_into IS NULL ORDER BY id`))
		open := must(db.All[int64](ctx, tx, `SELECT id FROM ticket WHERE is_open AND team_id = 1 ORDER BY id LIMIT 3`))
		must(a.Tickets.Merge(ctx, tx, by, open[0], open[1:]))
		must(a.Tickets.UndoMerge(ctx, tx, by, open[2]))
		box := must(db.One[int64](ctx, tx, `SELECT min(id) FROM mailbox`))
		must(tx.Exec(ctx, `INSERT INTO mail (mailbox_id, sha256, size, envelope_from, envelope_to, source, state, ticket_id, message_id, received_at)
			VALUES ($1, 'x', 1, '', '', 'lmtp', 'done', $2, (SELECT min(id) FROM message WHERE ticket_id = $2), 1)`, box, open[0]))
		must(tx.Exec(ctx, `INSERT INTO suggestion (ticket_id, kind, address, name, state, made_at) VALUES ($1, 'follower', 'a@b.example', '', 'open', 1)`, open[0]))
		must(tx.Exec(ctx, `INSERT INTO collector (person_id, ticket_id, since, last_at) VALUES ((SELECT min(id) FROM person), $1, 1, 1)`, open[0]))
		must(tx.Exec(ctx, `INSERT INTO form_sent (hash, ticket_id, sent_at) VALUES ($1, $2, 1)`, []byte("h"), open[0]))
		for _, id := range ids {
			if id == open[1] {
				continue // it goes with the one that it became part of
			}
			check(a.Tickets.Trash(ctx, tx, by, id))
		}
		return nil
	}))
	a.purgeNow(ctx)
	check(a.DB.Write(ctx, func(tx *db.Tx) error {
		if n := must(db.One[int](ctx, tx, `SELECT count(*) FROM ticket`)); n == 0 {
			t.Error("the trash was emptied at once")
		}
		must(tx.Exec(ctx, `UPDATE ticket SET trashed_at = $1 WHERE trashed_at <> 0`, tx.Now.Add(-ticket.TrashLife)))
		return nil
	}))
	a.purgeNow(ctx) // the tickets; their files are moved aside
	check(a.DB.Write(ctx, func(tx *db.Tx) error {
		for _, table := range must(db.All[string](ctx, tx, `SELECT m.name FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f."table" IN ('ticket', 'message', 'event') GROUP BY m.name`)) {
			where := ""
			switch table {
			case "form_sent", "whisper", "notice": // of what is no ticket's, such as a rota that is out
				where = " WHERE ticket_id IS NOT NULL"
			case "card": // it stays with whoever got it, without its ticket
				where = " WHERE ticket_id IS NOT NULL OR message_id IS NOT NULL"
			}
			if n := must(db.One[int](ctx, tx, `SELECT count(*) FROM `+table+where)); n > 0 {
				t.Errorf("%s still holds %d rows", table, n)
			}
		}
		if n := must(db.One[int](ctx, tx, `SELECT count(*) FROM search_index WHERE rowid < $1`, int64(1)<<61)); n > 0 {
			t.Errorf("%d texts can still be found", n)
		}
		must(tx.Exec(ctx, `UPDATE blob_gone SET retired_at = 1 WHERE retired_at > 0`))
		return nil
	}))
	a.purgeNow(ctx)
	check(filepath.WalkDir(filepath.Join(a.Config.Data, blobFolder), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			t.Errorf("the file %s is left", path)
		}
		return err
	}))
}

// TestFileOfOthersStays: of two tickets with the same file one is deleted for good; and what was moved aside comes back when
// somebody needs it.
func TestFileOfOthersStays(t *testing.T) {
	ctx := t.Context()
	s := seed(t)
	a := s.open(t)
	t.Cleanup(func() { a.Close() })
	by := ticket.By{Actor: person.System}
	var ref blob.Ref
	check(a.DB.Write(ctx, func(tx *db.Tx) error {
		must(tx.Exec(ctx, `DELETE FROM mail`))
		id := must(db.One[int64](ctx, tx, `SELECT min(id) FROM ticket`))
		ref.SHA256, ref.Size = must(db.One[string](ctx, tx, `SELECT sha256 FROM attachment WHERE ticket_id = $1`, id)), must(db.One[int64](ctx, tx, `SELECT size FROM attachment WHERE ticket_id = $1`, id))
		check(a.Tickets.Trash(ctx, tx, by, id))
		must(a.Tickets.Purge(ctx, tx, by, id))
		return nil
	}))
	a.purgeNow(ctx)
	if err := a.Blobs.Check(ctx, ref); err != nil {
		t.Fatalf("the file of the other ticket: %v", err)
	}
	check(a.Blobs.Retire(ref))
	if f, err := a.Blobs.Open(ref); err != nil {
		t.Errorf("a file that was moved aside: %v", err)
	} else {
		check(f.Close())
	}
	check(errors.Join(a.Blobs.Retire(ref), a.Blobs.Remove(ref)))
	if _, err := a.Blobs.Open(ref); err == nil {
		t.Error("a removed file can be opened")
	}
}
