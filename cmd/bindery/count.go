package main

import "fmt"

// counted is a number of things, as in "1 tool" and "2 tools".
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
