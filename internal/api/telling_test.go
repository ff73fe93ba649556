package api

import (
	"strings"
	"testing"
	"time"
)

func TestTelling(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		path, _ := k.ticket("amara", m{})
		note := k.call("amara", "POST", path+"/notes", m{"text": "Secret toner"}).is(201)
		by := time.Now().Add(time.Hour).UTC().Truncate(time.Second).Format(time.RFC3339)
		r := k.call("amara", "POST", path+"/tellings", m{"text": "Most likely the drum.", "note": note.at("id"), "news_by": by}).is(201)
		r.equal("Most likely the drum.", "tellings", 0, "text")
		if !strings.HasPrefix(r.text("news_by"), strings.TrimSuffix(by, "Z")) {
			t.Errorf("news by %s, not %s", r.text("news_by"), by)
		}
		k.call("amara", "GET", path+"/tellings", nil).is(200).equal("Most likely the drum.", "tellings", 0, "text")
		k.call("amara", "POST", path+"/tellings", m{}).problem(422, "body.text")
		k.call("amara", "POST", path+"/tellings", m{"news_by": "2020-01-01T00:00:00Z"}).problem(422, "body.news_by")
		k.call("amara", "POST", path+"/tellings", m{"text": "x", "note": 99999}).problem(404)
		k.call("hana", "POST", path+"/tellings", m{"text": "x"}).problem(403)
		k.call("hana", "GET", path+"/tellings", nil).problem(403)
		own := k.call("hana", "GET", path, nil).is(200)
		if !strings.Contains(own.Raw, "Most likely the drum.") || strings.Contains(own.Raw, "toner") {
			t.Errorf("the requester sees %s", own.Raw)
		}
	})
}
