package worker

import (
	"bytes"
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// forgetProgram gives back the pages of the program's own file that are mapped
// by now. A large program reads much of its file to start, such as tables of
// types and the code of packages that only the gateway uses; what a script
// needs comes back from the page cache when it is touched.
func forgetProgram() error {
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return fmt.Errorf("find own program: %w", err)
	}
	maps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		return fmt.Errorf("read own mappings: %w", err)
	}
	// A mapping is a line "from-to perms offset device inode path", then one
	// "key: value" for each property (proc_pid_smaps(5)). One that has pages of
	// its own, as what the linker relocated, has them from nowhere else.
	var found []byte
	for line := range bytes.Lines(maps) {
		fields := bytes.Fields(line)
		switch {
		case len(fields) > 0 && !bytes.HasSuffix(fields[0], []byte(":")):
			found = nil
			if len(fields) == 6 && bytes.HasPrefix(fields[1], []byte("r-")) && string(fields[5]) == program {
				found = fields[0]
			}
		case found != nil && len(fields) > 1 && string(fields[0]) == "Anonymous:" && string(fields[1]) == "0":
			if err := forget(found); err != nil {
				return fmt.Errorf("give back the program's pages: %w", err)
			}
		}
	}
	return nil
}

// forget unmaps the pages of a mapping "from-to", hexadecimal, that is itself
// kept.
func forget(mapping []byte) error {
	low, high, _ := bytes.Cut(mapping, []byte("-"))
	from, err := strconv.ParseUint(string(low), 16, 64)
	if err != nil {
		return err
	}
	to, err := strconv.ParseUint(string(high), 16, 64)
	if err != nil {
		return err
	}
	if _, _, errno := unix.Syscall(unix.SYS_MADVISE, uintptr(from), uintptr(to-from), unix.MADV_DONTNEED); errno != 0 {
		return errno
	}
	return nil
}
