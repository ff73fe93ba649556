//go:build unix

package blob

import (
	"errors"
	"syscall"
)

// full tells of a full disk or a used-up quota.
func full(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }
