package audit

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/bindery-mcp/bindery"
)

var smallDisk = flag.String("smalldisk", "", "folder on a disk of 8 to 16 MiB, such as a tmpfs, which TestFullDisk fills")

// The same as with the disk of these tests, on one that is really full.
func TestFullDisk(t *testing.T) {
	if *smallDisk == "" {
		t.Skip("mount -t tmpfs -o size=10m tmpfs DIR, and -smalldisk DIR")
	}
	for _, mode := range []Mode{Strict, BestEffort} {
		t.Run(string(mode), func(t *testing.T) {
			dir, err := os.MkdirTemp(*smallDisk, "log-*") //nolint:usetesting // on the disk that is given
			if err != nil {
				t.Fatal(err)
			}
			defer os.RemoveAll(dir)
			l := opens(t, dir, Options{Mode: mode, RotateBytes: 64 << 10})
			trail := l.Direct(Execution{Client: "ci"})
			end := underWay(t, trail, 100)
			ballast := filepath.Join(dir, "ballast")
			fillUp(t, ballast)
			refused := 0
			for refused < 10 && l.Health().Missed < 10 {
				_, err := trail.Layer(bindery.CallerFunc(answers)).Call(t.Context(), oneCall)
				if err != nil && (mode == BestEffort || bindery.CodeOf(err) != bindery.Unavailable || !errors.Is(err, syscall.ENOSPC)) {
					t.Fatal(err)
				}
				if err != nil {
					refused++
				}
			}
			t.Logf("%+v", l.Health())
			end()
			if h := l.Health(); mode == Strict && h.Open != 0 {
				t.Errorf("%d ends are missing", h.Open)
			}
			if err := os.Remove(ballast); err != nil {
				t.Fatal(err)
			}
			call(t, trail, "after")
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			if r := verified(t, dir); r.Open != 0 || (r.Missed > 0) != (mode == BestEffort) {
				t.Errorf("%+v", r)
			}
		})
	}
}

// fillUp writes until nothing more fits.
func fillUp(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for n := 64 << 10; n > 0; {
		if _, err := f.Write(make([]byte, n)); errors.Is(err, syscall.ENOSPC) {
			n /= 2
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
