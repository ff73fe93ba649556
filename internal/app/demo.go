package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
)

// demonstration is what only the demonstration has.
type demonstration struct{ Catcher *catcher }

// demoMark is the file that says that a data folder is a demo's.
const demoMark = "this-is-a-demo"

// OpenDemo opens a demonstration on a folder of its own: a new one is filled with a lived-in desk. It
// refuses a folder with other data, and addresses that other machines can reach.
func OpenDemo(ctx context.Context, c Config) (*App, error) {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return nil, fmt.Errorf("read the address to listen on: %w", err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("a demo lets everybody in, so it listens on this machine only: %s is not a loopback address", host)
	}
	fresh, err := demoFolder(c.Data)
	if err != nil {
		return nil, err
	}
	c.exclusive = true
	c.demo = &demonstration{}
	if c.demo.Catcher, err = startCatcher(); err != nil {
		return nil, err
	}
	a, err := Open(ctx, c)
	if err != nil {
		c.demo.Catcher.close()
		return nil, err
	}
	if fresh {
		if err := a.fillDemo(ctx, clock.Now().Time().In(time.Local)); err != nil {
			a.Close()
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(c.Data, demoMark), nil, 0o644); err != nil {
			a.Close()
			return nil, err
		}
	}
	return a, nil
}

// demoFolder tells whether the folder is new; one with other data is refused.
func demoFolder(dir string) (fresh bool, err error) {
	if _, err := os.Stat(filepath.Join(dir, demoMark)); err == nil {
		return false, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return false, err
	}
	if len(entries) > 0 {
		return false, fmt.Errorf("%s holds other data, and a demo would mix with it: please choose an empty folder", dir)
	}
	return true, nil
}

// DemoToken makes an administrator's token, for programs that try the API out.
func (a *App) DemoToken(ctx context.Context) (token string, err error) {
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		id, err := db.One[int64](ctx, tx, `SELECT id FROM person WHERE role = 'administrator' AND active ORDER BY id LIMIT 1`)
		if err != nil {
			return err
		}
		token, err = person.CreateToken(ctx, tx, person.System, person.Token{PersonID: id, Name: "demo"}, person.TokenLife, "")
		return err
	})
	return token, err
}

// demoDomain is the domain of the demonstration's mailboxes.
const demoDomain = "marlowfinch.example"

// loopbackNames refuses requests that name another host: a page elsewhere whose name was pointed at this
// machine could otherwise use the demo, which lets everybody in.
func loopbackNames(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		if ip := net.ParseIP(strings.Trim(host, "[]")); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			http.Error(w, "This demo answers on this machine only.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}
