package backends

import "testing"

func TestHideHome(t *testing.T) {
	tests := []struct{ text, home, want string }{
		{"open /home/ann/x: no such file", "/home/ann", "open ~/x: no such file"},
		{"/home/ann", "/home/ann", "~"},
		{"in \"/home/ann\", /home/ann/a:/home/ann/b", "/home/ann", "in \"~\", ~/a:~/b"},
		{"file:///home/ann/x", "/home/ann", "file://~/x"},
		{"/home/anna /home/ann-2 /home/ann_x", "/home/ann", "/home/anna /home/ann-2 /home/ann_x"},
		{"/mnt/root/x /root/x", "/root", "/mnt/root/x ~/x"},
		{"/tmp/home/ann/x", "/home/ann", "/tmp/home/ann/x"},
		{"/a/b", "/", "/a/b"},
		{"/a/b", "", "/a/b"},
		{"a/b", "a", "a/b"},
	}
	for _, tt := range tests {
		if got := hideHome(tt.text, tt.home); got != tt.want {
			t.Errorf("%q without %q: got %q, want %q", tt.text, tt.home, got, tt.want)
		}
	}
}
