package e2e

import (
	"context"
	"fmt"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/kb"
	"goodturn/internal/person"
)

// articles has an article of each kind, with a file, a translation and something to be done.
func (w *browserWalk) articles(lead int64) {
	ref, err := w.app.Blobs.Put(context.Background(), strings.NewReader("what it says"), 0)
	must(w, err)
	w.write(func(ctx context.Context, tx *db.Tx) error {
		a, err := person.ActorOf(ctx, tx, lead)
		if err != nil {
			return err
		}
		section, err := kb.SaveSection(ctx, tx, a, kb.Section{Name: "Scanners"})
		if err != nil {
			return err
		}
		x, err := kb.Create(ctx, tx, a, kb.New{
			Title: "Scan to a folder of your own", Language: "en", SectionID: section.ID, Publish: true,
			Body: "## When you see this\n\nThe scanner asks *where to*.\n\n1. Press **Mail**.\n2. Choose your name.\n\n| Light | What it means |\n|---|---|\n| green | ready |\n\n> It stays silent at night.\n\n- [ ] [The list](list.txt)\n\n```\nscan --to me\n```\n",
		})
		if err != nil {
			return err
		}
		w.values["help/{article}"], w.values["help/in/{section}"], w.values["articles/{id}"] = "help/"+x.Slug, "help/in/"+section.Slug, fmt.Sprintf("articles/%d", x.ID)
		w.values["help/files/{article}/{name}"] = fmt.Sprintf("help/files/%d/list.txt", x.ID)
		if err := w.gaps(ctx, tx, x.ID); err != nil {
			return err
		}
		if _, err = kb.AddFile(ctx, tx, a, x.ID, "list.txt", "text/plain", ref, false); err != nil {
			return err
		}
		p, err := kb.Read(ctx, tx, a, x.Slug, "en")
		if err != nil {
			return err
		}
		_, err = kb.Say(ctx, tx, person.Nobody, p, "", "Which of the two scanners is it?")
		return err
	})
}
