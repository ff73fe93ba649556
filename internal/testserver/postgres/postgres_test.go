package postgres

import (
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
)

func open(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func TestDatabasesAreSeparateCopiesOfTheTemplate(t *testing.T) {
	fills := 0
	fill := func(ctx context.Context, url string) error {
		fills++
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		defer conn.Close(ctx)
		_, err = conn.Exec(ctx, "CREATE TABLE word (text TEXT); INSERT INTO word VALUES ('hello')")
		return err
	}
	tpl := Template(t, "postgres_test", fill)
	if again := Template(t, "postgres_test", fill); again != tpl {
		t.Errorf("template is named %s, then %s", tpl, again)
	}
	if fills > 1 {
		t.Errorf("template was filled %d times", fills)
	}
	one, two := open(t, NewDatabase(t, tpl)), open(t, NewDatabase(t, tpl))
	if _, err := one.Exec(t.Context(), "INSERT INTO word VALUES ('world')"); err != nil {
		t.Fatal(err)
	}
	for conn, want := range map[*pgx.Conn]int{one: 2, two: 1} {
		var got int
		if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM word").Scan(&got); err != nil || got != want {
			t.Errorf("a copy holds %d words (%v), want %d", got, err, want)
		}
	}
}

func TestDatabaseIsDroppedAfterTheTest(t *testing.T) {
	var name string
	t.Run("use", func(t *testing.T) {
		conn := open(t, NewDatabase(t, ""))
		if err := conn.QueryRow(t.Context(), "SELECT current_database()").Scan(&name); err != nil {
			t.Fatal(err)
		}
	})
	var there bool
	conn := open(t, URL(t))
	if err := conn.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&there); err != nil || there {
		t.Errorf("database %q is still there: %v (%v)", name, there, err)
	}
}

func TestRoleIsNoSuperuser(t *testing.T) {
	var super bool
	conn := open(t, URL(t))
	if err := conn.QueryRow(t.Context(), "SELECT rolsuper FROM pg_roles WHERE rolname = current_user").Scan(&super); err != nil || super {
		t.Errorf("superuser: %v (%v)", super, err)
	}
}

func TestStopLeavesNothingOfADurableCluster(t *testing.T) {
	URL(t) // skips where PostgreSQL is not installed
	c, err := Start(Options{Durable: true})
	if err != nil {
		t.Fatal(err)
	}
	var sync string
	if err := open(t, c.URL("goodturn")).QueryRow(t.Context(), "SHOW fsync").Scan(&sync); err != nil || sync != "on" {
		t.Errorf("fsync is %q (%v)", sync, err)
	}
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(c.folder); !os.IsNotExist(err) {
		t.Errorf("folder %s is still there (%v)", c.folder, err)
	}
	if _, err := pgx.Connect(t.Context(), c.URL("goodturn")); err == nil {
		t.Error("the cluster still answers")
	}
}
