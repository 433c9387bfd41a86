// Intl for English and ISO-like dates. What it does not know it refuses; the
// formatting is done in Go. Runs when a script first asks for Intl.
((host) => {
  "use strict";

  const plain = (o) => Object.assign({}, o);
  const tagged = (c, name) => Object.defineProperty(c.prototype, Symbol.toStringTag, { value: name, configurable: true });
  // Formatters may be called without new; a class may not.
  const callable = (c, name) => {
    const f = function (locales, options) { return new c(locales, options); };
    Object.defineProperty(f, "name", { value: name });
    f.prototype = c.prototype;
    Object.defineProperty(c.prototype, "constructor", { value: f, writable: true, configurable: true });
    f.supportedLocalesOf = (locales) => [locales ?? []].flat().filter((l) => {
      try { new c(l); return true; } catch { return false; }
    });
    return tagged(c, "Intl." + name), f;
  };

  class NumberFormat {
    #f; #resolved;
    constructor(locales, options) {
      this.#f = host.numberFormat(locales, options);
      this.#resolved = { locale: "en-US", numberingSystem: "latn", style: "decimal", ...plain(options) };
    }
    get format() { return (n) => this.#f(n); }
    resolvedOptions() { return plain(this.#resolved); }
    formatToParts() { throw new RangeError("Intl.NumberFormat.formatToParts is not supported here; use format"); }
    formatRange() { throw new RangeError("Intl.NumberFormat.formatRange is not supported here; format both numbers"); }
  }

  class DateTimeFormat {
    #f; #options;
    constructor(locales, options) {
      this.#f = host.dateFormat(locales, options);
      this.#options = options;
    }
    get format() { return (d) => this.#f.format(d); }
    formatToParts(d) { return this.#f.parts(d); }
    formatRange() { throw new RangeError("Intl.DateTimeFormat.formatRange is not supported here; format both dates"); }
    resolvedOptions() { return { locale: this.#f.locale, calendar: "gregory", numberingSystem: "latn", ...plain(this.#options), timeZone: this.#f.timeZone }; }
  }

  class Collator {
    #compare;
    constructor(locales, options) { this.#compare = host.collator(locales, options); }
    get compare() { return (a, b) => this.#compare(a, b); }
  }

  const english = (who, locales) => {
    const asked = [locales ?? []].flat().map(String);
    if (asked.length && !asked.some((l) => /^en(-|$)/i.test(l))) throw new RangeError(`${who}: locale "${asked[0]}" is not supported here; supported: en`);
  };
  const one = (who, options, name, ...allowed) => {
    const v = options?.[name] ?? allowed[0];
    if (!allowed.includes(v)) throw new RangeError(`${who}: ${name} "${v}" is not supported here; supported: ${allowed.join(", ")}`);
    return v;
  };

  class PluralRules {
    #ordinal;
    constructor(locales, options) {
      english("Intl.PluralRules", locales);
      this.#ordinal = one("Intl.PluralRules", options, "type", "cardinal", "ordinal") === "ordinal";
    }
    select(value) {
      const n = Math.abs(Number(value));
      if (!this.#ordinal) return n === 1 ? "one" : "other";
      const ten = n % 10, hundred = n % 100;
      if (ten === 1 && hundred !== 11) return "one";
      if (ten === 2 && hundred !== 12) return "two";
      return ten === 3 && hundred !== 13 ? "few" : "other";
    }
  }

  class ListFormat {
    #word; #comma;
    constructor(locales, options) {
      english("Intl.ListFormat", locales);
      one("Intl.ListFormat", options, "style", "long");
      const type = one("Intl.ListFormat", options, "type", "conjunction", "disjunction", "unit");
      [this.#word, this.#comma] = { conjunction: [" and ", ", and "], disjunction: [" or ", ", or "], unit: [", ", ", "] }[type];
    }
    format(list) {
      const items = [...list];
      if (items.length < 3) return items.join(this.#word);
      return items.slice(0, -1).join(", ") + this.#comma + items[items.length - 1];
    }
  }

  class RelativeTimeFormat {
    #auto;
    constructor(locales, options) {
      english("Intl.RelativeTimeFormat", locales);
      one("Intl.RelativeTimeFormat", options, "style", "long");
      this.#auto = one("Intl.RelativeTimeFormat", options, "numeric", "always", "auto") === "auto";
    }
    format(value, unit) {
      const n = Number(value), u = String(unit).replace(/s$/, "");
      if (!/^(second|minute|hour|day|week|month|quarter|year)$/.test(u)) throw new RangeError(`Intl.RelativeTimeFormat: invalid unit "${unit}"`);
      if (!Number.isFinite(n)) throw new RangeError("Intl.RelativeTimeFormat: the number must be finite");
      if (this.#auto) {
        if (u === "second" && n === 0) return "now";
        if (u === "day" && Math.abs(n) <= 1) return ["yesterday", "today", "tomorrow"][n + 1] ?? this.#number(n, u);
        if (/minute|hour/.test(u) && n === 0) return "this " + u;
        if (/week|month|quarter|year/.test(u) && [-1, 0, 1].includes(n)) return ["last ", "this ", "next "][n + 1] + u;
      }
      return this.#number(n, u);
    }
    #number(n, u) {
      const text = `${Math.abs(n).toLocaleString("en-US")} ${u}${Math.abs(n) === 1 ? "" : "s"}`;
      return n < 0 || Object.is(n, -0) ? text + " ago" : "in " + text;
    }
  }

  const Intl = {};
  const add = (name, value) => Object.defineProperty(Intl, name, { value, writable: true, configurable: true });
  add("NumberFormat", callable(NumberFormat, "NumberFormat"));
  add("DateTimeFormat", callable(DateTimeFormat, "DateTimeFormat"));
  add("Collator", callable(Collator, "Collator"));
  add("PluralRules", tagged(PluralRules, "Intl.PluralRules") && PluralRules);
  add("ListFormat", tagged(ListFormat, "Intl.ListFormat") && ListFormat);
  add("RelativeTimeFormat", tagged(RelativeTimeFormat, "Intl.RelativeTimeFormat") && RelativeTimeFormat);
  Object.defineProperty(Intl, Symbol.toStringTag, { value: "Intl", configurable: true });
  return { Intl };
})
