# Dates, times, durations, zones, calendars.
# --- parts
from datetime import datetime, date, time
d = datetime(2024, 2, 29, 13, 5, 9, 123456)
[d.year, d.month, d.day, d.hour, d.minute, d.second, d.microsecond, d.weekday(), d.isoweekday(), list(d.isocalendar()), d.date().toordinal(), d.timetuple().tm_yday, str(d.time()), d.tzinfo]
# --- isoformat
from datetime import datetime, date, time, timezone, timedelta
d = datetime(2024, 1, 5, 9, 30)
[d.isoformat(), d.isoformat(" "), d.isoformat(timespec="minutes"), d.replace(microsecond=5).isoformat(), d.replace(microsecond=5000).isoformat(timespec="milliseconds"), d.replace(tzinfo=timezone.utc).isoformat(), d.replace(tzinfo=timezone(timedelta(hours=-5, minutes=-30))).isoformat(), date(2024, 1, 5).isoformat(), time(1, 2).isoformat()]
# --- fromisoformat
from datetime import datetime, date, time
[datetime.fromisoformat(s).isoformat() for s in ("2024-01-05", "2024-01-05T10:00", "2024-01-05 10:00:01.5", "2024-01-05T10:00:00Z", "2024-01-05T10:00:00+02:00", "20240105T100000", "2024-W01-5")] + [str(date.fromisoformat("2024-12-31")), str(time.fromisoformat("10:30:15"))]
# --- fromisoformat of something else
from datetime import datetime
datetime.fromisoformat("yesterday")
# --- strftime
from datetime import datetime
d = datetime(2024, 3, 5, 4, 7, 9, 12)
[d.strftime(f) for f in ("%Y-%m-%d", "%d/%m/%y", "%H:%M:%S", "%I:%M %p", "%A %a", "%B %b", "%j", "%U %W %w %u", "%G-W%V", "%f", "%%", "%c", "%x", "%X", "%Y%m%dT%H%M%S", "%d %B %Y", "%D", "%T", "%R", "%e", "%h", "%C")]
# --- strftime without zeros
from datetime import datetime
datetime(2024, 3, 5, 4, 7).strftime("%-d/%-m %-H:%M")
# --- strptime
from datetime import datetime
[datetime.strptime(s, f).isoformat() for s, f in (("2024-01-05 10:00:01", "%Y-%m-%d %H:%M:%S"), ("05/Jan/2024", "%d/%b/%Y"), ("Jan 5, 2024 3:04 PM", "%b %d, %Y %I:%M %p"), ("2024-01-05T10:00:00+0200", "%Y-%m-%dT%H:%M:%S%z"), ("20240105", "%Y%m%d"), ("Friday 5 January 2024", "%A %d %B %Y"), ("10:30", "%H:%M"), ("2024-01-05T10:00:00.123Z", "%Y-%m-%dT%H:%M:%S.%fZ"), ("24 036", "%y %j"))]
# --- strptime of something else
from datetime import datetime
datetime.strptime("2024-13-01", "%Y-%m-%d")
# --- strptime with more behind
from datetime import datetime
datetime.strptime("2024-01-05 10:00", "%Y-%m-%d")
# --- arithmetic
from datetime import datetime, date, timedelta
a, b = datetime(2024, 3, 1), datetime(2024, 2, 28, 12)
d = a - b
[str(d), d.days, d.seconds, d.total_seconds(), str(a + timedelta(days=1, hours=2)), str(date(2024, 1, 31) + timedelta(weeks=1)), str(b - a), (b - a).days, str(timedelta(hours=50) / 2), timedelta(days=1) // timedelta(hours=5), str(timedelta(days=1) % timedelta(hours=5)), str(abs(b - a)), timedelta(minutes=90) / timedelta(hours=1), str(-timedelta(seconds=1))]
# --- timedelta
from datetime import timedelta
[repr(timedelta(days=1, seconds=2, microseconds=3)), str(timedelta(days=400)), str(timedelta(milliseconds=1500)), str(timedelta(days=-1, hours=1)), timedelta(1) == timedelta(hours=24), sorted([timedelta(2), timedelta(1)])[0].days, str(sum([timedelta(hours=1)] * 3, timedelta())), bool(timedelta(0)), timedelta(hours=1, minutes=30).total_seconds() / 60]
# --- comparison
from datetime import datetime, date
[date(2024, 1, 1) < date(2024, 1, 2), max(date(2023, 5, 1), date(2024, 1, 1)).year, datetime(2024, 1, 1) == datetime(2024, 1, 1, 0), sorted([date(2024, 5, 1), date(2023, 5, 1)])[0].isoformat(), date(2024, 1, 1) == datetime(2024, 1, 1), date.min.isoformat(), date.max.isoformat()]
# --- aware and naive do not mix
from datetime import datetime, timezone
datetime(2024, 1, 1) < datetime(2024, 1, 1, tzinfo=timezone.utc)
# --- aware and naive do not subtract
from datetime import datetime, timezone
datetime(2024, 1, 1) - datetime(2024, 1, 1, tzinfo=timezone.utc)
# --- no such day
from datetime import date
date(2023, 2, 29)
# --- no such hour
from datetime import datetime
datetime(2024, 1, 1, 25)
# --- zones
from datetime import datetime, timezone, timedelta
est = timezone(timedelta(hours=-5), "EST")
d = datetime(2024, 1, 5, 12, tzinfo=timezone.utc)
e = d.astimezone(est)
[e.isoformat(), e.tzname(), str(e.utcoffset()), e == d, str(timezone.utc), repr(est), d.strftime("%z %Z"), e.strftime("%z %Z"), str(datetime(2024, 1, 5, 12).astimezone(timezone.utc)), (datetime(2024, 1, 5, 7, tzinfo=est) - d).total_seconds()]
# --- zone by name
from zoneinfo import ZoneInfo
from datetime import datetime
d = datetime(2024, 7, 1, 12, tzinfo=ZoneInfo("Europe/Berlin"))
[d.isoformat(), d.astimezone(ZoneInfo("America/New_York")).isoformat(), datetime(2024, 1, 1, tzinfo=ZoneInfo("Asia/Kolkata")).utcoffset().total_seconds()]
# --- zone that is UTC
from zoneinfo import ZoneInfo
from datetime import datetime
datetime(2024, 7, 1, 12, tzinfo=ZoneInfo("UTC")).isoformat()
# --- timestamps
from datetime import datetime, timezone
[datetime.fromtimestamp(0, timezone.utc).isoformat(), datetime.fromtimestamp(1704448800.5, tz=timezone.utc).isoformat(), datetime(2024, 1, 5, 10, tzinfo=timezone.utc).timestamp(), datetime(2024, 1, 5, 10).timestamp(), datetime.fromtimestamp(86400).isoformat(), datetime(1960, 1, 1, tzinfo=timezone.utc).timestamp(), datetime.fromtimestamp(4102444800, timezone.utc).year]
# --- now
from datetime import datetime, date, timezone
import time
n = datetime.now(timezone.utc)
[n.tzinfo is timezone.utc, abs(n.timestamp() - time.time()) < 5, date.today() == datetime.now().date(), datetime.now().tzinfo, n.year >= 2024, (datetime.now() - datetime(2020, 1, 1)).days > 1000]
# --- time module
import time
t = time.gmtime(1704448800)
[list(t)[:6], time.strftime("%Y-%m-%d %H:%M", t), time.mktime(t), t.tm_wday, time.strftime("%a, %d %b %Y", time.strptime("5 Jan 24", "%d %b %y")), time.timezone, list(time.tzname), time.asctime(t), time.ctime(0)]
# --- clocks do not go back
import time
a, b = time.perf_counter(), time.monotonic()
x = [time.perf_counter() for _ in range(100)]
[x == sorted(x), time.perf_counter() >= a, time.monotonic() >= b, time.perf_counter_ns() > 0, isinstance(time.time_ns(), int), time.process_time() >= 0]
# --- months added
from datetime import date
import calendar
def add_months(d, n):
    y, m = divmod(d.month - 1 + n, 12)
    return date(d.year + y, m + 1, min(d.day, calendar.monthrange(d.year + y, m + 1)[1]))
[str(add_months(date(2024, 1, 31), n)) for n in (1, 13, -1, -12, 0)]
# --- grouped by week
from datetime import date, timedelta
from collections import defaultdict
days = [date(2024, 1, 1) + timedelta(days=3 * i) for i in range(6)]
weeks = defaultdict(list)
for d in days:
    weeks["{}-W{:02}".format(*d.isocalendar()[:2])].append(d.day)
dict(weeks)
# --- working days
from datetime import date, timedelta
a, b = date(2024, 1, 1), date(2024, 1, 31)
sum(1 for i in range((b - a).days + 1) if (a + timedelta(i)).weekday() < 5)
# --- ago
from datetime import datetime, timedelta
now = datetime(2024, 1, 5, 12)
def ago(d):
    s = int((now - d).total_seconds())
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if s >= size:
            n = s // size
            return f"{n} {unit}{'s' * (n != 1)} ago"
    return "just now"
[ago(now - timedelta(**k)) for k in ({"days": 3}, {"hours": 1, "minutes": 20}, {"minutes": 5}, {"seconds": 3})]
# --- calendar
import calendar
[calendar.month(2024, 2), calendar.isleap(2000), calendar.isleap(1900), list(calendar.monthrange(2024, 2)), calendar.month_name[3], calendar.day_abbr[0], calendar.monthcalendar(2024, 2)[0], calendar.leapdays(2000, 2025), calendar.timegm((2024, 1, 5, 10, 0, 0)), calendar.weekday(2024, 1, 5)]
# --- calendar as text
import calendar
print(calendar.TextCalendar(calendar.SUNDAY).formatmonth(2024, 3))
[d.isoformat() for d in calendar.Calendar().itermonthdates(2024, 2)][:2]
# --- repr
from datetime import datetime, date, time, timedelta, timezone
[repr(datetime(2024, 1, 5, tzinfo=timezone.utc)), repr(date(2024, 1, 5)), repr(time(1, 2, 3)), repr(timedelta(1)), str(datetime(2024, 1, 5)), datetime(2024, 1, 5).ctime()]
# --- email dates
from email.utils import formatdate, parsedate_to_datetime
[formatdate(0, usegmt=True), parsedate_to_datetime("Fri, 05 Jan 2024 10:00:00 +0100").isoformat()]
# --- as results
from datetime import datetime, date, time, timedelta, timezone
{"at": datetime(2024, 1, 5, 10, tzinfo=timezone.utc), "day": date(2024, 1, 5), "time": time(10, 30), "took": timedelta(minutes=1.5), date(2024, 1, 1): 1}
