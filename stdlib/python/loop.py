# asyncio on a loop that waits for its host instead of sockets. There is one
# loop, which every way of running something in asyncio uses.
import asyncio
import weakref


class HostLoop(asyncio.BaseEventLoop):
    def __init__(self):
        super().__init__()
        self._selector = self
        self.unhandled = []
        self.tasks = []

    # What BaseEventLoop asks of a selector.
    def select(self, timeout):
        if timeout is None and not HOST.pending:
            raise Deadlock("the script awaits something that nothing can complete")
        if timeout == 0:
            if HOST.pending:
                HOST.polled += 1
                if HOST.polled % 16 == 0:
                    HOST.turn(0)
            return ()
        HOST.turn(timeout)
        return ()

    def _process_events(self, event_list):
        pass

    def _write_to_self(self):
        pass

    def close(self):
        pass

    def is_closed(self):
        return False

    def _check_closed(self):
        pass

    async def shutdown_asyncgens(self):
        pass

    async def shutdown_default_executor(self, timeout=None):
        pass

    def run_until_complete(self, future):
        task = ensure_future(future, loop=self)
        try:
            return self._run_inside(task) if self.is_running() else super().run_until_complete(task)
        except Deadlock as e:
            if not hasattr(e, "_place") and isinstance(task, Task):
                e._place = waits_at(task.get_coro())
            raise

    def _run_inside(self, task):
        """Runs the loop inside itself: the tasks around this one wait."""
        around = current_task(self)
        if around is not None:
            asyncio.tasks._leave_task(self, around)
        try:
            while not task.done():
                self._run_once()
        finally:
            if around is not None:
                asyncio.tasks._enter_task(self, around)
        return task.result()

    def create_task(self, coro, **options):
        task = super().create_task(coro, **options)
        self.tasks.append(weakref.ref(task))
        return task

    def run_in_executor(self, executor, func, *args):
        """There are no threads: the function runs here and now."""
        future = self.create_future()
        try:
            value = func(*args)
        except Exception as e:
            future.set_exception(e)
            return future
        if isinstance(value, Future):
            return value
        future.set_result(value)
        return future

    def call_exception_handler(self, context):
        error = context.get("exception")
        if isinstance(error, BaseException) and len(self.unhandled) < 100:
            self.unhandled.append(error)

    def forgotten(self):
        """The errors that nobody looked at."""
        for ref in self.tasks:
            task = ref()
            if task is not None and task.done() and not task.cancelled() and task._log_traceback:
                self.unhandled.append(task.exception())
        for call in HOST.failed:
            if call._log_traceback:
                self.unhandled.append(call.exception())
        seen, out = set(), []
        for error in self.unhandled:
            if id(error) not in seen:
                seen.add(id(error))
                out.append(error)
        return out


class _Policy(asyncio.AbstractEventLoopPolicy):
    def get_event_loop(self):
        return LOOP

    def set_event_loop(self, loop):
        pass

    def new_event_loop(self):
        return LOOP


class Runner:
    """asyncio.Runner on the one loop."""

    def __init__(self, *, debug=None, loop_factory=None):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def run(self, coro, *, context=None):
        return run(coro)

    def get_loop(self):
        return LOOP

    def close(self):
        pass


async def _await(awaitable):
    return await awaitable


def run(main, *, debug=None, loop_factory=None):
    """asyncio.run, which also takes calls and gather(...) as they are."""
    if not iscoroutine(main):
        if not hasattr(main, "__await__"):
            raise ValueError(f"a coroutine was expected, got {main!r}")
        main = _await(main)
    return LOOP.run_until_complete(main)


def complete(value):
    """The value of something that can be awaited."""
    if isinstance(value, Eager):
        return value.wait()
    if isinstance(value, Future):
        return LOOP.run_until_complete(value)
    return run(value)


def waits_at(coro):
    """The innermost place of the script in which a coroutine is suspended."""
    found = Place()
    for _ in range(1000):
        frame = getattr(coro, "cr_frame", None) or getattr(coro, "ag_frame", None)
        if frame is not None and frame.f_code.co_filename == SCRIPT:
            found = Place(frame.f_lineno or 0, frame.f_code, frame.f_lasti)
        coro = getattr(coro, "cr_await", None)
        if coro is None:
            break
    return found


def install_loop():
    global LOOP
    asyncio.set_event_loop_policy(_Policy())
    LOOP = HostLoop()
    for module in (asyncio, asyncio.runners):
        module.run = run
        module.Runner = Runner
