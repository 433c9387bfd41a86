package spelling_test

import (
	"fmt"
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery/internal/spelling"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func Example() {
	for _, known := range []string{"list_issues", "get_issue"} {
		fmt.Println(known, spelling.Distance(spelling.Fold("lst-Issues"), spelling.Fold(known), 3))
	}
	// Output:
	// list_issues 1
	// get_issue 3
}

func TestDistance(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		most int
		want int
	}{
		{"", "", 3, 0},
		{"abc", "abc", 0, 0},
		{"abc", "", 3, 3},
		{"abc", "", 2, 3},
		{"abc", "acb", 3, 1},
		{"abc", "axc", 3, 1},
		{"kitten", "sitting", 3, 3},
		{"kitten", "sitting", 2, 3},
		{"ab", "ba", 1, 1},
	} {
		if got := spelling.Distance(tc.a, tc.b, tc.most); got != tc.want {
			t.Errorf("Distance(%q, %q, %d) = %d, want %d", tc.a, tc.b, tc.most, got, tc.want)
		}
		if got := spelling.Distance(tc.b, tc.a, tc.most); got != tc.want {
			t.Errorf("Distance(%q, %q, %d) = %d, want %d", tc.b, tc.a, tc.most, got, tc.want)
		}
	}
}
