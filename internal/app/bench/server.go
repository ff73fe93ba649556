package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is the program under measurement, a process of its own.
type server struct {
	process *exec.Cmd
	base    string
	startMS float64 // from the start of the process to the first answered page
	output  bytes.Buffer
}

func startServer(ctx context.Context, program string, args []string) (*server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := l.Addr().String()
	l.Close()
	s := &server{process: exec.CommandContext(ctx, program, append(args, "--listen", address)...), base: "http://" + address}
	s.process.Stdout, s.process.Stderr = &s.output, &s.output
	s.process.Cancel = func() error { return s.process.Process.Signal(syscall.SIGTERM) }
	began := time.Now()
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	for time.Since(began) < 30*time.Second {
		res, err := http.Get(s.base + "/")
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				s.startMS = float64(time.Since(began).Microseconds()) / 1000
				return s, nil
			}
		}
		time.Sleep(2 * time.Millisecond)
	}
	s.stop()
	return nil, fmt.Errorf("the program did not answer: %s", s.output.String())
}

// memory gives the proportional set size now and the largest resident size so far, in MiB (proc(5)).
func (s *server) memory() (pss, peak int, err error) {
	pid := strconv.Itoa(s.process.Process.Pid)
	if pss, err = procField("/proc/"+pid+"/smaps_rollup", "Pss:"); err != nil {
		return 0, 0, err
	}
	peak, err = procField("/proc/"+pid+"/status", "VmHWM:")
	return pss, peak, err
}

func procField(path, name string) (int, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	for l := range strings.Lines(string(raw)) {
		if f := strings.Fields(l); len(f) >= 2 && f[0] == name {
			kib, err := strconv.Atoi(f[1])
			return (kib + 1023) / 1024, err
		}
	}
	return 0, errors.New(path + " has no " + name)
}

func (s *server) stop() {
	_ = s.process.Process.Signal(syscall.SIGTERM)
	_ = s.process.Wait()
}
