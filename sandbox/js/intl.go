package js

import (
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dop251/goja"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

//go:embed intl.js
var intlCode string

// intlFunctions are what the code of Intl calls.
func intlFunctions(rt *goja.Runtime) *goja.Object {
	host := rt.NewObject()
	put := func(name string, f func(goja.FunctionCall) goja.Value) { must(goja.Undefined(), host.Set(name, f)) }
	put("numberFormat", func(c goja.FunctionCall) goja.Value {
		f := newNumberFormat(rt, "Intl.NumberFormat", c.Argument(0), c.Argument(1))
		return rt.ToValue(func(c goja.FunctionCall) goja.Value { return rt.ToValue(f.value(numeric(c.Argument(0)))) })
	})
	put("dateFormat", func(c goja.FunctionCall) goja.Value { return dateFormatter(rt, c) })
	put("collator", func(c goja.FunctionCall) goja.Value {
		compare := newCollator(rt, make(collators), "Intl.Collator", c.Argument(0), c.Argument(1))
		return rt.ToValue(func(c goja.FunctionCall) goja.Value {
			return rt.ToValue(compare(c.Argument(0).String(), c.Argument(1).String()))
		})
	})
	return host
}

// numeric converts what is to be formatted: BigInt stays what it is.
func numeric(v goja.Value) goja.Value {
	if goja.IsBigInt(v) {
		return v
	}
	return v.ToNumber()
}

func dateFormatter(rt *goja.Runtime, c goja.FunctionCall) goja.Value {
	f := newDateFormat(rt, "Intl.DateTimeFormat", c.Argument(0), c.Argument(1), "any", "date")
	when := func(c goja.FunctionCall) time.Time {
		if goja.IsUndefined(c.Argument(0)) {
			return time.Now().In(f.zone)
		}
		t, valid := f.at(c.Argument(0).ToNumber().ToFloat())
		if !valid {
			panic(newError(rt, "RangeError", "Invalid time value"))
		}
		return t
	}
	made := rt.NewObject()
	put := func(name string, v any) { must(goja.Undefined(), made.Set(name, v)) }
	put("format", func(c goja.FunctionCall) goja.Value { return rt.ToValue(f.format(when(c))) })
	put("parts", func(c goja.FunctionCall) goja.Value {
		var list []any
		for _, p := range f.parts(when(c)) {
			o := rt.NewObject()
			must(goja.Undefined(), errors.Join(o.Set("type", p.kind), o.Set("value", p.value)))
			list = append(list, o)
		}
		return rt.NewArray(list...)
	})
	put("locale", f.locale)
	zone := f.zone.String()
	if zone == "Local" {
		zone = "UTC"
	}
	put("timeZone", zone)
	return made
}

// newCollator returns a function that compares by the rules of the Unicode
// collation algorithm, without those of a language of its own.
func newCollator(rt *goja.Runtime, collators collators, who string, locales, options goja.Value) func(a, b string) int {
	o := newIntlOptions(rt, who, options)
	// Languages that sort by the root collation.
	o.locale(locales, "en-US", "en-GB", "en-CA", "en-AU", "de", "de-DE", "fr", "fr-FR", "it", "it-IT", "nl", "nl-NL", "pt", "pt-BR", "pt-PT")
	o.refuse("collation")
	o.text("usage", "sort", "search")
	o.text("caseFirst", "false")
	if ignore, given := o.flag("ignorePunctuation"); given && ignore {
		o.fail("ignorePunctuation is not supported here")
	}
	numbers, _ := o.flag("numeric")
	return collators.compare(o.text("sensitivity", "variant", "base", "accent"), numbers)
}

// collators keeps what [collate.New] makes, which takes as long as thousands
// of comparisons: scripts name the options anew in each.
type collators map[string]*collate.Collator

func (c collators) compare(sensitivity string, numbers bool) func(a, b string) int {
	key := fmt.Sprint(sensitivity, numbers)
	made := c[key]
	if made == nil {
		var with []collate.Option
		if numbers {
			with = append(with, collate.Numeric)
		}
		switch sensitivity {
		case "base":
			with = append(with, collate.IgnoreCase, collate.IgnoreDiacritics)
		case "accent":
			with = append(with, collate.IgnoreCase)
		}
		made = collate.New(language.Und, with...)
		c[key] = made
	}
	return made.CompareString
}

// installLocale puts the methods in place that write for people: without them
// numbers and dates would look as nobody expects.
func installLocale(rt *goja.Runtime) error {
	var errs []error
	method := func(class, name string, f func(goja.FunctionCall) goja.Value) {
		prototype := rt.GlobalObject().Get(class).ToObject(rt).Get("prototype").ToObject(rt)
		made := rt.ToValue(f).ToObject(rt)
		errs = append(errs, made.DefineDataProperty("name", rt.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE),
			prototype.DefineDataProperty(name, made, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	}
	for _, class := range []string{"Number", "BigInt"} {
		method(class, "toLocaleString", func(c goja.FunctionCall) goja.Value {
			f := newNumberFormat(rt, class+".toLocaleString", c.Argument(0), c.Argument(1))
			return rt.ToValue(f.value(numeric(c.This)))
		})
	}
	for name, fields := range map[string]string{"toLocaleString": "all", "toLocaleDateString": "date", "toLocaleTimeString": "time"} {
		wants := strings.Replace(fields, "all", "any", 1)
		method("Date", name, func(c goja.FunctionCall) goja.Value {
			o, ok := c.This.(*goja.Object)
			if !ok || o.ClassName() != "Date" {
				panic(rt.NewTypeError("Date." + name + " is called on something that is no Date"))
			}
			f := newDateFormat(rt, "Date."+name, c.Argument(0), c.Argument(1), wants, fields)
			t, valid := f.at(o.ToNumber().ToFloat())
			if !valid {
				return rt.ToValue("Invalid Date")
			}
			return rt.ToValue(f.format(t))
		})
	}
	kept := make(collators)
	method("String", "localeCompare", func(c goja.FunctionCall) goja.Value {
		if goja.IsUndefined(c.This) || goja.IsNull(c.This) {
			panic(rt.NewTypeError("String.localeCompare is called on " + c.This.String()))
		}
		compare := newCollator(rt, kept, "String.localeCompare", c.Argument(1), c.Argument(2))
		return rt.ToValue(compare(c.This.String(), c.Argument(0).String()))
	})
	return errors.Join(errs...)
}
