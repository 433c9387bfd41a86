package jsonscan_test

import (
	"fmt"
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func Example() {
	fmt.Println(jsonscan.Exceeds([]byte(`{"a":[1,[2]]}`), 2, 100) == jsonscan.Depth)
	// Output: true
}

func TestExceeds(t *testing.T) {
	for _, tc := range []struct {
		data         string
		depth, nodes int
		want         jsonscan.Excess
	}{
		{`{"a":[1,[2]]}`, 3, 100, jsonscan.None},
		{`{"a":[1,[2]]}`, 2, 100, jsonscan.Depth},
		{`[1,2,3]`, 1, 4, jsonscan.None},
		{`[1,2,3]`, 1, 3, jsonscan.Nodes},
		{`"[[[[,,,,"`, 0, 1, jsonscan.None},
		{`"\"[[["`, 0, 1, jsonscan.None},
		{`"\\"[`, 0, 9, jsonscan.Depth},
		{`"\`, 0, 1, jsonscan.None},
		{`]]][`, 0, 9, jsonscan.None},
		{``, 0, 1, jsonscan.None},
	} {
		if got := jsonscan.Exceeds([]byte(tc.data), tc.depth, tc.nodes); got != tc.want {
			t.Errorf("Exceeds(%s, %d, %d) = %d, want %d", tc.data, tc.depth, tc.nodes, got, tc.want)
		}
	}
}
