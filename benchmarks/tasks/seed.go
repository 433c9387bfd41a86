package tasks

import (
	"fmt"
	"math/rand/v2"
)

// Seed makes the published fixtures.
const Seed = 6

// dice are the choices of one generator. They are drawn from the bits of the
// source alone, whose algorithm does not change with the Go version.
type dice struct{ src *rand.PCG }

func newDice(seed uint64, what string) dice {
	var h uint64 = 14695981039346656037 // FNV-1a, so that generators draw apart
	for _, b := range []byte(what) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return dice{rand.NewPCG(seed, h)}
}

// below returns a number from 0 to n-1.
func (d dice) below(n int) int { return int(d.src.Uint64() >> 1 % uint64(n)) }

// between returns a number from low to high, both included.
func (d dice) between(low, high int) int { return low + d.below(high-low+1) }

// chance is true in percent of all cases.
func (d dice) chance(percent int) bool { return d.below(100) < percent }

func pick[T any](d dice, from []T) T { return from[d.below(len(from))] }

// shuffled returns the list in another order.
func shuffled[T any](d dice, from []T) []T {
	list := append([]T(nil), from...)
	for i := len(list) - 1; i > 0; i-- {
		j := d.below(i + 1)
		list[i], list[j] = list[j], list[i]
	}
	return list
}

// date returns a day of 2025.
func (d dice) date() string { return fmt.Sprintf("2025-%02d-%02d", d.between(1, 12), d.between(1, 28)) }

func firstNames() []string {
	return []string{"Ada", "Bela", "Chidi", "Dana", "Emeka", "Freya", "Goran", "Hana", "Ines", "Jonas", "Kaveh", "Lena"}
}

func lastNames() []string {
	return []string{"Moreau", "Okafor", "Lindqvist", "Tanaka", "Novak", "Ferreira", "Haddad", "Kowalski", "Sato", "Brandt", "Osei", "Varga"}
}

func teams() []string {
	return []string{"Payments", "Search", "Logistics", "Identity", "Storefront"}
}
