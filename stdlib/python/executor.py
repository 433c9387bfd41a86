# concurrent.futures without threads: what is submitted runs at once, and the
# calls that it makes are waited for when its result is asked for.
import concurrent.futures
import sys
import types


class Job(concurrent.futures.Future):
    def __init__(self, function, args, kwargs):
        super().__init__()
        self.running_value = None
        before, HOST.eager = HOST.eager, True
        try:
            value = function(*args, **kwargs)
        except Exception as e:
            self.set_exception(e)
            return
        finally:
            HOST.eager = before
        if isinstance(value, Eager):
            self.running_value = value
        else:
            self.set_result(settle(value))

    def _settle(self):
        value, self.running_value = self.running_value, None
        if value is None:
            return
        try:
            self.set_result(value.wait())
        except Exception as e:
            self.set_exception(e)

    def ready(self):
        value = self.running_value
        return value is None or not isinstance(value, Call) or value.done()

    def done(self):
        if self.ready():
            self._settle()
        return super().done()

    def result(self, timeout=None):
        self._settle()
        return super().result(timeout)

    def exception(self, timeout=None):
        self._settle()
        return super().exception(timeout)


class Executor(concurrent.futures.Executor):
    def __init__(self, max_workers=None, *args, **kwargs):
        self.jobs = []

    def submit(self, fn, /, *args, **kwargs):
        job = Job(fn, args, kwargs)
        self.jobs.append(job)
        return job

    def map(self, fn, *iterables, timeout=None, chunksize=1):
        jobs = [self.submit(fn, *args) for args in zip(*iterables)]
        return (job.result() for job in jobs)

    def shutdown(self, wait=True, *, cancel_futures=False):
        if wait:
            for job in self.jobs:
                job._settle()


def as_completed(fs, timeout=None):
    left = list(dict.fromkeys(fs))
    while left:
        ready = [f for f in left if not isinstance(f, Job) or f.ready()]
        if not ready:
            HOST.turn(None)
            continue
        for f in ready:
            left.remove(f)
            if isinstance(f, Job):
                f._settle()
            yield f


def wait_for_jobs(fs, timeout=None, return_when="ALL_COMPLETED"):
    done = set(as_completed(fs))
    return concurrent.futures._base.DoneAndNotDoneFutures(done, set())


def install_executors():
    for name, module in (("ThreadPoolExecutor", "thread"), ("ProcessPoolExecutor", "process")):
        setattr(concurrent.futures, name, Executor)
        stand_in = types.ModuleType("concurrent.futures." + module)
        setattr(stand_in, name, Executor)
        setattr(concurrent.futures, module, stand_in)
        sys.modules[stand_in.__name__] = stand_in
    concurrent.futures.as_completed = as_completed
    concurrent.futures.wait = wait_for_jobs
