package js

import (
	"fmt"
	"math"
	"strings"
	"time"
	_ "time/tzdata" // a worker can open no file

	"github.com/dop251/goja"
)

// dateFormat writes dates as ECMA-402 §11 has it, in the locales that models
// ask for: en-US, en-GB, and the two that are used for ISO 8601.
type dateFormat struct {
	locale                                          string
	zone                                            *time.Location
	weekday, year, month, day, hour, minute, second string
	cycle                                           string // "h12", "h23" or "h24"
	zoneName                                        string
}

// datePart is one part of a formatted date, as formatToParts gives it.
type datePart struct{ kind, value string }

// newDateFormat reads the options. defaults is what is shown if they name
// nothing: "date", "time" or "all"; wants is what they must name to count.
func newDateFormat(rt *goja.Runtime, who string, locales, options goja.Value, wants, defaults string) *dateFormat {
	o := newIntlOptions(rt, who, options)
	f := &dateFormat{locale: o.locale(locales, "en-US", "en-GB", "en-CA", "sv-SE"), zone: time.Local}
	o.refuse("era", "dayPeriod", "fractionalSecondDigits", "calendar", "numberingSystem")
	if v := o.get("timeZone"); !goja.IsUndefined(v) {
		f.setZone(o, v.String())
	}
	f.weekday = o.text("weekday", "", "short", "long")
	f.year = o.text("year", "", "numeric", "2-digit")
	f.month = o.text("month", "", "numeric", "2-digit", "short", "long")
	f.day = o.text("day", "", "numeric", "2-digit")
	f.hour = o.text("hour", "", "numeric", "2-digit")
	f.minute = o.text("minute", "", "numeric", "2-digit")
	f.second = o.text("second", "", "numeric", "2-digit")
	f.zoneName = o.text("timeZoneName", "", "short")
	dateStyle, timeStyle := o.text("dateStyle", "", "full", "long", "medium", "short"), o.text("timeStyle", "", "full", "long", "medium", "short")
	switch {
	case dateStyle+timeStyle != "":
		if f.hasDate() || f.hasTime() || f.zoneName != "" {
			panic(rt.NewTypeError(who + ": dateStyle and timeStyle cannot be used with other fields"))
		}
		f.setDateStyle(dateStyle)
		f.setTimeStyle(timeStyle)
	case wants != "time" && f.hasDate(), wants != "date" && f.hasTime():
	default:
		if defaults != "time" {
			f.year, f.month, f.day = "numeric", "numeric", "numeric"
		}
		if defaults != "date" {
			f.hour, f.minute, f.second = "numeric", "numeric", "numeric"
		}
	}
	f.setCycle(o)
	f.check(o)
	return f
}

func (f *dateFormat) hasDate() bool { return f.weekday+f.year+f.month+f.day != "" }
func (f *dateFormat) hasTime() bool { return f.hour+f.minute+f.second != "" }
func (f *dateFormat) hasName() bool { return f.month == "short" || f.month == "long" }
func (f *dateFormat) isISO() bool   { return f.locale == "sv-SE" || f.locale == "en-CA" }

func (f *dateFormat) setZone(o intlOptions, name string) {
	if strings.EqualFold(name, "utc") || strings.EqualFold(name, "gmt") {
		f.zone = time.UTC
		return
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" || len(name) > 64 {
		o.fail("invalid time zone: %s", quoted(clip(name, 64)))
	}
	f.zone = zone
}

func (f *dateFormat) setDateStyle(style string) {
	switch style {
	case "full":
		f.weekday, f.year, f.month, f.day = "long", "numeric", "long", "numeric"
	case "long":
		f.year, f.month, f.day = "numeric", "long", "numeric"
	case "medium":
		f.year, f.month, f.day = "numeric", "short", "numeric"
	case "short":
		f.year, f.month, f.day = "numeric", "numeric", "numeric"
		if f.locale == "en-US" {
			f.year = "2-digit"
		}
	}
}

func (f *dateFormat) setTimeStyle(style string) {
	if style == "" {
		return
	}
	f.hour, f.minute = "numeric", "numeric"
	if style != "short" {
		f.second = "numeric"
	}
	switch style {
	case "full":
		f.zoneName = "long"
	case "long":
		f.zoneName = "short"
	}
}

