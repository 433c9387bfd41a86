// Runs before the standard library and before any script: closes what can be
// closed from inside, and hands Go the intrinsics it uses later, so that a
// script that replaces them fools only itself. host holds functions of Go.
((host) => {
  "use strict";
  const { apply, construct } = Reflect;
  const keysOf = Object.keys;
  const define = Object.defineProperty;
  const { repeat, slice } = String.prototype;
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

  // The engine takes \p{…} for a letter, and does not know d and v. Literals
  // with them arrive here too, because the transpiler makes calls of them.
  const Native = RegExp;
  const NativeMap = Map, get = Map.prototype.get, set = Map.prototype.set;
  const test = bind(Native.prototype.test);
  let expanded;
  const property = /(?:^|[^\\])(?:\\\\)*\\[pP]\{/;
  const withProperties = (source, flags, target) => {
    expanded ??= new NativeMap();
    const key = flags + "/" + source;
    let made = apply(get, expanded, [key]);
    if (!made) {
      made = construct(Native, [host.expandProperties(source), flags]);
      if (expanded.size < 100) apply(set, expanded, [key, made]);
    }
    // A copy shares what was compiled, which takes long.
    return define(construct(Native, [made], target), "source", { value: source });
  };
  const Checked = function RegExp(pattern, flags) {
    const source = pattern instanceof Native ? pattern.source : String(pattern);
    const f = flags === undefined ? (pattern instanceof Native ? pattern.flags : "") : String(flags);
    if (f.includes("d")) {
      throw new SyntaxError('regular expression flag "d" is not supported here; a match has its index, and match[0].length');
    }
    if (f.includes("v")) {
      throw new SyntaxError('regular expression flag "v" is not supported here; use "u"');
    }
    const target = new.target && new.target !== Checked ? new.target : Native;
    if (f.includes("u") && test(property, source)) return withProperties(source, f, target);
    if (!new.target && flags === undefined && pattern instanceof Native) return pattern;
    return construct(Native, flags === undefined ? [pattern] : [pattern, flags], target);
  };
  Checked.prototype = Native.prototype;
  define(Checked, Symbol.species, { get() { return this; }, configurable: true });
  define(Native.prototype, "constructor", { value: Checked });
  define(globalThis, "RegExp", { value: Checked, enumerable: false });

  // The engine knows no language's own letters.
  const special = /^(?:tr|az|lt|el|hy)(?:-|$)/i;
  for (const [name, convert] of [["toLocaleLowerCase", String.prototype.toLowerCase], ["toLocaleUpperCase", String.prototype.toUpperCase]]) {
    define(String.prototype, name, {
      value: { [name](locale) {
        if (locale !== undefined && test(special, String(locale))) throw new RangeError(`String.${name}: locale "${locale}" is not supported here`);
        return apply(convert, this, []);
      } }[name], writable: true, configurable: true, enumerable: false,
    });
  }

  // The engine's own indentation goes astray behind an empty array or object.
  const { stringify } = JSON;
  define(JSON, "stringify", {
    value: { stringify(value, replacer, space) {
      const text = stringify(value, replacer);
      let gap = space instanceof Number ? Number(space) : space instanceof String ? String(space) : space;
      if (typeof gap === "number") gap = apply(repeat, " ", [gap >= 1 ? (gap > 10 ? 10 : gap) : 0]);
      if (text === undefined || typeof gap !== "string" || gap === "") return text;
      return host.indent(text, apply(slice, gap, [0, 10]));
    } }.stringify, writable: true, configurable: true, enumerable: false,
  });

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
    add: (a, b) => a + b,
    textOf: (v) => "" + v,
    nth: (o, i) => o[keysOf(o)[i]],
    objectPrototype: Object.prototype,
    errorPrototype: Error.prototype,
    newRegExp: (source, flags) => new Checked(source, flags),
  };
});
