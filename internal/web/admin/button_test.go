package admin_test

import (
	"context"
	"strconv"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/person"
)

func TestLiveChatsAreSetWithTheButton(t *testing.T) {
	each(t, func(s *stage) {
		var private, open int64
		s.write(func(ctx context.Context, tx *db.Tx) (err error) {
			if open, err = person.SaveTeam(ctx, tx, person.Team{Slug: "workplace", Name: "Workplace"}); err == nil {
				private, err = person.SaveTeam(ctx, tx, person.Team{Slug: "payroll-2", Name: "Payroll two", Private: true})
			}
			return err
		})
		s.get("/admin/button").sound().says("Live chat", "where tickets usually go", "Workplace").saysNot("Payroll two")
		s.post("/admin/button", "chat", "1", "chat_team", strconv.FormatInt(open, 10), "chat_wait", "5", "chat_silence", "20").done("Saved")
		s.get("/admin/button").sound().says("Workplace")
		s.post("/admin/button", "chat", "1", "chat_team", "0", "chat_wait", "0", "chat_silence", "20").refused("f-chat_wait", "from 1 to 120")
		s.post("/admin/button", "chat", "1", "chat_team", "0", "chat_wait", "5", "chat_silence", "soon").refused("f-chat_silence", "from 1 to 120", "soon")
		s.post("/admin/button", "chat", "1", "chat_team", strconv.FormatInt(private, 10), "chat_wait", "5", "chat_silence", "20").refused("f-chat_team", "choose one of the teams")
		s.post("/admin/button", "chat", "1", "chat_team", "4711", "chat_wait", "5", "chat_silence", "20").refused("f-chat_team", "choose one of the teams")
		s.post("/admin/button", "chat", "1").done("Saved") // what is empty is the usual
	})
}
