package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/bindery-mcp/bindery"
)

const (
	// stall is how long a server may send nothing.
	stall = 30 * time.Second
	// tries is how many attempts in a row may bring next to nothing.
	tries = 4
	// worthwhile is how many bytes are more than next to nothing.
	worthwhile = 64 << 10
	// pause is the wait before the second attempt; later ones wait longer.
	pause = 500 * time.Millisecond
)

// Options say how a download is done. The zero value is of use.
type Options struct {
	// Client sends the requests; nil for http.DefaultClient.
	Client *http.Client
	// Progress is told how many of total bytes are there. It is called by
	// Download, often, and may be nil.
	Progress func(done, total int64)
}

// Download gets the file to path, in a folder that exists, unless it is there.
// What was not finished stays as path.part, and the next download goes on from
// it. Two processes do not download to one path at once: the second is refused.
func (f File) Download(ctx context.Context, path string, o Options) error {
	err := f.download(ctx, path, o)
	if err == nil {
		return nil
	}
	out := &bindery.Error{Code: bindery.CodeOf(err), Op: "download " + f.name(), Err: err}
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		out.Code, out.Err = bindery.Timeout, ctx.Err()
	case ctx.Err() != nil:
		out.Code, out.Err = bindery.Cancelled, ctx.Err()
	case errors.As(err, new(*mismatchError)):
		out.Code = bindery.Upstream
		out.Hint = "nothing was kept; try again, and if it stays so, what is served there is not the file that was published"
	}
	return out
}

func (f File) download(ctx context.Context, path string, o Options) error {
	address, err := f.check()
	if err != nil {
		return &bindery.Error{Code: bindery.Invalid, Err: err}
	}
	if f.Digest.Verify(ctx, path, f.Size) == nil {
		return nil
	}
	p, err := openPart(path)
	if err != nil {
		return local(err)
	}
	defer p.close()
	if o.Progress == nil {
		o.Progress = func(int64, int64) {}
	}
	d := &download{File: f, address: address, client: following(o.Client), part: p, progress: o.Progress}
	if err := d.run(ctx); err != nil {
		return err
	}
	if err := p.place(); err != nil {
		return local(err)
	}
	return nil
}

// local is an error of this machine's.
func local(err error) error {
	if errors.As(err, new(*bindery.Error)) {
		return err
	}
	return &bindery.Error{Code: bindery.Unavailable, Err: err, Hint: "check that the folder can be written to and that there is room"}
}

// download is one file on its way.
type download struct {
	File
	address  *url.URL
	client   *http.Client
	part     *part
	progress func(done, total int64)
	// reached says that a server has answered.
	reached bool
}

// run fills the part with what the file should be.
func (d *download) run(ctx context.Context) error {
	for again := false; ; again = true {
		if err := d.fill(ctx); err != nil {
			return err
		}
		err := d.Digest.Verify(ctx, d.part.path(), d.Size)
		if err == nil || ctx.Err() != nil {
			return err
		}
		pieced := d.part.pieced
		if e := d.part.reset(); e != nil {
			return local(e)
		}
		// Its pieces may have been of two files.
		if !pieced || again {
			return err
		}
	}
}

// fill makes attempts until the part has the file's size.
func (d *download) fill(ctx context.Context) error {
	best := d.part.size
	for failed := 0; ; {
		err := d.attempt(ctx)
		if err == nil || ctx.Err() != nil || !isTemporary(err) {
			return err
		}
		if failed++; d.part.size >= best+worthwhile {
			best, failed = d.part.size, 1
		}
		if failed == tries {
			return fmt.Errorf("%w (tried %d times)", err, tries)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(failed) * pause):
		}
	}
}

const resumable = "what has come is kept, and the same command goes on from there"

var errStalled = errors.New("the server sent nothing for " + stall.String())

// attempt asks once for what is missing.
func (d *download) attempt(ctx context.Context) error {
	switch {
	case d.part.size == d.Size:
		return nil
	case d.part.size > d.Size:
		if err := d.part.reset(); err != nil {
			return local(err)
		}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watch := time.AfterFunc(stall, func() { cancel(errStalled) })
	defer watch.Stop()
	resp, err := d.ask(ctx)
	if err != nil {
		return d.unreachable(ctx, err)
	}
	defer resp.Body.Close()
	d.reached = true
	if err := d.accept(resp); err != nil {
		return err
	}
	return d.copy(ctx, resp.Body, watch)
}

func (d *download) ask(ctx context.Context) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.address.String(), http.NoBody)
	if err != nil {
		return nil, final{err}
	}
	req.Header.Set("User-Agent", "bindery")
	req.Header.Set("Accept-Encoding", "identity") // the digest is of what is served
	if d.part.size > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", d.part.size))
		if d.part.tag != "" {
			req.Header.Set("If-Range", d.part.tag)
		}
	}
	return d.client.Do(req)
}

// copy appends the body to the part.
func (d *download) copy(ctx context.Context, body io.Reader, watch *time.Timer) error {
	buf := make([]byte, 64<<10)
	for {
		d.progress(d.part.size, d.Size)
		n, err := body.Read(buf)
		watch.Reset(stall)
		if d.part.size+int64(n) > d.Size {
			if err := d.part.reset(); err != nil {
				return local(err)
			}
			return d.wrongSize("more")
		}
		if n > 0 {
			if err := d.part.append(buf[:n]); err != nil {
				return local(err)
			}
		}
		switch {
		case errors.Is(err, io.EOF) && d.part.size == d.Size:
			d.progress(d.Size, d.Size)
			return nil
		case err != nil:
			if cause := context.Cause(ctx); cause != nil {
				err = cause
			}
			return temporary{&bindery.Error{
				Code: bindery.Unavailable, Hint: resumable,
				Err: fmt.Errorf("the connection ended after %d of %d bytes: %w", d.part.size, d.Size, err),
			}}
		}
	}
}

// reader reads as long as its context lasts, and counts.
type reader struct {
	ctx context.Context
	r   io.Reader
	n   int64
}

func (r *reader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := r.r.Read(b)
	r.n += int64(n)
	return n, err
}
