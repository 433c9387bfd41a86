//go:build unix

package secrets

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/zalando/go-keyring"
)

func shell(t *testing.T, script string) (string, error) {
	t.Helper()
	return Command(t.Context(), time.Minute, t.TempDir(), []string{"sh", "-c", script})
}

func TestCommand(t *testing.T) {
	t.Setenv(PassphraseVariable, canary)
	for script, want := range map[string]string{
		"printf ' \\n%s\\t\\n\\n' token":                "token",
		"printf 'a\\nb'":                                "a\nb",
		"cat; echo done":                                "done", // there is no input
		"echo ${" + PassphraseVariable + "-unset}":      "unset",
		"echo noise >&2; echo value":                    "value",
		"head -c 65536 /dev/zero | tr '\\0' x | wc -c":  "65536",
		"sleep 1000 >/dev/null 2>&1 & echo left-behind": "left-behind",
	} {
		if got, err := shell(t, script); got != want || err != nil {
			t.Errorf("%s: %q, %v", script, got, err)
		}
	}
}

func TestCommandFails(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]string{
		"exit 3":                        "it failed: exit status 3",
		"echo no such item >&2; exit 1": "it failed: exit status 1: no such item",
		"echo; echo " + canary + " >&2; echo " + canary + "; exit 1": "it failed: exit status 1: …",
		"printf '\\033[31mred\\nmore' >&2; exit 1":                   "it failed: exit status 1: [31mred",
		"true":             "it printed nothing",
		"echo; echo ' '":   "it printed nothing",
		"printf 'a\\000b'": "what it printed cannot be used: it is not text",
		"cat /dev/zero":    "it printed more than 65536 bytes",
		"kill -9 $$":       "it failed: signal: killed",
	} {
		if got, err := shell(t, script); err == nil || err.Error() != want || got != "" {
			t.Errorf("%s: %q, %v; want %s", script, got, err, want)
		}
	}
	long := "head -c 100000 /dev/zero | tr '\\0' y >&2; exit 1"
	if _, err := shell(t, long); err == nil || len(err.Error()) > maxComplaint+50 {
		t.Errorf("%v", err)
	}
	for _, argv := range [][]string{{"no-such-program-here"}, {"./nor-this"}, {"/nor/this"}} {
		if _, err := Command(t.Context(), time.Minute, t.TempDir(), argv); err == nil || !strings.HasPrefix(err.Error(), "it cannot be run") {
			t.Errorf("%v: %v", argv, err)
		}
	}
}

func TestCommandRunsInItsFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "get"), []byte("#!/bin/sh\necho \"$1 in $(basename \"$PWD\")\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	got, err := Command(t.Context(), time.Minute, dir, []string{"./get", "$HOME; echo x"})
	if want := "$HOME; echo x in " + filepath.Base(dir); got != want || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// What takes too long is ended with everything that it started.
func TestCommandIsEnded(t *testing.T) {
	t.Parallel()
	for what, end := range map[string]func() (context.Context, time.Duration){
		"limit": func() (context.Context, time.Duration) { return t.Context(), 300 * time.Millisecond },
		"caller": func() (context.Context, time.Duration) {
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			t.Cleanup(cancel)
			return ctx, time.Minute
		},
	} {
		pidFile := filepath.Join(t.TempDir(), "pid")
		ctx, limit := end()
		_, err := Command(ctx, limit, t.TempDir(), []string{"sh", "-c", "sleep 1000 & echo $! > " + pidFile + "; wait"})
		if err == nil {
			t.Errorf("%s: no error", what)
		}
		data, err := os.ReadFile(pidFile)
		if errors.Is(err, os.ErrNotExist) {
			continue // it did not come that far on a busy machine
		}
		pid, err := strconv.Atoi(strings.TrimSpace(string(data)))
		if err != nil {
			continue
		}
		for deadline := time.Now().Add(time.Minute); running(pid); time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%s: process %d is left", what, pid)
			}
		}
	}
}

// running tells a process from one that is dead and not reaped by whoever
// inherited it.
func running(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(rest, "Z")
}

func TestKeychain(t *testing.T) {
	keyring.MockInit()
	if err := keyring.Set("bindery", "me", canary); err != nil {
		t.Fatal(err)
	}
	if got, err := Keychain("bindery", "me"); got != canary || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := Keychain("bindery", "you"); err == nil || !strings.Contains(err.Error(), "no entry") {
		t.Error(err)
	}
	keyring.MockInitWithError(errors.New("locked"))
	if _, err := Keychain("bindery", "me"); err == nil || !strings.Contains(err.Error(), "does not answer: locked") {
		t.Error(err)
	}
	for env, ok := range map[string]bool{"": false, "DBUS_SESSION_BUS_ADDRESS": true, "XDG_RUNTIME_DIR": false} {
		err := CheckKeychain(func(name string) string {
			if name == env {
				return "/none"
			}
			return ""
		})
		if (err == nil) != ok {
			t.Errorf("%q: %v", env, err)
		}
	}
}
