package blob

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Cache is a folder of small files that can be made again: thumbnails, pictures fetched from elsewhere. Any of them may be
// gone at any time, so nothing is flushed, and a failure to keep one is nobody's trouble. A nil Cache keeps nothing.
//
//	cache, err := blob.OpenCache(filepath.Join(data, "cache"), 3*24*time.Hour, 500<<20)
//	if made, ok := cache.Get("thumbnail " + ref.SHA256); !ok { … cache.Put("thumbnail "+ref.SHA256, made) }
//
// Several programs may use one folder at once.
type Cache struct {
	dir     string
	age     time.Duration
	size    int64
	mu      sync.Mutex
	written int64 // bytes since it was last cleaned
}

// OpenCache makes the folder ready. Files older than age go, and any of them while all have more than size bytes.
func OpenCache(dir string, age time.Duration, size int64) (*Cache, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make cache folder: %w", err)
	}
	c := &Cache{dir: dir, age: age, size: size}
	go c.clean()
	return c, nil
}

func (c *Cache) path(key string) string {
	sum := sha256.Sum256([]byte(key))
	return filepath.Join(c.dir, hex.EncodeToString(sum[:]))
}

// Get gives what was kept under a key and is not too old.
func (c *Cache) Get(key string) ([]byte, bool) {
	if c == nil {
		return nil, false
	}
	info, err := os.Stat(c.path(key))
	if err != nil || time.Since(info.ModTime()) > c.age {
		return nil, false
	}
	kept, err := os.ReadFile(c.path(key))
	return kept, err == nil
}

// Put keeps something under a key, if that is possible.
func (c *Cache) Put(key string, content []byte) {
	if c == nil {
		return
	}
	f, err := os.CreateTemp(c.dir, "put-*")
	if err != nil {
		return
	}
	_, err = f.Write(content)
	if f.Close() != nil || err != nil || os.Rename(f.Name(), c.path(key)) != nil {
		_ = os.Remove(f.Name())
		return
	}
	c.mu.Lock()
	c.written += int64(len(content))
	due := c.written > c.size/8
	if due {
		c.written = 0
	}
	c.mu.Unlock()
	if due {
		c.clean()
	}
}

// clean drops what is too old, and of the rest what is more than fits, in the order in which the folder gives it.
func (c *Cache) clean() {
	var left int64
	_ = filepath.WalkDir(c.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return nil
		}
		info, err := e.Info()
		if err != nil {
			return nil
		}
		if left += info.Size(); time.Since(info.ModTime()) > c.age || left > c.size {
			left -= info.Size()
			_ = os.Remove(path)
		}
		return nil
	})
}