func (f *dateFormat) setCycle(o intlOptions) {
	american := f.locale == "en-US" || f.locale == "en-CA"
	f.cycle = "h23"
	if american {
		f.cycle = "h12"
	}
	if c := o.text("hourCycle", "", "h12", "h23", "h24"); c != "" {
		f.cycle = c
	}
	switch twelve, given := o.flag("hour12"); {
	case !given:
	case twelve:
		f.cycle = "h12"
	case american:
		f.cycle = "h24" // as V8 has it: midnight is 24:00
	default:
		f.cycle = "h23"
	}
}

// check refuses what would need more of the locale's data than is here.
func (f *dateFormat) check(o intlOptions) {
	date := f.weekday != "" && f.day == "" && f.month+f.year != "" || f.month == "" && f.day != "" && f.weekday+f.year != ""
	switch {
	case date, f.month == "" && f.year != "" && f.weekday != "", f.hour == "" && f.hasTime() && f.hasDate():
		o.fail("this combination of fields is not supported here")
	case f.locale == "sv-SE" && (f.hasName() || f.weekday != "" || f.month != "" && f.year == "" || f.cycle == "h12" && f.hour != ""):
		o.fail("in sv-SE only numeric dates with a year and times of 24 hours are supported here")
	case f.locale == "en-GB" && f.cycle == "h12" && f.hour != "":
		o.fail("en-GB with 12 hours is not supported here")
	case f.zoneName == "long" && f.zone != time.UTC, f.zoneName != "" && f.locale != "en-US" && f.zone != time.UTC:
		o.fail("the name of this time zone is not supported here")
	}
}

// maxDate is the largest time value of a Date, in milliseconds.
const maxDate = 8.64e15

// at returns the time that ms milliseconds since 1970 are in the format's zone.
func (f *dateFormat) at(ms float64) (t time.Time, valid bool) {
	if math.IsNaN(ms) || math.Abs(ms) > maxDate {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(ms)).In(f.zone), true
}

func (f *dateFormat) format(t time.Time) string {
	var b strings.Builder
	for _, p := range f.parts(t) {
		b.WriteString(p.value)
	}
	return b.String()
}

func (f *dateFormat) parts(t time.Time) []datePart {
	parts := f.dateParts(t)
	clock := f.timeParts(t)
	switch {
	case len(parts) == 0 || len(clock) == 0:
	case f.locale == "sv-SE", f.month+f.day+f.year == "" && f.locale != "en-GB":
		parts = append(parts, plainPart(" "))
	case f.month == "long":
		parts = append(parts, plainPart(" at "))
	default:
		parts = append(parts, plainPart(", "))
	}
	parts = append(parts, clock...)
	if f.zoneName == "" {
		return parts
	}
	separator := " "
	if len(clock) == 0 && f.locale != "sv-SE" {
		separator = ", "
	}
	return append(parts, plainPart(separator), datePart{"timeZoneName", f.zoneText(t)})
}

func plainPart(s string) datePart { return datePart{"literal", s} }

func (f *dateFormat) dateParts(t time.Time) []datePart {
	var parts []datePart
	join := func(separator string, p datePart) {
		if len(parts) > 0 {
			parts = append(parts, plainPart(separator))
		}
		parts = append(parts, p)
	}
	year := datePart{"year", f.yearText(t)}
	month := datePart{"month", f.monthText(t)}
	day := datePart{"day", two(t.Day(), f.day == "2-digit" || f.month != "" && !f.hasName() && f.locale != "en-US")}
	if f.weekday != "" {
		name := t.Weekday().String()
		if f.weekday == "short" {
			name = name[:3]
		}
		join("", datePart{"weekday", name})
	}
	ordered := []datePart{month, day, year}
	separator := "/"
	switch {
	case f.hasName() && f.locale == "en-GB":
		ordered, separator = []datePart{day, month, year}, " "
	case f.hasName():
		separator = " "
	case f.locale == "en-GB":
		ordered = []datePart{day, month, year}
	case f.isISO():
		ordered, separator = []datePart{year, month, day}, "-"
	}
	shown := map[string]bool{"year": f.year != "", "month": f.month != "", "day": f.day != ""}
	first := true
	for _, p := range ordered {
		switch {
		case !shown[p.kind]:
			continue
		case first && f.locale == "en-GB" && f.year == "":
			join(" ", p)
		case first, f.hasName() && p.kind == "year" && shown["day"] && f.locale != "en-GB":
			join(", ", p)
		default:
			join(separator, p)
		}
		first = false
	}
	return parts
}

