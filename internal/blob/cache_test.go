package blob

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

func TestCache(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	c, err := OpenCache(dir, time.Hour, 1000)
	if err != nil {
		t.Fatal(err)
	}
	c.Put("a", []byte("one"))
	c.Put("a", []byte("two"))
	if got, ok := c.Get("a"); !ok || string(got) != "two" {
		t.Errorf("%q %v", got, ok)
	}
	old := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(c.path("a"), old, old); err != nil {
		t.Fatal(err)
	}
	if _, ok := c.Get("a"); ok {
		t.Error("what is too old is given")
	}
	for i := range 100 {
		c.Put(strconv.Itoa(i), bytes.Repeat([]byte("x"), 100))
	}
	all, err := os.ReadDir(dir)
	if err != nil || len(all) > 12 {
		t.Errorf("%d files are kept of a hundred bytes each, with room for ten (%v)", len(all), err)
	}
	var none *Cache
	none.Put("a", nil)
	if _, ok := none.Get("a"); ok {
		t.Error("no cache gives something")
	}
}
