package ticket

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/search"
)

// Learner teaches the search's vocabulary the words of tickets. It reads the spine behind those who write, so that a mail costs
// nothing more when it comes in; a database from before there was a vocabulary is read from its first event on. One runs a
// process; on several nodes each event is learned by one of them, or at worst twice, which only counts its words double.
//
//	l := &ticket.Learner{DB: d, Log: log}
//	err := l.Run(ctx)
type Learner struct {
	DB  *db.DB
	Log *slog.Logger

	words search.Vocabulary
}

const (
	learnEvery = time.Second
	learnAgain = 10 * time.Second // after a failure
	learnChunk = 400              // events
	learnText  = 8 << 10          // characters of one message: what follows seldom holds new words
	// After a chunk the learner rests so many times as long as it took: those who write have the machine.
	learnRest = 4
	learnAll  = 50 // messages of a ticket that came with a past, or from a private team
	// On PostgreSQL an event may become visible after one with a higher id; this long after, it has.
	learnLag = 10 * time.Second
)

// Run learns until ctx ends.
func (l *Learner) Run(ctx context.Context) error {
	tick := time.NewTicker(learnEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		lag := time.Duration(0)
		if l.DB.Engine() == db.Postgres {
			lag = learnLag
		}
		if err := l.catch(ctx, lag, func(worked time.Duration) { pause(ctx, learnRest*worked) }); err != nil && ctx.Err() == nil {
			l.Log.Error("learning words failed", "error", err)
			tick.Reset(learnAgain)
			continue
		}
		tick.Reset(learnEvery)
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// Catch learns all that happened up to lag ago.
func (l *Learner) Catch(ctx context.Context, lag time.Duration) error {
	return l.catch(ctx, lag, func(time.Duration) {})
}

func (l *Learner) catch(ctx context.Context, lag time.Duration, rest func(worked time.Duration)) error {
	if err := l.names(ctx); err != nil {
		return err
	}
	for ctx.Err() == nil {
		began := time.Now()
		more, err := l.chunk(ctx, lag)
		if err != nil || !more {
			return err
		}
		rest(time.Since(began))
	}
	return ctx.Err()
}

// names learns what people are called who were there before the vocabulary was.
func (l *Learner) names(ctx context.Context) error {
	for {
		left := false
		err := l.DB.Read(ctx, func(tx *db.Tx) (err error) {
			left, err = db.Exists(ctx, tx, `SELECT 1 FROM person WHERE id <= (SELECT position FROM search_learned WHERE name = 'person') LIMIT 1`)
			return err
		})
		if err != nil || !left {
			return err
		}
		if err := l.DB.Write(ctx, func(tx *db.Tx) error { return person.LearnNames(ctx, tx) }); err != nil {
			return err
		}
	}
}

// lesson is an event that brought words.
type lesson struct {
	ID        int64
	TicketID  int64
	What      What
	Cause     string
	MessageID int64
}

func (l *Learner) chunk(ctx context.Context, lag time.Duration) (more bool, err error) {
	var from, to int64
	err = l.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		if from, err = db.One[int64](ctx, tx, `SELECT position FROM search_learned WHERE name = 'event'`); err != nil {
			return err
		}
		all, err := db.All[lesson](ctx, tx, `SELECT id, ticket_id, what, cause, message_id FROM event WHERE id > $1 AND at <= $2 ORDER BY id LIMIT $3`,
			from, tx.Now-clock.Instant(lag.Milliseconds()), learnChunk)
		if err != nil || len(all) == 0 {
			return err
		}
		to = all[len(all)-1].ID
		lessons, err := lessonsOf(ctx, tx, all)
		l.words.Gather(lessons)
		return err
	})
	if err != nil || to == 0 {
		return false, err
	}
	for l.words.Waiting() {
		if err := l.DB.Write(ctx, func(tx *db.Tx) error { return l.words.Keep(ctx, tx) }); err != nil {
			return false, err
		}
	}
	return true, l.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE search_learned SET position = $1 WHERE name = 'event' AND position < $1`, to)
		return err
	})
}

// lessonsOf reads the texts that events brought. The words of a private team's tickets are for those who may see them; when
// a ticket moves, its words are learned anew for those who see it there.
func lessonsOf(ctx context.Context, tx *db.Tx, all []lesson) ([]search.Lesson, error) {
	var subjects, whole, messages, facts []int64
	for _, e := range all {
		switch e.What {
		case Created, TeamChanged:
			subjects, facts = append(subjects, e.TicketID), append(facts, e.TicketID)
			if e.What == TeamChanged || e.Cause == "import" {
				whole = append(whole, e.TicketID)
			}
		case SubjectChanged:
			subjects = append(subjects, e.TicketID)
		case FactSet:
			facts = append(facts, e.TicketID)
		case Messaged, Noted:
			if e.MessageID != 0 {
				messages = append(messages, e.MessageID)
			}
		}
	}
	const from = ` FROM ticket t JOIN team m ON m.id = t.team_id JOIN message s ON s.ticket_id = t.id`
	const scope = `CASE WHEN m.private THEN m.id ELSE 0 END AS scope`
	var out []search.Lesson
	read := func(ids []int64, query string, args ...any) error {
		if len(ids) == 0 {
			return nil
		}
		all := db.Args(args)
		rows, err := db.All[search.Lesson](ctx, tx, query+` IN (`+db.List(&all, padded(ids))+`)`, all...)
		out = append(out, rows...)
		return err
	}
	err := errors.Join(
		read(subjects, `SELECT `+scope+`, t.subject AS text FROM ticket t JOIN team m ON m.id = t.team_id WHERE t.id`),
		read(whole, `SELECT `+scope+`, substr(s.text, 1, $1) AS text`+from+` WHERE s.seq <= $2 AND s.ticket_id`, learnText, learnAll),
		read(facts, `SELECT `+scope+`, f.value AS text FROM ticket t JOIN team m ON m.id = t.team_id JOIN ticket_fact f ON f.ticket_id = t.id WHERE f.ticket_id`),
		read(messages, `SELECT `+scope+`, substr(s.text, 1, $1) AS text`+from+` WHERE s.id`, learnText),
	)
	return out, err
}
