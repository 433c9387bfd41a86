package js

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/dop251/goja"
)

// numberFormat writes numbers as en-US does (ECMA-402 §16).
type numberFormat struct {
	style, currency, display, notation, compact, sign string
	accounting, grouping                              bool
	minInt, minFrac, maxFrac, minSig, maxSig          int
	// rounded is for compact notation without digits of its own: two
	// significant digits, but no fewer than the whole number has.
	rounded bool
}

func newNumberFormat(rt *goja.Runtime, who string, locales, options goja.Value) *numberFormat {
	o := newIntlOptions(rt, who, options)
	locale := o.locale(locales, "en-US", "en-GB", "en-CA", "en-AU")
	o.refuse("roundingIncrement", "trailingZeroDisplay", "unit")
	o.text("roundingMode", "halfExpand")
	o.text("roundingPriority", "auto")
	f := &numberFormat{
		style: o.text("style", "decimal", "percent", "currency"), notation: o.text("notation", "standard", "compact"),
		compact: o.text("compactDisplay", "short", "long"), sign: o.text("signDisplay", "auto", "always", "never", "exceptZero"),
		display: o.text("currencyDisplay", "symbol", "code"), minInt: o.number("minimumIntegerDigits", 1, 21, 1),
		accounting: o.text("currencySign", "standard", "accounting") == "accounting", grouping: true,
	}
	if locale != "en-US" && (f.style == "currency" || f.notation == "compact") {
		o.fail("currencies and compact notation are supported here in en-US only")
	}
	if f.style == "currency" {
		v := o.get("currency")
		if goja.IsUndefined(v) {
			panic(rt.NewTypeError(who + ": currency code is required with currency style"))
		}
		f.currency = strings.ToUpper(v.String())
		if len(f.currency) != 3 || strings.Trim(f.currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			o.fail("invalid currency code %s", quoted(clip(f.currency, 10)))
		}
		if f.notation == "compact" {
			o.fail("compact notation of a currency is not supported here")
		}
	}
	if v := o.get("useGrouping"); !goja.IsUndefined(v) {
		f.grouping = v.ToBoolean() && v.String() != "false"
		if v.String() == "min2" {
			o.fail("useGrouping \"min2\" is not supported here")
		}
	}
	f.digits(o)
	return f
}

// digits settles how many digits are shown: SetNumberFormatDigitOptions.
func (f *numberFormat) digits(o intlOptions) {
	low, high := 0, 3
	switch {
	case f.style == "currency":
		low = currencyDigits(f.currency)
		high = low
	case f.style == "percent", f.notation == "compact":
		high = 0
	}
	minFrac, maxFrac := o.number("minimumFractionDigits", 0, 100, -1), o.number("maximumFractionDigits", 0, 100, -1)
	minSig, maxSig := o.number("minimumSignificantDigits", 1, 21, -1), o.number("maximumSignificantDigits", 1, 21, -1)
	f.rounded = f.notation == "compact" && max(minFrac, maxFrac, minSig, maxSig) < 0
	if max(minSig, maxSig) > 0 {
		f.minSig, f.maxSig = max(minSig, 1), maxSig
		if maxSig < 0 {
			f.maxSig = 21
		}
		if f.minSig > f.maxSig {
			o.fail("maximumSignificantDigits value is out of range")
		}
		return
	}
	switch {
	case minFrac < 0 && maxFrac < 0:
		minFrac, maxFrac = low, high
	case minFrac < 0:
		minFrac = min(low, maxFrac)
	case maxFrac < 0:
		maxFrac = max(high, minFrac)
	case minFrac > maxFrac:
		o.fail("maximumFractionDigits value is out of range")
	}
	f.minFrac, f.maxFrac = minFrac, maxFrac
}

// value formats what a script wants formatted.
func (f *numberFormat) value(v goja.Value) string {
	if n, ok := v.Export().(*big.Int); ok {
		if n.BitLen() > 4096 {
			return n.String()
		}
		return f.format(n.String())
	}
	x := v.ToFloat()
	switch {
	case math.IsNaN(x):
		return f.decorate("NaN", false, false)
	case math.IsInf(x, 0):
		return f.decorate("∞", x < 0, false)
	}
	if x == 0 && math.Signbit(x) {
		return f.format("-0")
	}
	// The shortest digits that are this number, as ICU takes them.
	return f.format(strconv.FormatFloat(x, 'f', -1, 64))
}

// format formats a decimal number: digits, perhaps with a minus and a point.
func (f *numberFormat) format(number string) string {
	number, negative := strings.CutPrefix(number, "-")
	if f.style == "percent" {
		number = shift(number, 2)
	}
	suffix := ""
	if f.notation == "compact" {
		number, suffix = f.compacted(number)
	} else {
		number = f.round(number)
	}
	whole, part, _ := strings.Cut(number, ".")
	for len(whole) < f.minInt {
		whole = "0" + whole
	}
	zero := strings.Trim(whole+part, "0") == ""
	if f.grouping && (f.notation != "compact" || len(whole) > 4) {
		whole = grouped(whole)
	}
	if part != "" {
		whole += "." + part
	}
	return f.decorate(whole+suffix, negative, zero)
}

