package e2e

import (
	"os/exec"
	"runtime"
	"syscall"
)

// A process that is to die with its parent dies with the thread that started it, so one thread that never
// ends starts them all.
var spawns = make(chan func())

func init() {
	go func() {
		runtime.LockOSThread()
		for start := range spawns {
			start()
		}
	}()
}

// spawn starts a process that does not outlive the tests, however they end.
func spawn(c *exec.Cmd) error {
	if c.SysProcAttr == nil {
		c.SysProcAttr = &syscall.SysProcAttr{}
	}
	c.SysProcAttr.Pdeathsig = syscall.SIGKILL
	failed := make(chan error)
	spawns <- func() { failed <- c.Start() }
	return <-failed
}
