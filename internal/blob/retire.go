package blob

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// A file that nothing refers to any more is removed in two steps. Somebody may be storing the same bytes in the moment in
// which it is found to be of no use: they saw the file, and refer to it a little later. So it is first moved aside, from where
// Open brings it back, and only removed when a day later still nothing refers to it.

func (s *Store) retired(sum string) string { return filepath.Join(s.dir, "gone", sum) }

// Retire moves a blob aside. One that is not there is no error.
func (s *Store) Retire(ref Ref) error {
	if err := ref.check(); err != nil {
		return fmt.Errorf("move file aside: %w", err)
	}
	if err := os.MkdirAll(filepath.Join(s.dir, "gone"), 0o700); err != nil {
		return explain("move file aside", err)
	}
	if err := os.Rename(s.path(ref.SHA256), s.retired(ref.SHA256)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return explain("move file aside", err)
	}
	return nil
}

// Return brings a blob back that was moved aside. One that was not, or that was stored again meanwhile, is no error.
func (s *Store) Return(ref Ref) error {
	if err := ref.check(); err != nil {
		return fmt.Errorf("bring file back: %w", err)
	}
	if s.has(ref) {
		return s.Remove(ref)
	}
	if err := os.Rename(s.retired(ref.SHA256), s.path(ref.SHA256)); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return explain("bring file back", err)
	}
	return explain("bring file back", syncDir(s.folder(ref.SHA256)))
}

// Remove removes for good a blob that was moved aside.
func (s *Store) Remove(ref Ref) error {
	if err := ref.check(); err != nil {
		return fmt.Errorf("remove file: %w", err)
	}
	if err := os.Remove(s.retired(ref.SHA256)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return explain("remove file", err)
	}
	return nil
}
