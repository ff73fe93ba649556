package gap

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"

	"goodturn/internal/db"
)

// What an effect is measured by: so many whole weeks before the article was there and after, at most and at least, and so many other gaps.
const (
	weeksMost  = 12
	weeksLeast = 3
	cameLeast  = 8 // times before
	others     = 12
)

// Verdict says in one word what an effect is.
type Verdict string

// The verdicts.
const (
	NotWritten Verdict = ""        // readers have nothing yet
	TooEarly   Verdict = "early"   // too few weeks have gone by
	TooFew     Verdict = "few"     // it came too seldom to tell
	Unclear    Verdict = "unclear" // what is seen may be chance
	Fell       Verdict = "fell"
	Rose       Verdict = "rose"
)

// Effect is whether something came less often once it was written down, or the article was changed that it is in.
type Effect struct {
	Verdict Verdict
	// Weeks is how many whole weeks before and after were compared.
	Before, After int64
	// Was and Is are how often it came a week, before and after; OthersWas and OthersIs the same of like things, together. Others is how many these are.
	Was, Is, OthersWas, OthersIs float64
	Others                       int
	// Change is by which factor it changed beyond what the like things did: 0.7 is 30 % fewer. It lies between Low and High, with 95 in 100.
	Change, Low, High float64
	// Wait is for how many more whole weeks it is too early.
	Wait int64
}

// Effect compares how often a gap came before and after its article was published with what like gaps without an article did in the same
// weeks.
func (k *Keeper) Effect(ctx context.Context, tx *db.Tx, g Gap) (Effect, error) {
	if g.LiveAt == 0 {
		return Effect{}, nil
	}
	live, now := Week(g.LiveAt), Week(tx.Now)
	e := Effect{Before: weeksMost, After: min(now-live-1, weeksMost)}
	if e.After < weeksLeast {
		return Effect{Verdict: TooEarly, Wait: weeksLeast - max(0, e.After)}, nil
	}
	like, err := k.like(ctx, tx, g, live)
	if err != nil {
		return e, err
	}
	e.Others = len(like)
	counts, err := Counts(ctx, tx, append([]int64{g.ID}, like...), live-e.Before, live+e.After)
	if err != nil {
		return e, err
	}
	mine, theirs := newSeries(live, e.Before, e.After), newSeries(live, e.Before, e.After)
	mine.add(counts[g.ID])
	for _, id := range like {
		theirs.add(counts[id])
	}
	return compare(e, mine, theirs), nil
}

// like gives the gaps of the same kind for which nothing was published that are most alike: of topics by their words, else those that came most.
func (k *Keeper) like(ctx context.Context, tx *db.Tx, g Gap, live int64) ([]int64, error) {
	all, err := db.All[Gap](ctx, tx, `SELECT `+columns+` FROM gap g WHERE kind = $1 AND id <> $2 AND (live_at = 0 OR live_at > $5)
		AND EXISTS (SELECT 1 FROM gap_week w WHERE w.gap_id = g.id AND w.week >= $3 AND w.week < $4) ORDER BY lately DESC, id LIMIT 400`, g.Kind, g.ID, live-weeksMost, live, tx.Now)
	if err != nil {
		return nil, err
	}
	if g.Kind == Topic {
		m := k.held()
		if m != nil {
			mine, _ := strconv.ParseInt(g.Ref, 10, 64)
			near := make(map[int64]float64, len(all))
			for _, o := range all {
				ref, _ := strconv.ParseInt(o.Ref, 10, 64)
				near[o.ID] = m.Alike(mine, ref)
			}
			slices.SortStableFunc(all, func(a, b Gap) int { return cmp.Compare(near[b.ID], near[a.ID]) })
		}
	}
	var ids []int64
	for _, o := range all[:min(len(all), others)] {
		ids = append(ids, o.ID)
	}
	return ids, nil
}

// series is how often something came, week by week, before and after another.
type series struct {
	live          int64
	before, after []float64
}

func newSeries(live, before, after int64) *series {
	return &series{live: live, before: make([]float64, before), after: make([]float64, after)}
}

// add adds counts. The week in which the article came belongs to neither side.
func (s *series) add(counts []Count) {
	for _, c := range counts {
		switch at := c.Week - s.live; {
		case at < 0 && int(-at) <= len(s.before):
			s.before[len(s.before)+int(at)] += float64(c.N)
		case at > 0 && int(at) <= len(s.after):
			s.after[at-1] += float64(c.N)
		}
	}
}

func sum(v []float64) (all float64) {
	for _, x := range v {
		all += x
	}
	return all
}

// compare is a difference in differences of counts: the ratio of the ratios after to before. Its logarithm is near normal, with the variance
// of four Poisson counts, widened by how much more than Poisson counts these swing from week to week (quasi-Poisson).
func compare(e Effect, mine, theirs *series) Effect {
	before, after := sum(mine.before), sum(mine.after)
	e.Was, e.Is = before/float64(e.Before), after/float64(e.After)
	e.OthersWas, e.OthersIs = sum(theirs.before)/float64(e.Before), sum(theirs.after)/float64(e.After)
	if before < cameLeast {
		e.Verdict = TooFew
		return e
	}
	const half = 0.5 // added to each count, so that none is nothing
	ratio := (after + half) / float64(e.After) / ((before + half) / float64(e.Before))
	swing := max(1, spread(mine.before), spread(mine.after))
	variance := swing * (1/(after+half) + 1/(before+half))
	if tb, ta := sum(theirs.before), sum(theirs.after); e.Others > 0 && tb >= cameLeast {
		ratio /= (ta + half) / float64(e.After) / ((tb + half) / float64(e.Before))
		variance += max(1, spread(theirs.before), spread(theirs.after)) * (1/(ta+half) + 1/(tb+half))
	} else {
		e.Others = 0
	}
	wide := 1.96 * math.Sqrt(variance)
	e.Change, e.Low, e.High = ratio, ratio*math.Exp(-wide), ratio*math.Exp(wide)
	switch {
	case e.High < 1:
		e.Verdict = Fell
	case e.Low > 1:
		e.Verdict = Rose
	default:
		e.Verdict = Unclear
	}
	return e
}

// spread is the variance of weekly counts by their mean: 1 for chance alone.
func spread(v []float64) float64 {
	if len(v) < 4 {
		return 1
	}
	mean := sum(v) / float64(len(v))
	if mean == 0 {
		return 1
	}
	all := 0.0
	for _, x := range v {
		all += (x - mean) * (x - mean)
	}
	return all / float64(len(v)-1) / mean
}
