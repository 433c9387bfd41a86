package main

import (
	"bufio"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// trimPages gives back the pages of the program itself that only its start has
// read, and has the kernel map no neighbours with those that are read from now
// on. A fresh binary lies in the page cache in large pieces, of which one byte
// makes the whole resident: twenty of seventy megabytes for code that most
// processes never run. Nothing is lost: only mappings are touched of which every
// page is still that of the file. What cannot be done is left, for it would only
// save memory.
func trimPages() {
	self, err := os.Executable()
	if err != nil {
		return
	}
	smaps, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer func() { _ = smaps.Close() }()
	var start, end uint64
	for lines := bufio.NewScanner(smaps); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		switch {
		case len(fields) >= 5 && strings.Contains(fields[0], "-"):
			start, end = pagesOf(fields, self)
		case len(fields) == 3 && fields[0] == "Anonymous:" && fields[1] == "0" && end > start:
			for _, advice := range []uintptr{unix.MADV_DONTNEED, unix.MADV_RANDOM} {
				_, _, _ = unix.Syscall(unix.SYS_MADVISE, uintptr(start), uintptr(end-start), advice)
			}
		}
	}
}

// giveBack gives back the pages of memory that is yet to be used: those that
// served before are made zero by writing, and are there.
func giveBack(unused []byte) { _ = unix.Madvise(unused, unix.MADV_DONTNEED) }

// pagesOf returns where a mapping is if it is of the program and cannot be
// written: address perms offset dev inode pathname (proc_pid_smaps(5)).
func pagesOf(fields []string, self string) (start, end uint64) {
	if len(fields) < 6 || fields[5] != self || strings.Contains(fields[1], "w") {
		return 0, 0
	}
	from, to, _ := strings.Cut(fields[0], "-")
	start, err1 := strconv.ParseUint(from, 16, 64)
	end, err2 := strconv.ParseUint(to, 16, 64)
	if err1 != nil || err2 != nil {
		return 0, 0
	}
	return start, end
}
