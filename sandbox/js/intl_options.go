package js

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dop251/goja"
)

// intlOptions reads the options of a formatter. What is not supported throws a
// RangeError, so that nothing is formatted in a way that was not asked for.
type intlOptions struct {
	rt  *goja.Runtime
	who string
	o   *goja.Object // nil for none
}

func newIntlOptions(rt *goja.Runtime, who string, v goja.Value) intlOptions {
	o, _ := v.(*goja.Object)
	return intlOptions{rt, who, o}
}

func (o intlOptions) fail(format string, args ...any) {
	panic(newError(o.rt, "RangeError", o.who+": "+fmt.Sprintf(format, args...)))
}

func (o intlOptions) get(name string) goja.Value {
	if o.o == nil {
		return goja.Undefined()
	}
	if v := o.o.Get(name); v != nil {
		return v
	}
	return goja.Undefined()
}

// text returns an option that is one of allowed, the first if it is not given.
func (o intlOptions) text(name string, allowed ...string) string {
	v := o.get(name)
	if goja.IsUndefined(v) {
		return allowed[0]
	}
	s := v.String()
	if !slices.Contains(allowed, s) {
		o.fail("%s %s is not supported here; %s", name, quoted(clip(s, 40)), "supported: "+strings.Join(slices.DeleteFunc(slices.Clone(allowed), func(a string) bool { return a == "" }), ", "))
	}
	return s
}

// number returns an option between low and high, fallback if it is not given.
func (o intlOptions) number(name string, low, high, fallback int) int {
	v := o.get(name)
	if goja.IsUndefined(v) {
		return fallback
	}
	f := v.ToFloat()
	if !(f >= float64(low) && f <= float64(high)) {
		o.fail("%s value is out of range", name)
	}
	return int(f)
}

// flag returns an option that is true or false; given says whether it is there.
func (o intlOptions) flag(name string) (value, given bool) {
	v := o.get(name)
	return v.ToBoolean(), !goja.IsUndefined(v)
}

// refuse throws if one of the options is given.
func (o intlOptions) refuse(names ...string) {
	for _, name := range names {
		if !goja.IsUndefined(o.get(name)) {
			o.fail("the option %s is not supported here", name)
		}
	}
}

// locale returns the first of the locales asked for that is supported, "en-US"
// if none is asked for.
func (o intlOptions) locale(v goja.Value, supported ...string) string {
	var asked []string
	switch v := v.(type) {
	case goja.String:
		asked = []string{v.String()}
	case *goja.Object:
		for i := range min(v.Get("length").ToInteger(), 10) {
			asked = append(asked, v.Get(fmt.Sprint(i)).String())
		}
	}
	for _, a := range asked {
		for _, s := range supported {
			if strings.EqualFold(a, s) || s == "en-US" && strings.EqualFold(a, "en") {
				return s
			}
		}
	}
	if len(asked) > 0 {
		o.fail("locale %s is not supported here; supported: %s", quoted(clip(asked[0], 40)), strings.Join(supported, ", "))
	}
	return "en-US"
}
