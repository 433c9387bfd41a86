// URL and URLSearchParams of the URL standard; taking a URL apart is done in
// Go. Runs when a script first asks for one of them.
((host) => {
  "use strict";

  const escaped = (s) =>
    encodeURIComponent(String(s).replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd"))
      .replace(/%20/g, "+").replace(/[!'()~]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase());
  const unescaped = (s) => {
    s = s.replace(/\+/g, " ");
    if (!s.includes("%")) return s;
    const bytes = [];
    for (const part of s.split(/(%[0-9a-fA-F]{2})/)) {
      if (/^%[0-9a-fA-F]{2}$/.test(part)) bytes.push(parseInt(part.slice(1), 16));
      else for (const b of new TextEncoder().encode(part)) bytes.push(b);
    }
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new Uint8Array(bytes));
  };

  class URLSearchParams {
    #pairs = [];
    #changed;
    constructor(init = "") {
      if (init !== null && (typeof init === "object" || typeof init === "function")) {
        if (init[Symbol.iterator]) {
          for (const pair of init) {
            const [k, v, ...rest] = pair;
            if (v === undefined && [...pair].length !== 2 || rest.length) throw new TypeError("URLSearchParams: each pair must be [name, value]");
            this.#pairs.push([String(k), String(v)]);
          }
        } else {
          for (const k of Object.keys(init)) this.#pairs.push([k, String(init[k])]);
        }
      } else {
        this.#parse(String(init));
      }
    }
    #parse(text) {
      this.#pairs = [];
      for (const part of text.replace(/^\?/, "").split("&")) {
        if (!part) continue;
        const at = part.indexOf("=");
        this.#pairs.push(at < 0 ? [unescaped(part), ""] : [unescaped(part.slice(0, at)), unescaped(part.slice(at + 1))]);
      }
    }
    static of(text, changed) {
      const p = new URLSearchParams(text);
      p.#changed = changed;
      return p;
    }
    static renew(p, text) { p.#parse(text); }
    #update() { this.#changed?.(this.toString()); }
    get size() { return this.#pairs.length; }
    append(name, value) { this.#pairs.push([String(name), String(value)]); this.#update(); }
    delete(name, value) {
      this.#pairs = this.#pairs.filter(([k, v]) => k !== String(name) || (value !== undefined && v !== String(value)));
      this.#update();
    }
    get(name) { return this.#pairs.find(([k]) => k === String(name))?.[1] ?? null; }
    getAll(name) { return this.#pairs.filter(([k]) => k === String(name)).map(([, v]) => v); }
    has(name, value) { return this.#pairs.some(([k, v]) => k === String(name) && (value === undefined || v === String(value))); }
    set(name, value) {
      const at = this.#pairs.findIndex(([k]) => k === String(name));
      if (at < 0) return this.append(name, value);
      this.#pairs[at][1] = String(value);
      this.#pairs = this.#pairs.filter(([k], i) => i <= at || k !== String(name));
      this.#update();
    }
    sort() { this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)); this.#update(); }
    forEach(f, self) { for (const [k, v] of this.#pairs) f.call(self, v, k, this); }
    *entries() { for (const [k, v] of this.#pairs) yield [k, v]; }
    *keys() { for (const [k] of this.#pairs) yield k; }
    *values() { for (const [, v] of this.#pairs) yield v; }
    [Symbol.iterator]() { return this.entries(); }
    toString() { return this.#pairs.map(([k, v]) => escaped(k) + "=" + escaped(v)).join("&"); }
    get [Symbol.toStringTag]() { return "URLSearchParams"; }
  }
  const { of, renew } = URLSearchParams;
  delete URLSearchParams.of;
  delete URLSearchParams.renew;

  class URL {
    #parts;
    #params;
    constructor(url, base) {
      const parts = host.parseURL(String(url), base === undefined ? undefined : String(base));
      if (!parts) throw new TypeError(`Invalid URL: ${JSON.stringify(String(url).slice(0, 100))}`);
      this.#parts = parts;
    }
    static canParse(url, base) { return !!host.parseURL(String(url), base === undefined ? undefined : String(base)); }
    static parse(url, base) { return URL.canParse(url, base) ? new URL(url, base) : null; }
    #set(part, value) {
      this.#parts = host.changeURL(this.#parts.href, part, value);
      if (this.#params && part !== "params") renew(this.#params, this.#parts.search);
    }
    get href() { return this.#parts.href; }
    set href(v) {
      this.#parts = new URL(v).#parts;
      if (this.#params) renew(this.#params, this.#parts.search);
    }
    get origin() { return this.#parts.origin; }
    get searchParams() {
      return (this.#params ??= of(this.#parts.search, (text) => this.#set("params", text)));
    }
    static {
      for (const part of ["protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "hash"]) {
        Object.defineProperty(this.prototype, part, {
          get() { return this.#parts[part]; },
          set(v) { this.#set(part, String(v)); },
          configurable: true,
        });
      }
    }
    toString() { return this.href; }
    toJSON() { return this.href; }
    get [Symbol.toStringTag]() { return "URL"; }
  }

  return { URL, URLSearchParams };
})
