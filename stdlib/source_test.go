package stdlib_test

import (
	"testing"

	"github.com/dop251/goja"
	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery/stdlib"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func run(t *testing.T, vm *goja.Runtime, source string) goja.Value {
	t.Helper()
	v, err := vm.RunString(source)
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return v
}

// Nothing that the code adds shows up in a loop over anything.
func TestNothingIsEnumerable(t *testing.T) {
	vm := goja.New()
	run(t, vm, stdlib.JavaScript().Code)
	v := run(t, vm, `const seen = [];
for (const o of [globalThis, {}, [], "", 1, new Map(), /x/, () => 1, [].values(), Promise.resolve(), new TextEncoder(), Object, Array, Map, Promise, RegExp])
  for (const k in o) seen.push(k);
seen.join()`)
	if v.String() != "" {
		t.Errorf("enumerable: %s", v)
	}
}

// What an engine has of its own stays.
func TestKeepsWhatIsThere(t *testing.T) {
	vm := goja.New()
	run(t, vm, `Object.groupBy = 1; globalThis.structuredClone = 2; Promise.withResolvers = 3`)
	run(t, vm, stdlib.JavaScript().Code)
	if v := run(t, vm, `[Object.groupBy, structuredClone, Promise.withResolvers].join()`); v.String() != "1,2,3" {
		t.Errorf("replaced: %s", v)
	}
	run(t, vm, `delete Object.groupBy`)
	run(t, vm, stdlib.JavaScript().Code)
	if v := run(t, vm, `typeof Object.groupBy`); v.String() != "function" {
		t.Errorf("Object.groupBy is %s after the second run", v)
	}
}

func TestTextRoundTrip(t *testing.T) {
	vm := goja.New()
	run(t, vm, stdlib.JavaScript().Code)
	v := run(t, vm, `let wrong = "";
for (let p = 0; p < 0x11000; p += p < 0x900 ? 1 : 257) {
  const s = "a" + String.fromCodePoint(p) + "b";
  const lone = p >= 0xd800 && p <= 0xdfff;
  if (new TextDecoder().decode(new TextEncoder().encode(s)) !== (lone ? "a\ufffdb" : s)) wrong += p + " ";
}
for (let i = 0; i < 256; i++) {
  const s = String.fromCharCode(i, 255 - i, i).slice(i % 3);
  if (atob(btoa(s)) !== s) wrong += "b" + i + " ";
}
wrong`)
	if v.String() != "" {
		t.Errorf("changed: %s", v)
	}
}