// decorate puts sign, currency and percent sign around the digits.
func (f *numberFormat) decorate(text string, negative, zero bool) string {
	switch f.style {
	case "percent":
		text += "%"
	case "currency":
		text = f.symbol() + text
	}
	switch {
	case f.sign == "never" || f.sign == "exceptZero" && (zero || strings.Contains(text, "NaN")):
		return text
	case negative && f.accounting && f.style == "currency":
		return "(" + text + ")"
	case negative:
		return "-" + text
	case f.sign == "always" || f.sign == "exceptZero":
		return "+" + text
	}
	return text
}

// round applies the limits on digits, half away from zero, and pads.
func (f *numberFormat) round(number string) string {
	if f.maxSig > 0 {
		return significant(number, f.minSig, f.maxSig)
	}
	return pad(roundAt(number, f.maxFrac), f.minFrac)
}

func (f *numberFormat) compacted(number string) (digits, suffix string) {
	scales := []string{"", "K", "M", "B", "T"}
	if f.compact == "long" {
		scales = []string{"", " thousand", " million", " billion", " trillion"}
	}
	step := 0
	for {
		digits = shift(number, -3*step)
		if f.rounded {
			whole, _, _ := strings.Cut(digits, ".")
			whole = strings.TrimLeft(whole, "0")
			digits = significant(digits, 1, max(2, len(whole)))
		} else {
			digits = f.round(digits)
		}
		whole, _, _ := strings.Cut(digits, ".")
		if len(whole) <= 3 || step == len(scales)-1 {
			return digits, scales[step]
		}
		step++
	}
}

// shift moves the decimal point to the right, or left if by is negative.
func shift(number string, by int) string {
	whole, part, _ := strings.Cut(number, ".")
	for ; by > 0; by-- {
		if part == "" {
			part = "0"
		}
		whole, part = whole+part[:1], part[1:]
	}
	for ; by < 0; by++ {
		if whole == "" {
			whole = "0"
		}
		whole, part = whole[:len(whole)-1], whole[len(whole)-1:]+part
	}
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	if part = strings.TrimRight(part, "0"); part != "" {
		return whole + "." + part
	}
	return whole
}

// roundAt rounds to at most n digits after the point.
func roundAt(number string, n int) string {
	whole, part, _ := strings.Cut(number, ".")
	if len(part) <= n {
		return number
	}
	up := part[n] >= '5'
	digits := []byte(whole + part[:n])
	for i := len(digits) - 1; up && i >= 0; i-- {
		if up = digits[i] == '9'; up {
			digits[i] = '0'
		} else {
			digits[i]++
		}
	}
	s := string(digits)
	if up {
		s = "1" + s
	}
	return shift(s, -n)
}

// pad gives a number at least n digits after the point.
func pad(number string, n int) string {
	whole, part, _ := strings.Cut(number, ".")
	for len(part) < n {
		part += "0"
	}
	if part == "" {
		return whole
	}
	return whole + "." + part
}

// significant rounds to low to high significant digits.
func significant(number string, low, high int) string {
	leading := func(s string) int {
		whole, part, _ := strings.Cut(s, ".")
		if whole = strings.TrimLeft(whole, "0"); whole != "" {
			return len(whole)
		}
		return -(len(part) - len(strings.TrimLeft(part, "0")))
	}
	if strings.Trim(number, "0.") == "" {
		return pad("0", low-1)
	}
	at := high - leading(number)
	if at >= 0 {
		number = roundAt(number, at)
	} else {
		number = shift(roundAt(shift(number, at), 0), -at)
	}
	return pad(number, max(0, low-leading(number)))
}

func grouped(whole string) string {
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return whole
}

// currencyDigits is how many decimals a currency has, by ISO 4217.
func currencyDigits(code string) int {
	switch code {
	case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	}
	return 2
}

// symbol is how en-US writes the currency before a number.
func (f *numberFormat) symbol() string {
	if f.display != "code" {
		switch f.currency {
		case "USD":
			return "$"
		case "EUR":
			return "€"
		case "GBP":
			return "£"
		case "JPY":
			return "¥"
		case "INR":
			return "₹"
		case "KRW":
			return "₩"
		case "ILS":
			return "₪"
		case "VND":
			return "₫"
		}
		if s := f.foreignSymbol(); s != "" {
			return s
		}
	}
	return f.currency + "\u00a0"
}

func (f *numberFormat) foreignSymbol() string {
	return map[string]string{
		"AUD": "A$", "BRL": "R$", "CAD": "CA$", "CNY": "CN¥", "HKD": "HK$", "MXN": "MX$", "NZD": "NZ$", "TWD": "NT$", "PHP": "₱",
		"XAF": "FCFA\u00a0", "XOF": "F\u202fCFA\u00a0", "XCD": "EC$", "XPF": "CFPF\u00a0",
	}[f.currency]
}
