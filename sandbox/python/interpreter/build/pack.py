"""Packs the standard library: compiled without sources, deflated, the same bytes every time.

usage: pack.py LIB ZONEINFO OUT.zip

The archive is what the interpreter finds at its library path: modules in the
sourceless layout (json/decoder.pyc), the data files they read, and zoneinfo/ with
the time zones.
"""

import importlib.util
import marshal
import os
import struct
import subprocess
import sys
import tempfile
import zlib

PREFIX = "/usr/local/lib/python3.13/"

# What has no use without a screen, a terminal, processes or a network; what needs an
# extension module that is not built, or stands in for one that is; what is for those
# who work on Python itself; and what the interpreter has inside.
LEFT_OUT = set("""
__phello__ __pycache__ _pyrepl ctypes curses dbm ensurepip idlelib lib2to3 msilib multiprocessing pydoc_data
site-packages sqlite3 test tkinter turtledemo venv wsgiref xmlrpc
_aix_support.py _android_support.py _apple_support.py _ios_support.py _osx_support.py _pydatetime.py _pydecimal.py
_pyio.py antigravity.py bdb.py bz2.py cProfile.py doctest.py ftplib.py imaplib.py lzma.py mailbox.py
modulefinder.py nturl2path.py pdb.py pickletools.py poplib.py profile.py pstats.py pty.py pydoc.py rlcompleter.py
smtplib.py socketserver.py ssl.py tabnanny.py this.py trace.py tty.py turtle.py wave.py webbrowser.py zipapp.py
zipimport.py
asyncio/__main__.py asyncio/windows_events.py asyncio/windows_utils.py encodings/mbcs.py encodings/oem.py
importlib/_bootstrap.py importlib/_bootstrap_external.py
""".split())

# Codecs of East Asian encodings; UTF-8 and UTF-16 hold the same texts.
LEFT_OUT |= {f"encodings/{name}.py" for name in """
big5 big5hkscs cp932 cp949 cp950 euc_jis_2004 euc_jisx0213 euc_jp euc_kr gb18030 gb2312 gbk hz iso2022_jp iso2022_jp_1
iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext iso2022_kr johab shift_jis shift_jis_2004 shift_jisx0213
""".split()}

# sysconfig reads its variables from a module named for the platform; zoneinfo asks
# it where the time zones are, and nothing else here has an answer.
SYSCONFIG = f'build_time_vars = {{"TZPATH": "{PREFIX}zoneinfo"}}\n'


def modules(lib):
    for folder, folders, files in os.walk(lib):
        rel = os.path.relpath(folder, lib)
        rel = "" if rel == "." else rel + "/"
        folders[:] = sorted(d for d in folders if rel + d not in LEFT_OUT)
        for name in sorted(files):
            if name.endswith(".py") and rel + name not in LEFT_OUT:
                with open(os.path.join(folder, name), "rb") as f:
                    yield rel + name, f.read()


def compiled(name, source):
    # Level 2 leaves out the docstrings, a sixth of the whole.
    code = compile(source, PREFIX + name, "exec", dont_inherit=True, optimize=2)
    flags = (1).to_bytes(4, "little")  # by hash, never checked: PEP 552
    return importlib.util.MAGIC_NUMBER + flags + importlib.util.source_hash(source) + marshal.dumps(code)


def zones(root):
    for folder, _, files in os.walk(root):
        for name in files:
            path = os.path.join(folder, name)
            with open(path, "rb") as f:
                yield os.path.relpath(path, root), f.read()


def deflated(contents):
    """Raw deflate of each, by zopfli, which finds what gzip would with unlimited time."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, str(n)) for n in range(len(contents))]
        for path, data in zip(paths, contents):
            with open(path, "wb") as f:
                f.write(data)
        cpus = os.cpu_count()
        running = [subprocess.Popen(["zopfli", "--deflate", *paths[n::cpus]]) for n in range(cpus)]
        if any(p.wait() for p in running):
            sys.exit("pack.py: zopfli failed")
        packed = {}
        for path, data in zip(paths, contents):
            with open(path + ".deflate", "rb") as f:
                packed[data] = f.read()
        return packed


def archive(entries):
    """A zip archive: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3."""
    out, directory = bytearray(), bytearray()
    date = 0x21  # 1980-01-01, the first that the format knows
    for name, data, packed in entries:
        method = 8
        if len(packed) >= len(data):
            method, packed = 0, data
        fields = struct.pack("<HHHHHIIIHH", 20, 0, method, 0, date, zlib.crc32(data), len(packed), len(data), len(name), 0)
        directory += b"PK\1\2" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, len(out)) + name.encode()
        out += b"PK\3\4" + fields + name.encode() + packed
    end = struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(directory), len(out), 0)
    return out + directory + b"PK\5\6" + end


def main(lib, zoneinfo, out):
    files = {name + "c": compiled(name, source) for name, source in modules(lib)}
    name = "_sysconfigdata__wasi_wasm32-wasi.py"
    files[name + "c"] = compiled(name, SYSCONFIG.encode())
    files |= {"zoneinfo/" + name: data for name, data in zones(zoneinfo)}
    files["lib-dynload/"] = b""  # the interpreter looks for it, and complains
    packed = deflated(list(dict.fromkeys(files.values())))
    entries = [(name, data, packed[data]) for name, data in sorted(files.items())]
    with open(out, "wb") as f:
        f.write(archive(entries))


main(*sys.argv[1:])
