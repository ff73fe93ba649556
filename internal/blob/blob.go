// Package blob keeps bytes that are too large or too precious for a database row: raw mails and attachments.
//
// A blob is a file named by the SHA-256 of its content, in a folder named by the first two digits:
//
//	store, err := blob.Open(filepath.Join(data, "blobs"))
//	ref, err := store.Put(ctx, upload, 25_000_000)     // returns when the bytes would survive a power cut
//	refs, err := store.PutMany(ctx, mails)             // many at the price of few flushes
//	f, err := store.Open(ref)                          // an *os.File, to seek in and to serve
//
// Names by content make the same bytes one file, a repeated Put harmless and damage detectable.
//
// Invariants: a file under its final name is whole; when Put or PutMany returns without an error, file and name are on the
// disk (file flushed, renamed, folder flushed); a blob never changes; a failed Put leaves no half file behind. A program killed in between leaves a
// file in tmp/, which Open removes when it is a day old, because a second program may be writing there.
//
// Several programs may use one folder at once.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// Ref names a blob; it is what a database row holds.
type Ref struct {
	// SHA256 of the content, 64 lower-case hexadecimal digits.
	SHA256 string
	// Size in bytes.
	Size int64
}

// Store is an open folder of blobs, safe for concurrent use.
type Store struct{ dir string }

// tempAge is how old a file in tmp/ must be to belong to nobody.
const tempAge = 24 * time.Hour

// Open makes the folder ready, creating it when needed, and clears away what killed programs left.
func Open(dir string) (*Store, error) {
	s := &Store{dir: dir}
	if err := os.MkdirAll(s.tempDir(), 0o700); err != nil {
		return nil, fmt.Errorf("make blob folder: %w", err)
	}
	// All folders are made before the first blob, so that no Put has to flush a folder's parent.
	for i := range 256 {
		if err := os.Mkdir(s.folder(fmt.Sprintf("%02x", i)), 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("make blob folder: %w", err)
		}
	}
	for _, d := range []string{dir, filepath.Dir(dir)} {
		if err := syncDir(d); err != nil {
			return nil, fmt.Errorf("make blob folder: %w", err)
		}
	}
	return s, s.clean()
}

func (s *Store) tempDir() string { return filepath.Join(s.dir, "tmp") }

func (s *Store) folder(sum string) string { return filepath.Join(s.dir, sum[:2]) }

func (s *Store) path(sum string) string { return filepath.Join(s.dir, sum[:2], sum) }

func (s *Store) clean() error {
	entries, err := os.ReadDir(s.tempDir())
	if err != nil {
		return fmt.Errorf("clean blob folder: %w", err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil && time.Since(info.ModTime()) > tempAge {
			err = os.Remove(filepath.Join(s.tempDir(), e.Name()))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("clean blob folder: %w", err)
		}
	}
	return nil
}

// Put stores what r gives, of at most limit bytes (0: no limit), and returns when it is durable. A longer r is
// fault.TooLarge, a full disk fault.Unavailable; an error of r is returned wrapped.
func (s *Store) Put(ctx context.Context, r io.Reader, limit int64) (ref Ref, err error) {
	f, err := os.CreateTemp(s.tempDir(), "put-*")
	if err != nil {
		return Ref{}, explain("store file", err)
	}
	defer func() {
		if err != nil {
			_ = f.Close() // a second close is harmless
			_ = os.Remove(f.Name())
		}
	}()
	source := io.Reader(&reader{ctx: ctx, r: r})
	if limit > 0 {
		source = io.LimitReader(source, limit+1)
	}
	hash := sha256.New()
	size, err := io.Copy(io.MultiWriter(f, hash), source)
	if err != nil {
		return Ref{}, explain("store file", err)
	}
	if limit > 0 && size > limit {
		return Ref{}, fault.TooLarge(i18n.M("The file is larger than {{.Limit}}, the most that can be taken.", "Limit", i18n.Size(limit)))
	}
	ref = Ref{SHA256: hex.EncodeToString(hash.Sum(nil)), Size: size}
	if s.has(ref) {
		if err := errors.Join(f.Close(), os.Remove(f.Name())); err != nil {
			return Ref{}, explain("store file", err)
		}
	} else if err := s.keep(f, ref); err != nil {
		return Ref{}, err
	}
	// Whoever wrote the same bytes a moment ago may not have flushed the folder yet.
	return ref, explain("store file", syncDir(s.folder(ref.SHA256)))
}

// keep flushes a written file and gives it its name.
func (s *Store) keep(f *os.File, ref Ref) error {
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return explain("store file", err)
	}
	return explain("store file", os.Rename(f.Name(), s.path(ref.SHA256)))
}

