package ticket_test

import (
	"context"
	"strconv"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

func TestMentioning(t *testing.T) {
	people := []person.Person{{ID: 1, Name: "Amara Okafor"}, {ID: 2, Name: "Amara Lind"}, {ID: 3, Name: "Jonas Petersen"}}
	for text, want := range map[string]string{
		"@Jonas can you look": "3", "thanks @jonas petersen.": "3", "(@Amara Okafor)": "1", "@Amara": "", "mail jonas@jonas.example": "", "@Jonasson": "", "a@Jonas": "",
		"@Amara Lind and @Jonas": "23", "@": "", "@@Jonas": "3",
	} {
		got := ""
		for _, p := range ticket.Mentioning(text, people) {
			got += string(rune('0' + p.ID))
		}
		if got != want {
			t.Errorf("%q names %q, want %q", text, got, want)
		}
	}
}

func TestWhoIsMentionedIsOnTheSpine(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		told := func(id int64) (out []string) {
			f.write(func(tx *db.Tx) (err error) {
				out, err = db.All[string](context.Background(), tx, `SELECT to_value FROM event WHERE ticket_id = $1 AND what = $2`, id, ticket.Mentioned)
				return err
			})
			return out
		}
		x := f.create("The printer. @Jonas")
		f.write(func(tx *db.Tx) error {
			_, err := f.desk.Note(t.Context(), tx, by(f.amara), x.ID, ticket.Draft{Text: "@Jonas Lind the drum again, @Amara Okafor knows"})
			return err
		})
		if got := told(x.ID); len(got) != 1 || got[0] != strconv.FormatInt(f.jonas.ID, 10) {
			t.Fatalf("told are %v", got)
		}
		f.write(func(tx *db.Tx) error { return f.desk.MoveTo(t.Context(), tx, by(f.jonas), x.ID, f.private) })
		f.write(func(tx *db.Tx) error {
			_, err := f.desk.Note(t.Context(), tx, by(f.jonas), x.ID, ticket.Draft{Text: "@Amara must not know"})
			return err
		})
		if got := told(x.ID); len(got) != 1 {
			t.Errorf("somebody outside of the private team is told: %v", got)
		}
	})
}
