package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"goodturn/internal/db"
	"goodturn/internal/person"
)

const setupFile = "first-administrator"

// FirstStart gives the one-time link that makes the first administrator, when there is none: to out when
// a person reads it there, else into a file of mode 0600 in the data folder, whose path is told.
func (a *App) FirstStart(ctx context.Context, out io.Writer, terminal bool) error {
	path := filepath.Join(a.Config.Data, setupFile)
	var token string
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		has, err := person.HasAdministrator(ctx, tx)
		if err != nil || has {
			return err
		}
		token, err = person.NewSetup(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	if token == "" {
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			return err
		}
		return nil
	}
	link := a.publicURL() + "/setup/" + token
	if terminal {
		fmt.Fprintf(out, "There is no administrator yet. Open this link within one hour to become one:\n\n  %s\n\n", link)
		return nil
	}
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return err
	}
	if err := os.WriteFile(path, []byte(link+"\n"), 0o600); err != nil {
		return fmt.Errorf("write the link for the first administrator: %w", err)
	}
	fmt.Fprintf(out, "There is no administrator yet. A link that makes one, good for one hour, is in %s\n", path)
	return nil
}
