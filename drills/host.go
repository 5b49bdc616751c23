package drills

import (
	"runtime"

	"golang.org/x/sys/unix"

	"github.com/cogitator-ai/drdrill/reports"
)

// describeHost is the machine that the harness runs on. What the system does not tell stays empty.
func describeHost() reports.Host {
	h := reports.Host{OS: runtime.GOOS, Arch: runtime.GOARCH, CPUs: runtime.NumCPU()}
	var name unix.Utsname
	if unix.Uname(&name) == nil {
		h.Kernel = unix.ByteSliceToString(name.Release[:])
	}
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) == nil {
		h.MemoryBytes = info.Totalram * uint64(info.Unit)
	}
	return h
}
