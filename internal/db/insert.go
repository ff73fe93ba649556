package db

import (
	"context"
	"strings"
)

// insertChunk is how many rows go into one statement: enough to make round trips cheap, and few distinct
// texts to prepare.
const insertChunk = 50

// InsertRows inserts many rows, few statements. into is the table with its columns, "event (ticket_id,
// at)"; every row has a value for each column.
func InsertRows(ctx context.Context, tx *Tx, into string, rows [][]any) error {
	for len(rows) > 0 {
		n := insertChunk
		if len(rows) < n {
			n = 1 // the rest one by one, so that the texts stay two
		}
		var args Args
		values := make([]string, n)
		for i, row := range rows[:n] {
			values[i] = "(" + List(&args, row) + ")"
		}
		if _, err := tx.Exec(ctx, "INSERT INTO "+into+" VALUES "+strings.Join(values, ", "), args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}
