package spelling_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/internal/spelling"
)

func TestResembling(t *testing.T) {
	names := []string{"list_issues", "get_issue", "create_issue", "list_pull_requests", "delete"}
	tests := []struct {
		name string
		want []string
	}{
		{"list_isues", []string{"list_issues"}},
		{"listIssues", []string{"list_issues"}},
		{"LIST-ISSUES", []string{"list_issues"}},
		{"issue", []string{"list_issues", "get_issue", "create_issue"}},
		{"pull_requests", []string{"list_pull_requests"}},
		{"detele", []string{"delete"}},
		{"xyz", nil},
		{"", nil},
		{strings.Repeat("x", 1<<20), nil},
	}
	for _, tt := range tests {
		if got := spelling.Resembling(tt.name, names); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("Resembling(%.20q) = %q, want %q", tt.name, got, tt.want)
		}
	}
}
