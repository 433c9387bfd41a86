package form

// reservedGlobal reports whether no server can have that identifier.
func reservedGlobal(ident string, l Language) bool {
	if l == Python {
		return pythonGlobal(ident)
	}
	return scriptGlobal(ident)
}

// reservedMember reports whether no tool can have that identifier.
func reservedMember(ident string, l Language) bool {
	if l == Python {
		return pythonMember(ident)
	}
	return reservedProperty(ident)
}

// reservedProperty reports whether a property of that name means something to
// JavaScript itself: "then" would make the object a promise to await, and the
// others are what every object has. Words such as delete are fine.
func reservedProperty(name string) bool {
	switch name {
	case "then", "constructor", "prototype", "toString", "toLocaleString", "toJSON", "valueOf", "hasOwnProperty",
		"isPrototypeOf", "propertyIsEnumerable", "__proto__", "__defineGetter__", "__defineSetter__",
		"__lookupGetter__", "__lookupSetter__":
		return true
	}
	return false
}

// scriptGlobal reports whether a global of that name cannot be had: the
// reserved words of ECMA-262 §12.7.2 and of TypeScript's declarations, the
// globals of the language, and those that scripts find or expect.
func scriptGlobal(name string) bool {
	switch name {
	case "arguments", "async", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default",
		"delete", "do", "else", "enum", "eval", "export", "extends", "false", "finally", "for", "function", "if",
		"implements", "import", "in", "instanceof", "interface", "let", "new", "null", "of", "package", "private",
		"protected", "public", "return", "static", "super", "switch", "this", "throw", "true", "try", "typeof",
		"using", "var", "void", "while", "with", "yield":
		return true
	case "any", "bigint", "boolean", "never", "number", "object", "string", "symbol", "unknown":
		return true
	}
	return languageGlobal(name) || environmentGlobal(name) || reservedProperty(name)
}

// languageGlobal reports whether ECMAScript 2025 has a global of that name
// (ECMA-262 §19 and annex B.2.1), or a later edition already agreed on.
func languageGlobal(name string) bool {
	switch name {
	case "globalThis", "Infinity", "NaN", "undefined", "isFinite", "isNaN", "parseFloat", "parseInt",
		"decodeURI", "decodeURIComponent", "encodeURI", "encodeURIComponent", "escape", "unescape",
		"Atomics", "Intl", "JSON", "Math", "Reflect", "Temporal":
		return true
	case "Array", "ArrayBuffer", "AsyncDisposableStack", "BigInt", "BigInt64Array", "BigUint64Array", "Boolean",
		"DataView", "Date", "DisposableStack", "FinalizationRegistry", "Float16Array", "Float32Array", "Float64Array",
		"Function", "Int16Array", "Int32Array", "Int8Array", "Iterator", "Map", "Number", "Object", "Promise",
		"Proxy", "RegExp", "Set", "SharedArrayBuffer", "String", "Symbol", "Uint16Array", "Uint32Array",
		"Uint8Array", "Uint8ClampedArray", "WeakMap", "WeakRef", "WeakSet":
		return true
	case "AggregateError", "Error", "EvalError", "RangeError", "ReferenceError", "SuppressedError", "SyntaxError",
		"TypeError", "URIError":
		return true
	}
	return false
}

// environmentGlobal reports whether scripts find a global of that name, or
// expect one because browsers and Node.js have it.
func environmentGlobal(name string) bool {
	switch name {
	case "NamedTools", "Tool", "ToolContent", "ToolError", "ToolResult", "Tools", "console", "data", "progress", "prompts", "resources", "results", "sleep",
		"stdlib", "store", "table", "tools":
		return true
	case "TextDecoder", "TextEncoder", "URL", "URLSearchParams", "atob", "btoa", "clearInterval", "clearTimeout", "queueMicrotask",
		"setInterval", "setTimeout", "structuredClone":
		return true
	case "Buffer", "WebAssembly", "clearImmediate", "crypto", "exports", "fetch", "global", "module", "process",
		"require", "self", "setImmediate", "window":
		return true
	}
	return false
}
