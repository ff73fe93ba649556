package secret

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"golang.org/x/crypto/argon2"
)

func TestPassword(t *testing.T) {
	ctx := context.Background()
	hash, err := HashPassword(ctx, "café au lait 7")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %q", hash)
	}
	again, err := HashPassword(ctx, "café au lait 7")
	if err != nil || again == hash {
		t.Errorf("two hashes of one password are the same, or %v", err)
	}
	for _, c := range []struct {
		name, hash, password string
		ok                   bool
	}{
		{"right", hash, "café au lait 7", true},
		{"right, decomposed", hash, "cafe\u0301 au lait 7", true},
		{"wrong", hash, "cafe au lait 7", false},
		{"empty", hash, "", false},
		{"no hash", "", "café au lait 7", false},
		{"no hash, no password", "", "", false},
	} {
		ok, rehash, err := VerifyPassword(ctx, c.hash, c.password)
		if ok != c.ok || rehash || err != nil {
			t.Errorf("%s: %v, rehash %v, %v", c.name, ok, rehash, err)
		}
	}
}

func TestRehash(t *testing.T) {
	salt := []byte("0123456789abcdef")
	old := fmt.Sprintf("$argon2id$v=19$m=64,t=1,p=2$%s$%s", base64.RawStdEncoding.EncodeToString(salt),
		base64.RawStdEncoding.EncodeToString(argon2.IDKey([]byte("secret words"), salt, 1, 64, 2, 32)))
	if ok, rehash, err := VerifyPassword(context.Background(), old, "secret words"); !ok || !rehash || err != nil {
		t.Errorf("older cost: %v, rehash %v, %v", ok, rehash, err)
	}
	if ok, rehash, err := VerifyPassword(context.Background(), old, "other words"); ok || rehash || err != nil {
		t.Errorf("older cost, wrong password: %v, rehash %v, %v", ok, rehash, err)
	}
}

func TestDamagedHash(t *testing.T) {
	const salt, sum = "c2FsdHNhbHRzYWx0c2FsdA", "c3Vtc3Vtc3Vtc3Vtc3Vtc3Vtc3Vtc3Vtc3Vtc3Vtc3U"
	if _, _, _, err := parse("$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$" + sum); err != nil {
		t.Fatalf("the sound one: %v", err)
	}
	for _, hash := range []string{
		"x", "$", "$argon2i$v=19$m=19456,t=2,p=1$" + salt + "$" + sum, "$argon2id$v=16$m=19456,t=2,p=1$" + salt + "$" + sum,
		"$argon2id$v=19$m=19456,t=2$" + salt + "$" + sum, "$argon2id$v=19$m=4294967295,t=2,p=1$" + salt + "$" + sum,
		"$argon2id$v=19$m=19456,t=0,p=1$" + salt + "$" + sum, "$argon2id$v=19$m=19456,t=2,p=256$" + salt + "$" + sum,
		"$argon2id$v=19$m=19456,t=2,p=1$!$" + sum, "$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$", "$argon2id$v=19$t=2,m=19456,p=1$" + salt + "$" + sum,
	} {
		if ok, _, err := VerifyPassword(context.Background(), hash, "x"); ok || err == nil {
			t.Errorf("%q is taken", hash)
		}
	}
}

func FuzzParseHash(f *testing.F) {
	f.Add("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$c3Vtc3Vtc3Vtc3Vtc3Vtc3Vtc3Vtc3Vtc3Vtc3Vtc3U")
	f.Fuzz(func(t *testing.T, hash string) {
		p, salt, sum, err := parse(hash)
		if err == nil && (p.memory > 1<<20 || p.time == 0 || p.lanes == 0 || len(salt) == 0 || len(sum) < 16) {
			t.Errorf("%q gives %+v, %d, %d", hash, p, len(salt), len(sum))
		}
	})
}

func TestHashingWaits(t *testing.T) {
	hashing <- struct{}{}
	hashing <- struct{}{}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() {
		_, err := HashPassword(ctx, "waits for its turn")
		done <- err
	}()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("a third hash ends with %v", err)
	}
	<-hashing
	if _, err := HashPassword(context.Background(), "has its turn"); err != nil {
		t.Error(err)
	}
	if _, err := HashPassword(ctx, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context ends with %v", err)
	}
	<-hashing
	if len(hashing) != 0 {
		t.Errorf("%d places are still taken", len(hashing))
	}
}

// TestTwoAtATime runs in a bubble, where everybody else is known to wait once the third hash does.
func TestTwoAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		saved := hashing
		hashing = make(chan struct{}, 2)
		defer func() { hashing = saved }()
		hashing <- struct{}{}
		hashing <- struct{}{}
		var wait sync.WaitGroup
		finished := make(chan struct{}, 1)
		wait.Go(func() {
			_, _ = HashPassword(context.Background(), "third")
			finished <- struct{}{}
		})
		synctest.Wait()
		if len(finished) != 0 {
			t.Error("a third hash ran beside two")
		}
		<-hashing
		wait.Wait()
		if len(finished) != 1 {
			t.Error("the third hash never ran")
		}
	})
}

func TestWeakness(t *testing.T) {
	personal := []string{"ann.lindqvist@northwind.example", "Ann Lindqvist"}
	for password, weak := range map[string]bool{
		"":                          true,
		"short":                     true,
		"ninechars":                 true,
		"1234567890":                true,
		"aaaaaaaaaaaa":              true,
		"abababababab":              true,
		"Password2026!":             true,
		"P4ssw0rd!!!!":              true,
		"qwertyuiop123":             true,
		"Sommer2026!!":              true,
		"willkommen willkommen":     true,
		"annlindqvist":              true,
		"L1ndqvist2026":             true,
		"northwind-ann-1":           true,
		"Goodturn2026":              true,
		"ann likes old lighthouses": false,
		"violet kettle under rain":  false,
		"xk7Qm2pLw9Zt":              false,
		"пароль о далёком море":          false,
		strings.Repeat("wandering ", 20): false,
		strings.Repeat("wandering ", 21): true,
	} {
		if got := Weakness(password, personal...); got.IsZero() == weak {
			t.Errorf("%q: %q", password, got)
		}
	}
}

func BenchmarkHashPassword(b *testing.B) {
	for b.Loop() {
		if _, err := HashPassword(context.Background(), "violet kettle under rain"); err != nil {
			b.Fatal(err)
		}
	}
}
