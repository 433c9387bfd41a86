package wasm

// Countdown makes the program call the imported function, which takes nothing
// and returns an i32, once in period checks. There is a check in every turn of
// a loop and in every call of a function that itself calls, so however long
// the program runs, it passes one: native code that never did could be neither
// stopped nor moved out of the way of Go's garbage collector, which waits for
// all threads.
//
// The function must be an import already, for another one would change the
// numbers of all functions. Debug information no longer fits the code: see
// [Module.Strip].
func (m *Module) Countdown(period uint32, importModule, importName string) error {
	const op = "count down"
	if m.check != nil {
		return refuse(op, "Call Countdown once.", "the module counts down already")
	}
	if period == 0 {
		return refuse(op, "Choose a period of at least 1.", "a period of 0")
	}
	host, err := m.importedGetI32(op, importModule, importName)
	if err != nil {
		return err
	}
	entry := []byte{typeI32, 1, opI32Const}
	entry = append(appendS32(entry, int32(period)), opEnd)
	global := m.imported[KindGlobal] + m.add(sectionGlobal, entry...) - 1

	// Cheapest of the forms measured. The runtime has the global's value in a
	// register between set and get, so that a local for it gains nothing. An
	// else saves the i32.eqz. One function for all that is under it would make
	// the code smaller, and everything slower by a twentieth.
	check := appendU32([]byte{opGlobalGet}, global)
	check = append(check, opI32Const, 1, opI32Sub)
	check = appendU32(append(check, opGlobalSet), global)
	check = appendU32(append(check, opGlobalGet), global)
	check = append(check, opIf, blockEmpty, opElse, opI32Const)
	check = append(appendS32(check, int32(period)), opGlobalSet)
	check = append(appendU32(check, global), opCall)
	check = append(appendU32(check, host), opDrop, opEnd)
	m.check = check
	if s := m.section(sectionCode); s != nil {
		s.raw = nil
	}
	return nil
}

func (m *Module) importedGetI32(op, module, name string) (uint32, error) {
	const hint = "Link the program so that it imports the function, as WASI programs that use sched_yield do."
	for _, i := range m.imports {
		if i.Kind != KindFunction || i.Module != module || i.Name != name {
			continue
		}
		if !m.getsI32[i.typ] {
			return 0, refuse(op, hint, "%s.%s does not take nothing and return an i32", module, name)
		}
		return i.Index, nil
	}
	return 0, refuse(op, hint, "the module does not import %s.%s", module, name)
}
