package interpreter

// Interpreter is a CPython for wasm32-wasi, and what a host must know to
// snapshot it and run code in it.
type Interpreter struct {
	// Version of Python, such as "3.13.5"; "unknown" if nothing tells it.
	Version string
	// SHA256 of the module, in hexadecimal.
	SHA256 string
	// Wasm returns the module. The caller may change its bytes; each call has
	// its own.
	Wasm func() ([]byte, error)

	// Library is a zip archive whose files are to be found, read-only, under
	// LibraryPath; nobody changes it. It is nil if the module holds its library
	// itself.
	Library     []byte
	LibraryPath string

	// RunString is the index of the function PyRun_SimpleStringFlags, and
	// StackPointer that of the global that the C stack ends at.
	RunString, StackPointer uint32
}
