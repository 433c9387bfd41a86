# asyncio: top-level await and asyncio.run, without any tool.
# --- await
import asyncio
async def f(x):
    await asyncio.sleep(0)
    return x * 2
await f(21)
# --- asyncio.run
import asyncio
async def main():
    await asyncio.sleep(0.001)
    print("in main")
    return [1, 2]
asyncio.run(main())
# --- asyncio.run under main
import asyncio
async def main():
    print("start")
    await asyncio.sleep(0)
    return "ok"

if __name__ == "__main__":
    result = asyncio.run(main())
    print("got", result)
# --- gather
import asyncio
log = []
async def f(n, t):
    log.append(f"start {n}")
    await asyncio.sleep(t)
    log.append(f"end {n}")
    return n
r = await asyncio.gather(f("a", 0.03), f("b", 0.01), f("c", 0.02))
[r, log]
# --- gather with exceptions
import asyncio
async def f(n):
    await asyncio.sleep(0)
    if n == 2:
        raise ValueError(f"bad {n}")
    return n
r = await asyncio.gather(*(f(n) for n in range(4)), return_exceptions=True)
try:
    await asyncio.gather(f(1), f(2))
except ValueError as e:
    r.append(str(e))
[x if not isinstance(x, Exception) else repr(x) for x in r]
# --- tasks
import asyncio
log = []
async def f(n):
    for i in range(2):
        log.append(f"{n}{i}")
        await asyncio.sleep(0)
    return n
a = asyncio.create_task(f("a"), name="first")
b = asyncio.create_task(f("b"))
log.append("made")
r = [await b, await a]
[r, log, a.done(), a.result(), a.get_name(), a.exception(), a.cancelled()]
# --- cancel
import asyncio
log = []
async def f():
    try:
        await asyncio.sleep(100)
    except asyncio.CancelledError:
        log.append("cancelled")
        raise
    finally:
        log.append("finally")
t = asyncio.create_task(f())
await asyncio.sleep(0)
log.append(t.cancel())
try:
    await t
except asyncio.CancelledError as e:
    log.append(type(e).__name__)
[log, t.cancelled(), t.done(), t.cancel()]
# --- wait_for
import asyncio
async def slow():
    await asyncio.sleep(100)
async def fast():
    await asyncio.sleep(0.001)
    return "fast"
try:
    await asyncio.wait_for(slow(), 0.01)
except asyncio.TimeoutError as e:
    r = type(e).__name__
[r, await asyncio.wait_for(fast(), 5), await asyncio.wait_for(fast(), None)]
# --- a timeout nobody caught
import asyncio
await asyncio.wait_for(asyncio.sleep(100), 0.001)
# --- timeout
import asyncio
log = []
try:
    async with asyncio.timeout(0.01):
        await asyncio.sleep(100)
except TimeoutError:
    log.append("late")
async with asyncio.timeout(10) as t:
    await asyncio.sleep(0)
    log.append("in time")
[log, t.expired()]
# --- TaskGroup
import asyncio
async def f(n):
    await asyncio.sleep(0.01 * (3 - n))
    return n
async with asyncio.TaskGroup() as g:
    ts = [g.create_task(f(n)) for n in range(3)]
[t.result() for t in ts]
# --- a TaskGroup that fails
import asyncio
log = []
async def bad():
    await asyncio.sleep(0)
    raise ValueError("bad")
async def long():
    try:
        await asyncio.sleep(100)
    except asyncio.CancelledError:
        log.append("cancelled")
        raise
try:
    async with asyncio.TaskGroup() as g:
        g.create_task(bad())
        g.create_task(long())
except* ValueError as e:
    log.append([str(x) for x in e.exceptions])
log
# --- as_completed
import asyncio
async def f(n):
    await asyncio.sleep(n / 100)
    return n
[await r for r in asyncio.as_completed([f(3), f(1), f(2)])]
# --- wait
import asyncio
async def f(n):
    await asyncio.sleep(n)
    return n
