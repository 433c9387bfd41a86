package secrets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/bindery-mcp/bindery"
)

const canary = "canary-7f3a9c51"

func set(t *testing.T, s *Store, name, value string) {
	t.Helper()
	if err := s.Set(t.Context(), name, value); err != nil {
		t.Fatal(err)
	}
}

func get(s *Store, name string) string {
	v, err := s.Read()
	if err != nil {
		return err.Error()
	}
	text, err := v.Get(name)
	if err != nil {
		return err.Error()
	}
	return text
}

func TestStore(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new", "folder")
	s := New(dir, "")
	if v, err := s.Read(); err != nil || len(v.Names()) != 0 {
		t.Fatalf("a store that is not there: %v, %v", v, err)
	}
	set(t, s, "b", canary)
	set(t, s, "a", "line one\nline two ✓")
	set(t, s, "b", canary+"2")
	if got := get(New(dir, ""), "b"); got != canary+"2" {
		t.Errorf("b is %q", got)
	}
	v, err := s.Read()
	if err != nil || !slices.Equal(v.Names(), []string{"a", "b"}) {
		t.Fatalf("%v, %v", v.Names(), err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		if text := fmt.Sprintf(verb, v); strings.Contains(text, canary) || strings.Contains(text, fmt.Sprintf("%x", canary)) {
			t.Errorf("%s shows %s", verb, text)
		}
	}
	if err := s.Remove(t.Context(), "a", "none"); bindery.CodeOf(err) != bindery.NotFound || get(s, "a") == "" {
		t.Errorf("removing what is not there: %v", err)
	}
	if err := s.Remove(t.Context(), "a"); err != nil || !strings.Contains(get(s, "a"), "none named") {
		t.Errorf("%v, %s", err, get(s, "a"))
	}
	for _, name := range []string{storeName, keyName, lockName} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || bytes.Contains(data, []byte(canary)) {
			t.Errorf("%s: %q, %v", name, data, err)
		}
	}
}

func TestStoreRefuses(t *testing.T) {
	t.Parallel()
	s := New(t.TempDir(), "")
	for _, name := range []string{"", "a b", "a/b", "ä", strings.Repeat("x", 65), "a\n"} {
		if err := s.Set(t.Context(), name, "x"); bindery.CodeOf(err) != bindery.Invalid {
			t.Errorf("the name %q: %v", name, err)
		}
	}
	for _, value := range []string{"", strings.Repeat("x", MaxValue+1), "a\x00b", "\xff"} {
		if err := s.Set(t.Context(), "a", value); bindery.CodeOf(err) != bindery.Invalid || len(value) > 1 && strings.Contains(err.Error(), value) {
			t.Errorf("a value of %d bytes: %v", len(value), err)
		}
	}
	if entries, err := os.ReadDir(s.dir); err != nil || len(entries) != 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestKeyIsNotReplaced(t *testing.T) {
	t.Parallel()
	s := New(t.TempDir(), "")
	set(t, s, "a", canary)
	sealed, err := os.ReadFile(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile(s.keyPath())
	if err != nil {
		t.Fatal(err)
	}
	for what, f := range map[string]func() error{
		"it is gone":         func() error { return os.Remove(s.keyPath()) },
		"it is another":      func() error { return os.WriteFile(s.keyPath(), foreignKey(t), 0o600) },
		"it is garbage":      func() error { return os.WriteFile(s.keyPath(), []byte("AGE-SECRET-KEY-1"+canary), 0o600) },
		"others may read it": func() error { return os.Chmod(s.keyPath(), 0o644) },
	} {
		if err := errors.Join(os.WriteFile(s.keyPath(), key, 0o600), f()); err != nil {
			t.Fatal(err)
		}
		if runtime.GOOS == "windows" && strings.HasPrefix(what, "others") {
			continue
		}
		if err := s.Set(t.Context(), "b", "x"); bindery.CodeOf(err) != bindery.Denied || strings.Contains(err.Error(), canary) {
			t.Errorf("%s: %v", what, err)
		}
		if now, err := os.ReadFile(s.Path()); err != nil || !bytes.Equal(now, sealed) {
			t.Errorf("%s: the store was written", what)
		}
		_ = os.Remove(s.keyPath())
	}
}

func foreignKey(t *testing.T) []byte {
	t.Helper()
	s := New(t.TempDir(), "")
	set(t, s, "a", "x")
	key, err := os.ReadFile(s.keyPath())
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestPassphrase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := New(dir, "correct horse")
	set(t, s, "a", canary)
	if got := get(New(dir, "correct horse"), "a"); got != canary {
		t.Error(got)
	}
	for _, other := range []*Store{New(dir, "wrong"), New(dir, "")} {
		if _, err := other.Read(); bindery.CodeOf(err) != bindery.Denied || !strings.Contains(bindery.HintOf(err), PassphraseVariable) {
			t.Errorf("%v; %s", err, bindery.HintOf(err))
		}
		if err := other.Set(t.Context(), "a", "x"); err == nil {
			t.Error("a store that could not be read was written")
		}
	}
	if _, err := os.Stat(s.keyPath()); err == nil {
		t.Error("a key was made beside the passphrase")
	}
}

// A store with a key becomes one with a passphrase by the next change.
func TestPassphraseTakesOver(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	set(t, New(dir, ""), "a", canary)
	set(t, New(dir, "later"), "b", "x")
	if got := get(New(dir, "later"), "a"); got != canary {
		t.Error(got)
	}
	if _, err := New(dir, "").Read(); err == nil {
		t.Error("the key still opens it")
	}
}

func TestDamagedStore(t *testing.T) {
	t.Parallel()
	s := New(t.TempDir(), "")
	set(t, s, "a", canary)
	sealed, err := os.ReadFile(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range [][]byte{{}, []byte("text"), sealed[:len(sealed)-1], sealed[:100], append(bytes.Clone(sealed), 'x'), bytes.Repeat([]byte("x"), maxSealed+1)} {
		if err := os.WriteFile(s.Path(), data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Read(); err == nil || strings.Contains(err.Error(), canary) {
			t.Errorf("%d bytes: %v", len(data), err)
		}
		if err := s.Set(t.Context(), "b", "x"); err == nil {
			t.Errorf("%d bytes were replaced", len(data))
		}
	}
}

func TestWritersDoNotLoseEachOther(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var wg sync.WaitGroup
	const n = 8
	for i := range n {
		wg.Go(func() {
			if err := New(dir, "").Set(t.Context(), fmt.Sprint("s", i), "x"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if v, err := New(dir, "").Read(); err != nil || len(v.Names()) != n {
		t.Errorf("%v, %v", v.Names(), err)
	}
}

func TestLockIsGivenUp(t *testing.T) {
	t.Parallel()
	s := New(t.TempDir(), "")
	unlock, err := lockFile(t.Context(), filepath.Join(s.dir, lockName))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Set(ctx, "a", "x"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	unlock()
	set(t, s, "a", "x")
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{`{"version":1,"secrets":{"a":"b"}}`, `{"version":2}`, `{}`, `{"version":1,"secrets":null}`, `{"version":1,"secrets":{"a":1}}`, `[[[[`, `{"version":1} x`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, plain []byte) {
		v, err := parse(plain)
		if err != nil {
			return
		}
		text, err := v.encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := parse(text)
		if err != nil || !slices.Equal(again.Names(), v.Names()) {
			t.Errorf("%q was written as %q: %v", plain, text, err)
		}
	})
}
