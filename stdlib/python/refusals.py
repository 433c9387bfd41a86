# What a script cannot do here, and what to do instead.
import builtins
import io
import os
import socket
import subprocess
import sys
import threading
import time

NO_NETWORK = 'there is no network here: call a tool, or find one with tools.search("…")'
NO_FILES = 'there are no files here: call a tool, or find one with tools.search("…"); what the script needs comes in the global data'
NO_PROCESSES = 'there are no processes here: call a tool, or find one with tools.search("…")'
NO_THREADS = "there are no threads here: use parallel(f, items), or asyncio.gather with await"


def _refuse(kind, what, hint):
    def refused(*args, **kwargs):
        raise hinted(kind(f"{what} is not available in a script"), hint)

    refused.__name__ = refused.__qualname__ = what.rpartition(".")[2]
    return refused


def install_refusals():
    builtins.open = io.open = _refuse(PermissionError, "open", NO_FILES)
    builtins.input = _refuse(EOFError, "input", "nobody can answer: what the script needs comes in the global data")
    builtins.breakpoint = _refuse(RuntimeError, "breakpoint", "print what you want to see")
    for name in ("system", "popen", "fork", "execv", "execve", "spawnv", "kill"):
        setattr(os, name, _refuse(PermissionError, "os." + name, NO_PROCESSES))
    for name in ("listdir", "scandir", "mkdir", "makedirs", "remove", "unlink", "rename", "rmdir", "open"):
        setattr(os, name, _refuse(PermissionError, "os." + name, NO_FILES))
    for name in ("run", "call", "check_call", "check_output", "getoutput", "getstatusoutput"):
        setattr(subprocess, name, _refuse(PermissionError, "subprocess." + name, NO_PROCESSES))
    for name in ("create_connection", "getaddrinfo", "gethostbyname", "create_server", "socketpair", "gethostname"):
        if hasattr(socket, name):
            setattr(socket, name, _refuse(PermissionError, "socket." + name, NO_NETWORK))
    # Classes stay classes: other modules inherit from them.
    subprocess.Popen.__init__ = _refuse(PermissionError, "subprocess.Popen", NO_PROCESSES)
    socket.socket.__init__ = _refuse(PermissionError, "socket.socket", NO_NETWORK)
    threading.Thread.start = _refuse(RuntimeError, "threading.Thread.start", NO_THREADS)
    time.sleep = HOST.sleep
    os.environ.clear()
    builtins.exit = builtins.quit = sys.exit
    builtins.help = show_help
    time.tzset = lambda: None
    os.umask = lambda mask: 0o77