ts = [asyncio.create_task(f(n)) for n in (0.01, 100)]
done, pending = await asyncio.wait(ts, return_when=asyncio.FIRST_COMPLETED)
for p in pending:
    p.cancel()
[[d.result() for d in done], len(pending)]
# --- queue
import asyncio
async def producer(q):
    for i in range(5):
        await q.put(i)
    await q.put(None)
async def consumer(q, out):
    while (x := await q.get()) is not None:
        out.append(x * x)
        q.task_done()
q, out = asyncio.Queue(2), []
await asyncio.gather(producer(q), consumer(q, out))
p = asyncio.PriorityQueue()
for x in (3, 1, 2):
    p.put_nowait(x)
l = asyncio.LifoQueue()
l.put_nowait(1); l.put_nowait(2)
[out, q.empty(), [p.get_nowait() for _ in range(3)], l.get_nowait(), q.maxsize]
# --- an empty queue
import asyncio
asyncio.Queue().get_nowait()
# --- workers
import asyncio
async def worker(name, q, out):
    while True:
        n = await q.get()
        await asyncio.sleep(0)
        out.append((n, n * n))
        q.task_done()
q, out = asyncio.Queue(), []
for n in range(6):
    q.put_nowait(n)
ws = [asyncio.create_task(worker(f"w{i}", q, out)) for i in range(3)]
await q.join()
for w in ws:
    w.cancel()
await asyncio.gather(*ws, return_exceptions=True)
sorted(out)
# --- semaphore
import asyncio
running = most = 0
s = asyncio.Semaphore(2)
async def f(n):
    global running, most
    async with s:
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001)
        running -= 1
    return n
[await asyncio.gather(*map(f, range(6))), most, s.locked()]
# --- lock
import asyncio
lock, log = asyncio.Lock(), []
async def f(n):
    async with lock:
        log.append(f"in {n}")
        await asyncio.sleep(0)
        log.append(f"out {n}")
await asyncio.gather(f(1), f(2))
[log, lock.locked()]
# --- event and condition
import asyncio
e, log = asyncio.Event(), []
async def waiter(n):
    await e.wait()
    log.append(n)
ts = [asyncio.create_task(waiter(n)) for n in range(2)]
await asyncio.sleep(0)
log.append("set")
e.set()
await asyncio.gather(*ts)
c, items = asyncio.Condition(), []
async def take():
    async with c:
        await c.wait_for(lambda: items)
        return items.pop()
async def give():
    async with c:
        items.append("x")
        c.notify_all()
