package db_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
)

// A visitor who goes away at whatever moment must not leave a transaction open on a connection that others need.
func TestCancelledAtAnyMomentLeavesTheStoreUsable(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for i := range 3000 {
			ctx, cancel := context.WithCancel(t.Context())
			wait := time.Duration(rand.IntN(80)) * time.Microsecond
			go func() {
				for began := time.Now(); time.Since(began) < wait; {
				}
				cancel()
			}()
			run := d.Write
			if i%2 == 0 {
				run = d.Read
			}
			err := run(ctx, func(tx *db.Tx) error {
				_, err := db.All[string](ctx, tx, `SELECT name FROM setting`)
				return err
			})
			cancel()
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Fatalf("try %d: %v", i, err)
			}
		}
	})
}
