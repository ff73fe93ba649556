package page

import (
	"encoding/json"
	"net/http"
	"slices"
)

// polled is the answer to somebody who asks now and then.
type polled struct {
	ID      uint64   `json:"id"`      // for Last-Event-ID the next time
	Changed []string `json:"changed"` // topics
}

// poll answers with what changed since last. Who asks looks at their tickets until some time after.
func (s *Site) poll(w http.ResponseWriter, r *http.Request, v Visit, asked topics, last uint64) error {
	var out polled
	if last == 0 {
		last = s.Hub.Seq()
	}
	events, seq, missed := s.Hub.After(last, asked.filter(v.Actor.ID))
	out.ID = seq
	if missed {
		out.Changed = asked
	}
	for _, e := range events {
		for _, t := range asked.told(e, v.Actor) {
			if !slices.Contains(out.Changed, t) {
				out.Changed = append(out.Changed, t)
			}
		}
	}
	s.streams.mu.Lock()
	s.streams.stay(v.Actor.ID, presencePolls)
	s.streams.mu.Unlock()
	s.looks(r.Context(), v, asked.looking(), presencePolls)()
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(out)
}
