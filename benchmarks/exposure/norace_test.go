//go:build !race

package exposure_test

const counted = 65
