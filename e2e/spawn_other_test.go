//go:build !linux

package e2e

import "os/exec"

// spawn starts a process.
func spawn(c *exec.Cmd) error { return c.Start() }
