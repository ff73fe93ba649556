package mailbox

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// syncName makes a new name in dir durable. f is the file of that name. Whoever may not read the folder,
// and so cannot open it to flush it, flushes the file system that it lies on.
func syncName(dir string, f *os.File) error {
	d, err := os.Open(dir)
	if errors.Is(err, fs.ErrPermission) {
		return unix.Syncfs(int(f.Fd()))
	}
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
