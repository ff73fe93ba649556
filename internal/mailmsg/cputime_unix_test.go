//go:build unix

package mailmsg

import (
	"syscall"
	"time"
)

// cpuTime is the time that this process has computed, which a busy machine hardly
// changes.
func cpuTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
