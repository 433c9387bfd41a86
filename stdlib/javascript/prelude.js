// What scripts expect of a current JavaScript engine and goja lacks. Each part
// is added only where it is missing, so that an engine that has it keeps its own.
(() => {
  "use strict";

  const hide = (target, name, value) => {
    if (!Object.prototype.hasOwnProperty.call(target, name)) {
      Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: false });
    }
  };
  const methods = (target, source) => {
    for (const name of Object.getOwnPropertyNames(source)) hide(target, name, source[name]);
  };
  const callable = (f, who) => {
    if (typeof f !== "function") throw new TypeError(`${who}: ${String(f)} is not a function`);
    return f;
  };

  if (!Symbol.asyncIterator) {
    Object.defineProperty(Symbol, "asyncIterator", { value: Symbol("Symbol.asyncIterator") });
  }

  for (const name of ["dispose", "asyncDispose"]) {
    if (!Symbol[name]) Object.defineProperty(Symbol, name, { value: Symbol("Symbol." + name) });
  }

  methods(Object, {
    groupBy(items, key) {
      callable(key, "Object.groupBy");
      const groups = Object.create(null);
      let i = 0;
      for (const item of items) {
        const k = key(item, i++);
        (groups[k] ??= []).push(item);
      }
      return groups;
    },
  });

  methods(Map, {
    groupBy(items, key) {
      callable(key, "Map.groupBy");
      const groups = new Map();
      let i = 0;
      for (const item of items) {
        const k = key(item, i++);
        const group = groups.get(k);
        if (group) group.push(item);
        else groups.set(k, [item]);
      }
      return groups;
    },
  });

  methods(Promise, {
    withResolvers() {
      let resolve, reject;
      const promise = new this((yes, no) => ((resolve = yes), (reject = no)));
      return { promise, resolve, reject };
    },
    try(f, ...args) {
      return new this((resolve) => resolve(callable(f, "Promise.try")(...args)));
    },
  });

  methods(Array, {
    async fromAsync(items, map, self) {
      const out = [];
      const add = async (item) => out.push(map ? await map.call(self, await item, out.length) : await item);
      if (items[Symbol.asyncIterator]) {
        const it = items[Symbol.asyncIterator]();
        for (let step = await it.next(); !step.done; step = await it.next()) await add(step.value);
      } else if (items[Symbol.iterator]) {
        for (const item of items) await add(item);
      } else {
        for (let i = 0; i < items.length; i++) await add(items[i]);
      }
      return out;
    },
  });

  methods(RegExp, {
    escape(text) {
      return String(text).replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&").replace(/^[0-9a-zA-Z]/, (c) => "\\x" + c.charCodeAt(0).toString(16));
    },
  });

  // Integers beyond 2**53 reach scripts as BigInt, and scripts stringify what
  // they got.
  const { rawJSON } = JSON;
  methods(BigInt.prototype, {
    toJSON() { return rawJSON ? rawJSON(this.toString()) : this.toString(); },
  });

  methods(String.prototype, {
    isWellFormed() { try { encodeURIComponent(this); return true; } catch { return false; } },
    toWellFormed() { return Array.from(this, (c) => (c >= "\ud800" && c <= "\udfff" && c.length === 1 ? "\ufffd" : c)).join(""); },
  });

  const iterators = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
  methods(iterators, {
    *map(f) { let i = 0; for (const v of this) yield f(v, i++); },
    *filter(f) { let i = 0; for (const v of this) if (f(v, i++)) yield v; },
    *take(n) { if (n > 0) for (const v of this) { yield v; if (--n <= 0) return; } },
    *drop(n) { for (const v of this) if (n-- <= 0) yield v; },
    *flatMap(f) { let i = 0; for (const v of this) yield* f(v, i++); },
    reduce(f, ...initial) { return [...this].reduce(f, ...initial); },
    toArray() { return [...this]; },
    forEach(f) { let i = 0; for (const v of this) f(v, i++); },
    some(f) { let i = 0; for (const v of this) if (f(v, i++)) return true; return false; },
    every(f) { let i = 0; for (const v of this) if (!f(v, i++)) return false; return true; },
    find(f) { let i = 0; for (const v of this) if (f(v, i++)) return v; return undefined; },
  });

  if (typeof Iterator === "undefined") {
    const Iterator = function Iterator() {
      if (!new.target || new.target === Iterator) throw new TypeError("Iterator is abstract");
    };
    Iterator.prototype = iterators;
    Iterator.from = (items) => {
      const it = items[Symbol.iterator] ? items[Symbol.iterator]() : items;
      if (it instanceof Iterator) return it;
      return (function* () { for (let step = it.next(); !step.done; step = it.next()) yield step.value; })();
    };
    hide(globalThis, "Iterator", Iterator);
  }

  // A script ends before anything would have been collected.
  hide(globalThis, "WeakRef", class WeakRef {
    #target;
    constructor(target) {
      if (target === null || (typeof target !== "object" && typeof target !== "function")) throw new TypeError("WeakRef: the target must be an object");
      this.#target = target;
    }
    deref() { return this.#target; }
  });

  const clone = (value, seen) => {
    if (typeof value === "function" || typeof value === "symbol") {
      throw new TypeError(`structuredClone: a ${typeof value} cannot be cloned`);
    }
    if (typeof value !== "object" || value === null) return value;
    if (seen.has(value)) return seen.get(value);
    const keep = (copy) => (seen.set(value, copy), copy);
    if (value instanceof Date) return keep(new Date(value.getTime()));
    if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags));
    if (value instanceof ArrayBuffer) return keep(value.slice(0));
    if (ArrayBuffer.isView(value)) {
      const buffer = clone(value.buffer, seen);
      return keep(new value.constructor(buffer, value.byteOffset, value.length ?? value.byteLength));
    }
    if (value instanceof Map) {
      const copy = keep(new Map());
      for (const [k, v] of value) copy.set(clone(k, seen), clone(v, seen));
      return copy;
    }
    if (value instanceof Set) {
      const copy = keep(new Set());
      for (const v of value) copy.add(clone(v, seen));
      return copy;
    }
    if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet) {
      throw new TypeError("structuredClone: a Promise or weak collection cannot be cloned");
    }
    if (value instanceof Error) {
      const copy = keep(Object.create(Object.getPrototypeOf(value)));
      for (const name of ["name", "message", "stack", "cause"]) {
        if (name in value) hide(copy, name, clone(value[name], seen));
      }
      return copy;
    }
    const copy = keep(Array.isArray(value) ? new Array(value.length) : {});
    for (const k of Object.keys(value)) {
      Object.defineProperty(copy, k, { value: clone(value[k], seen), writable: true, configurable: true, enumerable: true });
    }
    return copy;
  };

  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const utf8 = (text) => {
    const out = [];
    for (const c of String(text)) {
      let p = c.codePointAt(0);
      if (p >= 0xd800 && p <= 0xdfff) p = 0xfffd;
      if (p < 0x80) out.push(p);
      else if (p < 0x800) out.push(0xc0 | (p >> 6), 0x80 | (p & 63));
      else if (p < 0x10000) out.push(0xe0 | (p >> 12), 0x80 | ((p >> 6) & 63), 0x80 | (p & 63));
      else out.push(0xf0 | (p >> 18), 0x80 | ((p >> 12) & 63), 0x80 | ((p >> 6) & 63), 0x80 | (p & 63));
    }
    return out;
  };
  // The lower bounds refuse overlong forms and surrogates, as the Encoding
  // standard's decoder does; each broken sequence becomes one U+FFFD.
  const text = (bytes) => {
    const parts = [];
    for (let i = 0; i < bytes.length; ) {
      const b = bytes[i++];
      if (b < 0x80) { parts.push(String.fromCharCode(b)); continue; }
      let more = b >= 0xc2 && b <= 0xdf ? 1 : b >= 0xe0 && b <= 0xef ? 2 : b >= 0xf0 && b <= 0xf4 ? 3 : 0;
      let low = b === 0xe0 ? 0xa0 : b === 0xf0 ? 0x90 : 0x80;
      let high = b === 0xed ? 0x9f : b === 0xf4 ? 0x8f : 0xbf;
      let p = more === 0 ? 0xfffd : b & (0x3f >> more);
      for (; more > 0; more--) {
        if (i >= bytes.length || bytes[i] < low || bytes[i] > high) { p = 0xfffd; break; }
        p = (p << 6) | (bytes[i++] & 63);
        low = 0x80;
        high = 0xbf;
      }
      parts.push(String.fromCodePoint(p));
    }
    return parts.join("");
  };

  methods(globalThis, {
    sleep(ms) { return new Promise((done) => setTimeout(done, ms)); },
    queueMicrotask(f) { Promise.resolve().then(callable(f, "queueMicrotask")); },
    structuredClone(value) { return clone(value, new Map()); },
    btoa(bytes) {
      const s = String(bytes), out = [];
      for (let i = 0; i < s.length; i += 3) {
        const [a, b, c] = [s.charCodeAt(i), s.charCodeAt(i + 1), s.charCodeAt(i + 2)];
        if (a > 255 || b > 255 || c > 255) {
          throw new RangeError("btoa: the text has characters beyond Latin-1; encode it with TextEncoder first");
        }
        out.push(alphabet[a >> 2], alphabet[((a & 3) << 4) | (b >> 4)]);
        out.push(i + 1 < s.length ? alphabet[((b & 15) << 2) | (c >> 6)] : "=", i + 2 < s.length ? alphabet[c & 63] : "=");
      }
      return out.join("");
    },
    atob(base64) {
      const s = String(base64).replace(/[\t\n\f\r ]/g, "").replace(/={1,2}$/, "");
      if (s.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(s)) throw new RangeError("atob: the text is not base64");
      const out = [];
      let bits = 0, have = 0;
      for (const c of s) {
        bits = ((bits << 6) | alphabet.indexOf(c)) & 0xfffff;
        have += 6;
        if (have >= 8) out.push(String.fromCharCode((bits >> (have -= 8)) & 255));
      }
      return out.join("");
    },
    TextEncoder: class TextEncoder {
      get encoding() { return "utf-8"; }
      encode(s = "") { return new Uint8Array(utf8(s)); }
    },
    TextDecoder: class TextDecoder {
      constructor(encoding = "utf-8") {
        if (!/^utf-?8$/i.test(encoding)) throw new RangeError(`TextDecoder: ${encoding} is not supported; only utf-8 is`);
      }
      get encoding() { return "utf-8"; }
      decode(bytes) {
        if (bytes === undefined) return "";
        const view = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        const s = text(view);
        return s.charCodeAt(0) === 0xfeff ? s.slice(1) : s;
      }
    },
  });
})();
