package load

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// MemoryOf returns what a process and those that it started hold, as far as
// keep says so of their command lines; false if the system does not tell.
func MemoryOf(name string, pid int, keep func(command string) bool) (Memory, bool) {
	m := Memory{Name: name}
	for _, p := range tree(pid) {
		command, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", p))
		if err != nil || !keep(strings.TrimSpace(string(bytes.ReplaceAll(command, []byte{0}, []byte{' '})))) {
			continue
		}
		statm, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p))
		if err != nil {
			continue
		}
		// The second number is the resident size in pages (proc_pid_statm(5)).
		fields := strings.Fields(string(statm))
		if len(fields) < 2 {
			continue
		}
		pages, err := strconv.ParseInt(fields[1], 10, 64)
		if err != nil {
			continue
		}
		m.Processes++
		m.Resident += pages * int64(os.Getpagesize())
	}
	return m, m.Processes > 0
}

// tree returns a process and its descendants.
func tree(pid int) []int {
	all := []int{pid}
	for i := 0; i < len(all); i++ {
		threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", all[i]))
		if err != nil {
			continue
		}
		for _, thread := range threads {
			children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/children", all[i], thread.Name()))
			if err != nil {
				continue
			}
			for field := range strings.FieldsSeq(string(children)) {
				if child, err := strconv.Atoi(field); err == nil {
					all = append(all, child)
				}
			}
		}
	}
	return all
}
