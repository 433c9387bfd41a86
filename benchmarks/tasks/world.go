package tasks

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/bindery-mcp/bindery/backends"
)

// What stands in counted text for the places that differ from run to run, so
// that the same seed gives the same number of tokens.
const (
	statedDir = "/home/ada/desk"
	statedURL = "http://127.0.0.1:8080"
)

// world is what one way of doing a task works on: a folder, made anew, the
// servers of the task and, where it has one, a web site.
type world struct {
	dir  string
	seed uint64
	url  string // of the site
	set  *backends.Set

	site   *http.Server
	served chan error
}

// closing bounds the end of servers and site.
const closing = 20 * time.Second

// newWorld makes the fixtures of a task and starts its servers. base is a
// folder of the run; each world of it has the same place, so that servers are
// the same ones to whoever remembers them.
func (o *Options) newWorld(ctx context.Context, base string, t Task) (_ *world, err error) {
	w := &world{dir: desk(base), seed: o.Seed}
	home, temp := filepath.Join(base, "home"), filepath.Join(base, "tmp")
	for _, dir := range []string{w.dir, home, temp} {
		if err := os.RemoveAll(dir); err != nil {
			return nil, fmt.Errorf("empty the folder of the task: %w", err)
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, fmt.Errorf("make the folder of the task: %w", err)
		}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.close())
		}
	}()
	if t.site {
		if err := w.serve(ctx); err != nil {
			return nil, err
		}
	}
	if err := t.files(ctx, w); err != nil {
		return nil, fmt.Errorf("make the files of %s: %w", t.ID, err)
	}
	var specs []backends.Spec
	for _, name := range t.Servers {
		specs = append(specs, o.Packages.spec(name, w.dir, map[string]string{"HOME": home, "TMPDIR": temp, "TZ": "UTC", "LANG": "C.UTF-8"}, o.Chromium))
	}
	if w.set, err = backends.Open(ctx, specs, backends.Options{Logger: o.Logger, ClientName: "bindery-bench"}); err != nil {
		return nil, err
	}
	if err := w.set.Ready(ctx); err != nil {
		return nil, err
	}
	for _, s := range w.set.Status() {
		if s.State != backends.Ready {
			return nil, fmt.Errorf("start the server %s: %w", s.Name, s.Cause)
		}
	}
	if t.load == nil {
		return w, nil
	}
	if err := t.load(ctx, w); err != nil {
		return nil, fmt.Errorf("fill the servers of %s: %w", t.ID, err)
	}
	return w, nil
}

// desk is the folder of a world. Its path is always of the same length, as far
// as the place for temporary files leaves room: scripts and messages cut texts
// that have it in them, and what is left must not depend on the machine.
func desk(base string) string {
	const length = 80
	rest := max(len("desk"), length-len(base)-1)
	return filepath.Join(base, "desk"+strings.Repeat("-", rest-len("desk")))
}

// serve starts the site on a free port of this machine.
func (w *world) serve(ctx context.Context) error {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("serve the site: %w", err)
	}
	w.url = "http://" + ln.Addr().String()
	w.site = &http.Server{Handler: site(w.seed), ReadHeaderTimeout: closing}
	w.served = make(chan error, 1)
	go func() { w.served <- w.site.Serve(ln) }()
	return nil
}

// close ends servers and site; the folder stays until the next world.
func (w *world) close() error {
	var errs []error
	ctx, cancel := context.WithTimeout(context.Background(), closing)
	defer cancel()
	if w.set != nil {
		errs = append(errs, w.set.Close(ctx))
	}
	if w.site != nil {
		errs = append(errs, w.site.Close())
		if err := <-w.served; !errors.Is(err, http.ErrServerClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// real puts the world's places into the text of a script, which names the
// stated ones.
func (w *world) real(text string) string {
	return strings.NewReplacer(statedDir, w.dir, statedURL, w.url).Replace(text)
}

// stated takes them out of a text before it is counted or compared.
func (w *world) stated(text string) string {
	text = strings.ReplaceAll(text, w.dir, statedDir)
	text = statedCut(text, w.dir)
	if w.url != "" {
		text = strings.ReplaceAll(text, w.url, statedURL)
	}
	return snapshotFile.ReplaceAllString(text, "page-2026-01-01T00-00-00-000Z.yml")
}

// statedCut takes out the beginnings of a folder's path that end where a message
// was cut.
func statedCut(text, dir string) string {
	const cut = "…"
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, cut)
		if !found {
			b.WriteString(before)
			return b.String()
		}
		for n := min(len(dir), len(before)); n > 1; n-- {
			if strings.HasSuffix(before, dir[:n]) {
				before = before[:len(before)-n] + statedDir
				break
			}
		}
		b.WriteString(before + cut)
		text = after
	}
}

// snapshotFile is what the browser server calls the file of a snapshot, by the
// time of day.
var snapshotFile = regexp.MustCompile(`page-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z\.yml`)

func (w *world) path(name ...string) string {
	return filepath.Join(append([]string{w.dir}, name...)...)
}
