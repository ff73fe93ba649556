package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// ErrInUse says that another copy of the program serves from the data folder.
var ErrInUse = errors.New("another Goodturn already serves from this data folder")

// ErrAddress says that another program listens where this one wants to.
var ErrAddress = errors.New("another program listens there already")

// explainAddress makes a sentence of the system's words for an address that is taken.
func explainAddress(err error, address, flag string) error {
	if !errors.Is(err, unix.EADDRINUSE) {
		return err
	}
	return fmt.Errorf("%w: %s. Stop it first, or choose another address with %s", ErrAddress, address, flag)
}

// folderLock is held for as long as the program serves; the system drops it when the program ends in
// any way.
type folderLock struct{ file *os.File }

func lockFolder(dir string) (*folderLock, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, fmt.Errorf("%w: %s. Stop it first, or choose another folder with --data", ErrInUse, dir)
		}
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	return &folderLock{f}, nil
}

func (l *folderLock) release() error { return l.file.Close() }
