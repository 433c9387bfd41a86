package audit

import (
	"context"
	"errors"
	"iter"
	"path/filepath"
	"time"
)

// pollEvery is how soon who follows a log sees a record.
const pollEvery = 200 * time.Millisecond

// Last returns the number of the last record of the log in a folder, which is
// found by reading its last file.
func Last(dir string) (seq uint64, err error) {
	files, err := filesOf(dir)
	if err != nil {
		return 0, err
	}
	f := files[len(files)-1]
	seq = f.first - 1
	for l, err := range lines(f, true) {
		if _, bad := errors.AsType[*RecordError](err); err != nil && !bad {
			return seq, err
		} else if err == nil {
			seq = l.Seq
		}
	}
	return seq, nil
}

// Follow yields the records from one on, and further ones as they are written,
// until ctx is done. The first error ends it.
func Follow(ctx context.Context, dir string, from uint64) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		files, err := filesOf(dir)
		if err != nil {
			yield(Line{}, err)
			return
		}
		f := files[0]
		for _, later := range files[1:] {
			if later.first <= from {
				f = later
			}
		}
		at, n, seq := int64(0), 0, f.first-1
		tick := time.NewTicker(pollEvery)
		defer tick.Stop()
		for {
			stopped, end, read, err := f.from(at, n, func(l Line, err error) bool {
				if err == nil {
					seq = l.Seq
				}
				return (err == nil && l.Seq < from || yield(l, err)) && err == nil
			})
			if stopped {
				return
			}
			if err != nil && !errors.Is(err, errUnended) {
				yield(Line{}, err)
				return
			}
			at, n = end.at, n+read
			// The next file is there only once this one is complete.
			if next := (logFile{filepath.Join(dir, fileName(seq+1)), seq + 1}); next.grew(span{}) {
				f, at, n = next, 0, 0
				continue
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	}
}