// has tells whether the blob is there; one of another size is damaged and may be replaced.
func (s *Store) has(ref Ref) bool {
	info, err := os.Stat(s.path(ref.SHA256))
	return err == nil && info.Size() == ref.Size
}

// Open opens a blob for reading. One that is not there is fault.NotFound with fs.ErrNotExist in its chain.
func (s *Store) Open(ref Ref) (*os.File, error) {
	if err := ref.check(); err != nil {
		return nil, fmt.Errorf("open file: %w", err)
	}
	f, err := os.Open(s.path(ref.SHA256))
	if errors.Is(err, fs.ErrNotExist) && s.Return(ref) == nil { // it may have been moved aside
		f, err = os.Open(s.path(ref.SHA256))
	}
	if err != nil {
		return nil, explain("open file", err)
	}
	return f, nil
}

// Stat tells when a blob was stored and how long it is. One that is not there is fault.NotFound.
func (s *Store) Stat(ref Ref) (fs.FileInfo, error) {
	if err := ref.check(); err != nil {
		return nil, fmt.Errorf("look at file: %w", err)
	}
	info, err := os.Stat(s.path(ref.SHA256))
	if errors.Is(err, fs.ErrNotExist) && s.Return(ref) == nil {
		info, err = os.Stat(s.path(ref.SHA256))
	}
	if err != nil {
		return nil, explain("look at file", err)
	}
	return info, nil
}

// ErrDamaged means that a file's content is not what its name and reference say.
var ErrDamaged = errors.New("the stored file is damaged")

// Check reads a blob and compares it with its reference: nil, ErrDamaged, or why it cannot be read.
func (s *Store) Check(ctx context.Context, ref Ref) error {
	f, err := s.Open(ref)
	if err != nil {
		return err
	}
	defer f.Close()
	hash := sha256.New()
	size, err := io.Copy(hash, &reader{ctx: ctx, r: f})
	if err != nil {
		return fmt.Errorf("check file: %w", err)
	}
	if size != ref.Size || hex.EncodeToString(hash.Sum(nil)) != ref.SHA256 {
		return fmt.Errorf("check file %s: %w", ref.SHA256, ErrDamaged)
	}
	return nil
}

// check keeps anything but a hash from becoming a path.
func (r Ref) check() error {
	if len(r.SHA256) != 2*sha256.Size {
		return fmt.Errorf("%q is not a SHA-256", r.SHA256)
	}
	for _, c := range []byte(r.SHA256) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return fmt.Errorf("%q is not a SHA-256", r.SHA256)
		}
	}
	return nil
}

// reader ends a copy when its context ends.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r *reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// explain wraps an error of the file system in words for a person, where there are some.
func explain(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case full(err):
		return fault.Unavailable(i18n.M("The disk that holds the files is full. Nothing was saved; please free some space and try again."), fmt.Errorf("%s: %w", doing, err))
	case errors.Is(err, fs.ErrNotExist):
		return &fault.Error{Kind: fault.KindNotFound, Message: i18n.M("This file is no longer there."), Cause: fmt.Errorf("%s: %w", doing, err)}
	}
	return fmt.Errorf("%s: %w", doing, err)
}
