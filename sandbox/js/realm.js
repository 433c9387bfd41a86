// Runs before the standard library and before any script: closes what can be
// closed from inside, and hands Go the intrinsics it uses later, so that a
// script that replaces them fools only itself.
(() => {
  "use strict";
  const { apply, construct } = Reflect;
  const define = Object.defineProperty;
  const bind = (f) => (self, ...args) => apply(f, self, args);

  // Code made from strings has no position in the script's text, and its
  // parser recurses without a bound.
  const refuse = () => {
    throw new TypeError("code cannot be made from strings here; write it in the script itself");
  };
  for (const f of [function () {}, function* () {}, async function () {}]) {
    const proto = Object.getPrototypeOf(f);
    const closed = function Function() { refuse(); };
    closed.prototype = proto;
    define(proto, "constructor", { value: closed, writable: false, configurable: false });
    if (proto === Function.prototype) define(globalThis, "Function", { value: closed, enumerable: false });
  }
  define(globalThis, "eval", { value: function () { refuse(); }, enumerable: false });

  // The engine's regular expressions accept \p{…}, d and v and then do not
  // match; literals arrive here too, because the transpiler lowers them.
  const Native = RegExp;
  const Checked = function RegExp(pattern, flags) {
    const source = pattern instanceof Native ? pattern.source : String(pattern);
    const f = flags === undefined ? (pattern instanceof Native ? pattern.flags : "") : String(flags);
    if (/[dv]/.test(f)) {
      throw new SyntaxError(`regular expression flag "${f.includes("v") ? "v" : "d"}" is not supported here`);
    }
    if (f.includes("u") && /(?:^|[^\\])(?:\\\\)*\\[pP]\{/.test(source)) {
      throw new SyntaxError("\\p{…} in a regular expression is not supported here; list the characters, as in [A-Za-z\\u00C0-\\u024F]");
    }
    if (!new.target && flags === undefined && pattern instanceof Native) return pattern;
    return construct(Native, flags === undefined ? [pattern] : [pattern, flags], new.target && new.target !== Checked ? new.target : Native);
  };
  Checked.prototype = Native.prototype;
  define(Checked, Symbol.species, { get() { return this; }, configurable: true });
  define(Native.prototype, "constructor", { value: Checked });
  define(globalThis, "RegExp", { value: Checked, enumerable: false });

  class ToolError extends Error {
    constructor(message, fields, place) {
      super(message);
      define(this, "stack", { value: `ToolError: ${message}${place}`, writable: true, configurable: true });
      for (const k in fields) if (fields[k] !== undefined) define(this, k, { value: fields[k], writable: true, configurable: true, enumerable: true });
    }
  }
  define(ToolError.prototype, "name", { value: "ToolError", writable: true, configurable: true });
  define(globalThis, "ToolError", { value: ToolError, writable: true, configurable: true });

  return {
    toolError: (message, fields, place) => new ToolError(message, fields, place),
    isoDate: bind(Date.prototype.toISOString),
    regexpText: bind(Native.prototype.toString),
    eachOfMap: bind(Map.prototype.forEach),
    stringOf: bind(String.prototype.valueOf),
    eachOfSet: bind(Set.prototype.forEach),
    invoke: async (f) => await f(),
    objectPrototype: Object.prototype,
    errorPrototype: Error.prototype,
  };
})();
