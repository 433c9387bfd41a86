//go:build linux

// Command probe confines itself and then tries what a script that broke out
// of its interpreter would: the tests of package confine build and run it. It
// prints one JSON object, from the name of each attempt to how it ended.
//
// Usage: probe [memory|cpu|life|threads|wait|x32]
package main

import (
	"encoding/json"
	"fmt"

	"os"
	"os/signal"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/bindery-mcp/bindery/sandbox/confine"
	"golang.org/x/sys/unix"
)

func main() {
	mapped, err := confine.Mapped()
	if err != nil {
		panic(err)
	}
	file, err := os.CreateTemp("", "probe")
	if err != nil {
		panic(err)
	}
	os.Remove(file.Name())
	// What a careless program leaves open: a folder.
	dir, err := os.Open("/")
	if err != nil {
		panic(err)
	}
	if err := confine.Apply(confine.Limits{Files: 32}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	switch strings.Join(os.Args[1:], " ") {
	case "memory":
		must(confine.Lower(confine.Limits{Memory: mapped + 64<<20}))
		var kept [][]byte
		for {
			kept = append(kept, make([]byte, 1<<20))
		}
	case "cpu":
		must(confine.Lower(confine.Limits{CPU: time.Second}))
		for {
		}
	case "life":
		spend()
	case "threads":
		fmt.Println(threads())
	case "wait":
		fmt.Println(threads())
		os.Stdin.Read(make([]byte, 1))
	case "x32":
		const getpid = 0x40000000 + unix.SYS_GETPID
		_, _, errno := unix.RawSyscall(getpid, 0, 0, 0)
		fmt.Println("still here:", errno)
	default:
		results := map[string]string{}
		for _, tries := range []map[string]func() error{attemptsOnFiles(file, dir), attemptsOnSockets(), attemptsOnProcesses(), attemptsOnSystem()} {
			for name, try := range tries {
				results[name] = outcome(try())
			}
		}
		must(json.NewEncoder(os.Stdout).Encode(results))
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// outcome names an error by its number, if it has one.
func outcome(err error) string {
	for e := err; e != nil; {
		if errno, ok := e.(syscall.Errno); ok {
			return unix.ErrnoName(errno)
		}
		u, ok := e.(interface{ Unwrap() error })
		if !ok {
			return err.Error()
		}
		e = u.Unwrap()
	}
	return "done"
}

// threads does what the runtime of a busy program does: new threads, signals
// between them, collections, timers and a poller.
func threads() int {
	runtime.GOMAXPROCS(4)
	r, w, err := os.Pipe()
	must(err)
	sum := make(chan int)
	go func() {
		b := make([]byte, 1)
		r.Read(b)
		sum <- int(b[0])
	}()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			runtime.LockOSThread()
			for end := time.Now().Add(50 * time.Millisecond); time.Now().Before(end); {
			}
		})
	}
	wg.Wait()
	runtime.GC()
	<-time.After(time.Millisecond)
	w.Write([]byte{42})
	return <-sum
}

// spend uses up one budget of CPU time after another until the process is
// killed, and prints a line for each.
func spend() {
	used := make(chan os.Signal, 1)
	signal.Notify(used, syscall.SIGXCPU)
	must(confine.Lower(confine.Limits{CPU: time.Second, Life: 5 * time.Second}))
	for {
		select {
		case <-used:
			fmt.Println("used up")
			must(confine.Lower(confine.Limits{CPU: time.Second, Life: 10 * time.Second}))
		default:
		}
	}
}
