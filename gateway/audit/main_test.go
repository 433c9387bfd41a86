package audit

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv("AUDIT_TEST_DIR"); dir != "" {
		loadUntilKilled(dir)
	}
	goleak.VerifyTestMain(m)
}
