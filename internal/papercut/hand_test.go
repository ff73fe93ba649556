package papercut_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/httpout"
	"goodturn/internal/papercut"
)

// handings gives what came of handing a papercut on, the newest first.
func (f *fixture) handings(id int64) (all []papercut.Handing) {
	f.Helper()
	f.read(func(tx *db.Tx) (err error) {
		all, err = papercut.Handings(f.Context(), tx, id)
		return err
	})
	return all
}

func (f *fixture) handOn(id, tracker int64, form string) {
	f.Helper()
	f.write(func(tx *db.Tx) error {
		return f.book.HandOn(f.Context(), tx, f.amara, id, tracker, "Twelve said so.", form)
	})
}

func TestHandedOnByWebhook(t *testing.T) {
	each(t, func(f *fixture) {
		var calls []http.Header
		var bodies []string
		status, answer := http.StatusServiceUnavailable, "later"
		plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			raw, _ := io.ReadAll(r.Body)
			calls, bodies = append(calls, r.Header), append(bodies, string(raw))
			w.WriteHeader(status)
			_, _ = io.WriteString(w, answer)
		}))
		defer plain.Close()
		f.book.Out = httpout.New(httpout.Config{Allow: func(a netip.AddrPort) bool { return strings.HasSuffix(plain.URL, a.String()) }})
		var tracker papercut.Tracker
		var key string
		f.write(func(tx *db.Tx) (err error) {
			if tracker, err = f.book.AddTracker(f.Context(), tx, f.lena, "Intranet", "https://tracker.example/in?key=hidden"); err != nil {
				return err
			}
			key, err = f.book.Secret(f.Context(), tx, f.lena, tracker.ID)
			f.want("what an agent may read of the key", must(f.book.Secret(f.Context(), tx, f.amara, tracker.ID)), "")
			return err
		})
		f.want("shown", tracker.Host, "tracker.example")
		f.write(func(tx *db.Tx) error { // an address that would be refused
			sealed, err := json.Marshal(map[string]string{"address": plain.URL, "secret": key})
			check(err)
			_, err = tx.Exec(f.Context(), `UPDATE papercut_tracker SET sealed = $2 WHERE id = $1`, tracker.ID, f.book.Key.Seal("papercut tracker "+itoa(tracker.ID), sealed))
			return err
		})
		id := f.says(f.hana, timesheet).ID
		for range 2 {
			f.handOn(id, tracker.ID, "a form that is sent twice")
		}
		f.drain()
		h := f.handings(id)
		f.want("handed on once", len(h), 1)
		f.want("calls", len(calls), 1)
		f.want("state", h[0].State, papercut.Waiting)
		f.want("tried again", h[0].NextAt, f.at.Add(10*time.Second))
		f.want("what was answered", strings.Contains(h[0].Answer, "503 Service Unavailable: later"), true)
		f.want("handed on", f.get(id).State, papercut.HandedOn)
		status, answer = http.StatusCreated, `{"url":"https://tracker.example/42"}`
		f.at = f.at.Add(time.Minute)
		f.drain()
		h = f.handings(id)
		f.want("state", h[0].State, papercut.Sent)
		f.want("where it stands", h[0].Link, "https://tracker.example/42")
		f.want("the same call", calls[0].Get("Webhook-Id"), calls[1].Get("Webhook-Id"))
		last := calls[1]
		f.want("signature", last.Get("Webhook-Signature"), key+last.Get("Webhook-Id")+last.Get("Webhook-Timestamp")+bodies[1])
		var body struct {
			Type string
			Data struct {
				Title, Text, URL string
				People           int
			}
		}
		check(json.Unmarshal([]byte(bodies[1]), &body))
		f.want("body", body.Type+" "+body.Data.Title+" "+body.Data.Text+" "+body.Data.URL, "papercut.handed_on "+timesheet+" Twelve said so. https://desk.example/papercuts/"+itoa(id))
		f.want("no name in it", strings.Contains(bodies[1], "hana"), false)

		status = http.StatusGone
		f.handOn(id, tracker.ID, "")
		f.drain()
		f.want("gone for good", f.handings(id)[0].State, papercut.Failed)
		status = http.StatusOK
		f.write(func(tx *db.Tx) error { return f.book.Retry(f.Context(), tx, f.amara, id, f.handings(id)[0].ID) })
		f.drain()
		f.want("tried by hand", f.handings(id)[0].State, papercut.Sent)
	})
}

func TestHandedOnByMail(t *testing.T) {
	each(t, func(f *fixture) {
		var tracker papercut.Tracker
		f.write(func(tx *db.Tx) (err error) {
			tracker, err = f.book.AddTracker(f.Context(), tx, f.lena, "Intranet", "Intranet@dev.example")
			return err
		})
		id := f.says(f.hana, timesheet).ID
		f.sendError = errors.New("no server")
		f.handOn(id, tracker.ID, "")
		for range 20 {
			f.drain()
			f.at = f.at.Add(time.Hour)
		}
		f.want("tries", len(f.sent), 8)
		f.want("state", f.handings(id)[0].State, papercut.Failed)
		f.sendError = nil
		f.write(func(tx *db.Tx) error { return f.book.RemoveTracker(f.Context(), tx, f.lena, tracker.ID) })
		f.write(func(tx *db.Tx) error { return f.book.Retry(f.Context(), tx, f.amara, id, f.handings(id)[0].ID) })
		f.drain()
		f.want("nothing goes to what was removed", len(f.sent), 8)
		f.want("to", strings.HasPrefix(f.sent[0], "intranet@dev.example|"+timesheet+"|Twelve said so."), true)
	})
}

func TestTrackersThatCannotBe(t *testing.T) {
	each(t, func(f *fixture) {
		for _, address := range []string{"", "http://tracker.example/in", "https://127.0.0.1/in", "https://localhost/in", "ftp://x", "not an address"} {
			f.refused(fault.KindInvalid, func(tx *db.Tx) error {
				_, err := f.book.AddTracker(f.Context(), tx, f.lena, "x", address)
				return err
			})
		}
		f.refused(fault.KindDenied, func(tx *db.Tx) error {
			_, err := f.book.AddTracker(f.Context(), tx, f.amara, "x", "a@dev.example")
			return err
		})
	})
}
