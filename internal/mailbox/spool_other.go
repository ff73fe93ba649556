//go:build !linux

package mailbox

import (
	"errors"
	"io/fs"
	"os"
)

// syncName makes a new name in dir durable, as far as the system allows. f is the file of that name.
func syncName(dir string, f *os.File) error {
	d, err := os.Open(dir)
	if errors.Is(err, fs.ErrPermission) {
		return f.Sync()
	}
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