func (f *dateFormat) yearText(t time.Time) string {
	if f.year == "2-digit" {
		return two(((t.Year()%100)+100)%100, true)
	}
	// There is no year 0: ISO's 0 is 1 BC, which is shown without its era.
	if y := t.Year(); y > 0 {
		return fmt.Sprint(y)
	}
	return fmt.Sprint(1 - t.Year())
}

func (f *dateFormat) monthText(t time.Time) string {
	switch f.month {
	case "long":
		return t.Month().String()
	case "short":
		if f.locale == "en-GB" && t.Month() == time.September {
			return "Sept"
		}
		return t.Month().String()[:3]
	}
	return two(int(t.Month()), f.month == "2-digit" || f.day+f.year != "" && f.locale != "en-US")
}

// two writes n, with two digits if padded is set.
func two(n int, padded bool) string {
	if padded {
		return fmt.Sprintf("%02d", n)
	}
	return fmt.Sprint(n)
}

func (f *dateFormat) timeParts(t time.Time) []datePart {
	var parts []datePart
	if f.hour != "" {
		h := t.Hour()
		switch {
		case f.cycle == "h12":
			h = (h+11)%12 + 1
		case f.cycle == "h24" && h == 0:
			h = 24
		}
		// Without seconds, a 24-hour clock keeps one digit where the script
		// says that minutes have two and hours need not.
		loose := f.hour == "numeric" && f.minute == "2-digit" && f.second == "" && (f.locale == "en-GB" || f.locale == "sv-SE")
		parts = append(parts, datePart{"hour", two(h, f.hour == "2-digit" || f.cycle != "h12" && !loose)})
	}
	together := f.hour != "" || f.minute != "" && f.second != ""
	if f.minute != "" {
		if f.hour != "" {
			parts = append(parts, plainPart(":"))
		}
		parts = append(parts, datePart{"minute", two(t.Minute(), together)})
	}
	if f.second != "" {
		if len(parts) > 0 {
			parts = append(parts, plainPart(":"))
		}
		parts = append(parts, datePart{"second", two(t.Second(), together)})
	}
	if f.hour != "" && f.cycle == "h12" {
		parts = append(parts, plainPart(" "), datePart{"dayPeriod", f.half(t)})
	}
	return parts
}

func (f *dateFormat) half(t time.Time) string {
	s := "AM"
	if t.Hour() >= 12 {
		s = "PM"
	}
	if f.locale == "en-CA" {
		return strings.ToLower(s[:1]) + ".m."
	}
	return s
}

// zoneText names the zone: as in the United States for its zones, else by the
// distance from GMT.
func (f *dateFormat) zoneText(t time.Time) string {
	name, offset := t.Zone()
	switch {
	case f.zone == time.UTC || name == "UTC":
		if f.zoneName == "long" {
			return "Coordinated Universal Time"
		}
		return "UTC"
	case americanZone(name) && offset < 0:
		return name
	case offset == 0:
		return "GMT"
	}
	sign := "+"
	if offset < 0 {
		sign, offset = "-", -offset
	}
	text := fmt.Sprintf("GMT%s%d", sign, offset/3600)
	if m := offset / 60 % 60; m != 0 {
		text += fmt.Sprintf(":%02d", m)
	}
	return text
}

// americanZone reports whether en-US shows a zone by its abbreviation. China
// and Cuba have some of the same; the sign of the offset tells China apart.
func americanZone(name string) bool {
	switch name {
	case "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "AKST", "AKDT", "HST":
		return true
	}
	return false
}
