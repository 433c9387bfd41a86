//go:build race

package exposure_test

// counted is up to how many servers a test counts. The race detector makes
// counting ten times slower, and there is nothing to race.
const counted = 5
