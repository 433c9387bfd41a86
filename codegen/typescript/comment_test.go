package typescript

import "testing"

func TestComment(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", ""},
		{"One line.", "  /** One line. */\n"},
		{"First.\n\nSecond.", "  /** First.\n\n  Second. */\n"},
		{"glob **/*.ts */ evil", "  /** glob **\\/*.ts *\\/ evil */\n"},
		{"ends in *", "  /** ends in * */\n"},
		{"/ begins", "  /** / begins */\n"},
	}
	for _, tt := range tests {
		if got := comment(tt.text, "  "); got != tt.want {
			t.Errorf("comment(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}
