package stdio

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery/backends/backendtest"
)

func TestMain(m *testing.M) {
	backendtest.Main()
	goleak.VerifyTestMain(m)
}
