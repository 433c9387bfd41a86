package quota

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/bindery-mcp/bindery/internal/atomicfile"
)

// usage is what was used in a day.
type usage struct {
	Day string `json:"day"` // of UTC, as 2006-01-02
	// Calls and Executions are by quota and client.
	Calls      map[string]map[string]int64 `json:"calls"`
	Executions map[string]map[string]int64 `json:"executions"`
}

func newUsage(day string) usage {
	return usage{Day: day, Calls: map[string]map[string]int64{}, Executions: map[string]map[string]int64{}}
}

func today(now time.Time) string { return now.UTC().Format(time.DateOnly) }

// roll begins a new day when it is one. A clock that was put back begins none.
func (u *usage) roll(now time.Time) {
	if day := today(now); day > u.Day {
		*u = newUsage(day)
	}
}

func (u *usage) calls(a account) int64      { return u.Calls[a.quota][a.client] }
func (u *usage) executions(a account) int64 { return u.Executions[a.quota][a.client] }
func (u *usage) add(a account, n int64)     { increase(u.Calls, a, n) }
func (u *usage) addExecution(a account)     { increase(u.Executions, a, 1) }

func increase(m map[string]map[string]int64, a account, n int64) {
	if m[a.quota] == nil {
		m[a.quota] = map[string]int64{}
	}
	m[a.quota][a.client] += n
}

func (u *usage) has(a account) bool {
	_, calls := u.Calls[a.quota][a.client]
	_, executions := u.Executions[a.quota][a.client]
	return calls || executions
}

func (u *usage) size() int {
	n := 0
	for _, kind := range []map[string]map[string]int64{u.Calls, u.Executions} {
		for _, clients := range kind {
			n += len(clients)
		}
	}
	return n
}

// merge takes what was used of the same day, or of one that is yet to come by
// this clock.
func (u *usage) merge(was usage) {
	if was.Day < u.Day {
		return
	}
	for quota, clients := range was.Calls {
		for client, n := range clients {
			u.add(account{quota, client}, max(n, 0))
		}
	}
	for quota, clients := range was.Executions {
		for client, n := range clients {
			increase(u.Executions, account{quota, client}, max(n, 0))
		}
	}
}

// maxFile bounds a file of what was used.
const maxFile = 16 << 20

// read returns what a file says; nothing if there is none.
func read(path string) (usage, error) {
	data, err := atomicfile.Read(path, maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return usage{}, nil
	}
	if err != nil {
		return usage{}, err
	}
	return parse(data)
}

func parse(data []byte) (usage, error) {
	var u usage
	if err := json.Unmarshal(data, &u); err != nil {
		return usage{}, fmt.Errorf("it is not what was used of quotas: %w", err)
	}
	if _, err := time.Parse(time.DateOnly, u.Day); err != nil {
		return usage{}, errors.New("it names no day")
	}
	return u, nil
}