r = await asyncio.gather(take(), give())
[log, e.is_set(), r]
# --- async generators
import asyncio
async def pages(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield {"page": i, "items": [i * 10, i * 10 + 1]}
out = []
async for p in pages(3):
    out += p["items"]
g = pages(1)
[out, [p["page"] async for p in pages(3) if p["page"] != 1], {p["page"]: 1 async for p in pages(2)}, await anext(g), await anext(g, "end")]
# --- async context managers
import asyncio
from contextlib import asynccontextmanager, AsyncExitStack
log = []
@asynccontextmanager
async def conn(n):
    log.append(f"open {n}")
    try:
        yield n
    finally:
        await asyncio.sleep(0)
        log.append(f"close {n}")
class C:
    async def __aenter__(self): return "c"
    async def __aexit__(self, *e):
        log.append(e[0] and e[0].__name__)
        return True
async with conn(1) as a, C() as c:
    log.append(a)
    raise KeyError("x")
async with AsyncExitStack() as s:
    await s.enter_async_context(conn(2))
log
# --- async iterator of one's own
class Count:
    def __init__(self, n): self.n = n
    def __aiter__(self): return self
    async def __anext__(self):
        if not self.n: raise StopAsyncIteration
        self.n -= 1
        return self.n
[x async for x in Count(3)]
# --- futures and callbacks
import asyncio
loop, log = asyncio.get_running_loop(), []
f = loop.create_future()
f.add_done_callback(lambda f: log.append(f.result()))
loop.call_soon(log.append, "soon")
loop.call_later(0.01, f.set_result, "later")
r = await f
await asyncio.sleep(0)
[r, log, f.done()]
# --- the order of callbacks
import asyncio
loop, log = asyncio.get_running_loop(), []
async def t(n): log.append(f"task {n}")
loop.call_later(0.02, log.append, "20 ms")
loop.call_later(0.01, log.append, "10 ms")
loop.call_soon(log.append, "soon")
a = asyncio.create_task(t(1))
log.append("now")
await asyncio.sleep(0.04)
log
# --- shield
import asyncio
async def f():
    await asyncio.sleep(0.02)
    return "kept"
t = asyncio.create_task(f())
try:
    await asyncio.wait_for(asyncio.shield(t), 0.001)
except TimeoutError:
    pass
await t
# --- to_thread
import asyncio
def blocking(n):
    return sum(range(n))
r = await asyncio.gather(asyncio.to_thread(blocking, 10), asyncio.to_thread(blocking, n=5))
[r, await asyncio.get_running_loop().run_in_executor(None, blocking, 4)]
# --- executor
from concurrent.futures import ThreadPoolExecutor, as_completed
with ThreadPoolExecutor(max_workers=3) as pool:
    fs = [pool.submit(pow, n, 2) for n in range(4)]
    r = [list(pool.map(str, range(3))), sorted(f.result() for f in as_completed(fs))]
r
# --- an error in an executor
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor() as pool:
    f = pool.submit(lambda: 1 / 0)
[type(f.exception()).__name__, f.done()]
# --- an error in a coroutine
import asyncio
async def f():
    await asyncio.sleep(0)
    raise LookupError("not here")
await f()
# --- a coroutine awaited twice
async def f(): return 1
c = f()
await c
await c
# --- what cannot be awaited
await 5
# --- sync and async mixed
import asyncio
async def fetch(n):
    await asyncio.sleep(0)
    return {"id": n, "tags": ["a"] * n}
async def main(ids):
    rows = await asyncio.gather(*[fetch(i) for i in ids])
    return {r["id"]: len(r["tags"]) for r in rows if r["tags"]}
result = await main([0, 1, 2])
print(sum(result.values()))
# --- current task and loop
import asyncio
async def f(): return asyncio.current_task().get_name()
t = asyncio.create_task(f(), name="mine")
[await t, asyncio.get_running_loop().is_running(), asyncio.iscoroutinefunction(f), asyncio.isfuture(t), len(asyncio.all_tasks()) >= 1]
# --- context variables
import asyncio, contextvars
v = contextvars.ContextVar("v", default=0)
async def f(n):
    v.set(n)
    await asyncio.sleep(0)
    return v.get()
v.set(9)
[await asyncio.gather(f(1), f(2)), v.get()]
# --- retries with a delay
import asyncio
tries = []
async def flaky():
    tries.append(len(tries))
    if len(tries) < 3:
        raise ConnectionError("down")
    return "up"
async def retry(f, n):
    for i in range(n):
        try:
            return await f()
        except ConnectionError as e:
            await asyncio.sleep(0.001 * 2 ** i)
    raise RuntimeError("gave up")
[await retry(flaky, 5), tries]
# --- a timed loop
import asyncio, time
t = time.perf_counter()
await asyncio.gather(*[asyncio.sleep(0.02) for _ in range(50)])
0.015 < time.perf_counter() - t < 5
# --- time.sleep
import time
t = time.monotonic()
time.sleep(0.01)
time.monotonic() - t >= 0.009
# --- sleep that is negative
import time
time.sleep(-1)
# --- sleep with a value
import asyncio
[await asyncio.sleep(0, "x"), await asyncio.sleep(0.001, result=5)]
# --- Runner
import asyncio
async def f(): return 5
def main():
    with asyncio.Runner() as r:
        return [r.run(f()), r.run(asyncio.sleep(0, 6))]
main()
# --- gather of nothing
import asyncio
await asyncio.gather()
