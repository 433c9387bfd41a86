package secrets

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
	"unicode"
)

// Bounds on a program that prints a secret.
const (
	// CommandTime is how long one may take.
	CommandTime  = 10 * time.Second
	maxComplaint = 200 // bytes that are shown of what it said
	leftOpen     = time.Second
)

// Command returns what a program prints, without white space around it. The
// program runs in a folder, without a shell and without input, with this
// process's environment except for the passphrase of the store, and is ended
// with all that it started when it takes longer than limit or ctx.
//
// An error holds its exit status and the beginning of what it said on standard
// error, never what it printed.
func Command(ctx context.Context, limit time.Duration, dir string, argv []string) (string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("it took longer than %s", limit))
	defer cancel()
	program := argv[0]
	if !filepath.IsAbs(program) && strings.ContainsRune(program, filepath.Separator) {
		abs, err := filepath.Abs(filepath.Join(dir, program))
		if err != nil {
			return "", err
		}
		program = abs
	}
	cmd := exec.CommandContext(ctx, program, argv[1:]...)
	cmd.Dir, cmd.Env = dir, environment()
	printed, said := &bounded{limit: MaxValue, strict: true}, &bounded{limit: 4 << 10}
	cmd.Stdout, cmd.Stderr = printed, said
	ownGroup(cmd)
	cmd.Cancel = func() error { killGroup(cmd.Process); return nil }
	cmd.WaitDelay = leftOpen // something it started may hold on to the pipes
	err := cmd.Run()
	if cmd.Process != nil {
		killGroup(cmd.Process)
	}
	switch {
	case printed.over:
		return "", fmt.Errorf("it printed more than %d bytes", MaxValue)
	case ctx.Err() != nil && err != nil:
		return "", context.Cause(ctx)
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		return "", failure(err, said.String(), printed.String())
	}
	text := strings.TrimSpace(printed.String())
	if err := checkValue(text); text != "" && err != nil {
		return "", fmt.Errorf("what it printed cannot be used: %w", err)
	}
	if text == "" {
		return "", errors.New("it printed nothing")
	}
	return text, nil
}

// environment is the process's own, without what opens the store.
func environment() []string {
	var kept []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, PassphraseVariable+"=") {
			kept = append(kept, v)
		}
	}
	return kept
}

// failure is the error of a program that could not be run, or failed.
func failure(err error, said, printed string) error {
	if e, ok := errors.AsType[*exec.Error](err); ok {
		return fmt.Errorf("it cannot be run: %w", e.Err)
	}
	exited, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		return fmt.Errorf("it cannot be run: %w", err)
	}
	status := fmt.Errorf("it failed: %s", exited.ProcessState)
	if said = complaint(said, printed); said != "" {
		status = fmt.Errorf("%w: %s", status, said)
	}
	return status
}

// complaint is the first line of what a program said, without anything that it
// printed.
func complaint(said, printed string) string {
	for word := range strings.FieldsSeq(printed) {
		if len(word) >= 4 {
			said = strings.ReplaceAll(said, word, "…")
		}
	}
	said, _, _ = strings.Cut(strings.TrimSpace(said), "\n")
	said = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(said, "�"))
	if len(said) > maxComplaint {
		said = strings.ToValidUTF8(said[:maxComplaint], "") + "…"
	}
	return strings.TrimSpace(said)
}

// bounded keeps the beginning of what is written to it. A strict one takes
// nothing that is longer.
type bounded struct {
	kept   []byte
	limit  int
	strict bool
	over   bool
}

func (b *bounded) Write(p []byte) (int, error) {
	room := b.limit - len(b.kept)
	if len(p) <= room {
		b.kept = append(b.kept, p...)
		return len(p), nil
	}
	b.kept, b.over = append(b.kept, p[:room]...), true
	if b.strict {
		return room, io.ErrShortWrite
	}
	return len(p), nil
}

func (b *bounded) String() string { return string(b.kept) }
