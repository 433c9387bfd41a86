package shape

import "strings"

// followers returns the letters that follow c in at least five of the 8,000
// words in the descriptions and property names of 67 public servers, or in
// common words such as "algorithm". A pair of random letters is among them in
// six cases of ten.
func followers(c byte) string {
	switch c {
	case 'a':
		return "abcdefgijklmnprstuvwxyz"
	case 'b':
		return "abcdefghijlmnoprstuy"
	case 'c':
		return "acdehiklmnoprstuy"
	case 'd':
		return "abcdefgiklmnoprstuvy"
	case 'e':
		return "abcdefghijklmnopqrstuvwxy"
	case 'f':
		return "aefilorstuy"
	case 'g':
		return "acdeghilmnoprsuy"
	case 'h':
		return "abcdeilmnoprstuy"
	case 'i':
		return "abcdefgiklmnopqrstuvxz"
	case 'j':
		return "aeopsu"
	case 'k':
		return "abdefgilmnpstu"
	case 'l':
		return "abcdefgiklmnoprstuvwy"
	case 'm':
		return "abcdefilmnopsuy"
	case 'n':
		return "abcdefghijklmnoprstuvy"
	case 'o':
		return "abcdefgijklmnoprstuvwxy"
	case 'p':
		return "acdefghilmoprstuy"
	case 'q':
		return "lu"
	case 'r':
		return "abcdefgiklmnoprstuvwy"
	case 's':
		return "acdefghiklmnopqrstuvwy"
	case 't':
		return "abcdefghilmnoprstuvwy"
	case 'u':
		return "abcdefgilmnoprstu"
	case 'v':
		return "aegiopsu"
	case 'w':
		return "acehilnors"
	case 'x':
		return "aceimpt"
	case 'y':
		return "abcdefghilmnoprstuwz"
	case 'z':
		return "aeio"
	}
	return ""
}

// oddPairs returns how many neighbours in a word of lower-case letters are
// seldom neighbours in words.
func oddPairs(word string) int {
	n := 0
	for i := 1; i < len(word); i++ {
		if strings.IndexByte(followers(word[i-1]), word[i]) < 0 {
			n++
		}
	}
	return n
}
