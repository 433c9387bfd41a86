"""Leaves in a module only what runs: no custom sections, and only the exports that are used.

usage: finish.py IN.wasm OUT.wasm EXPORT...

It prints the index of each export.
"""

import sys


def number(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def encoded(value):
    out = bytearray()
    while True:
        byte = value & 0x7F
        value >>= 7
        if not value:
            out.append(byte)
            return bytes(out)
        out.append(byte | 0x80)


def sections(module):
    if module[:8] != b"\0asm\1\0\0\0":
        sys.exit("finish.py: not a WebAssembly module")
    at = 8
    while at < len(module):
        kind = module[at]
        size, at = number(module, at + 1)
        yield kind, module[at : at + size]
        at += size


def exports(body):
    count, at = number(body, 0)
    for _ in range(count):
        size, at = number(body, at)
        name = body[at : at + size].decode()
        at += size
        kind = body[at]
        index, at = number(body, at + 1)
        yield name, kind, index


def function_names(body):
    """The function names of the "name" section, by name."""
    size, at = number(body, 0)
    at += size
    while at < len(body):
        kind = body[at]
        size, at = number(body, at + 1)
        end = at + size
        if kind == 1:
            names = {}
            count, at = number(body, at)
            for _ in range(count):
                index, at = number(body, at)
                size, at = number(body, at)
                names[body[at : at + size].decode()] = index
                at += size
            return names
        at = end
    return {}


def main(source, target, *wanted):
    with open(source, "rb") as f:
        module = f.read()
    names = {}
    for kind, body in sections(module):
        if kind == 0:
            size, at = number(body, 0)
            if body[at : at + size] == b"name":
                names = function_names(body)
    out = bytearray(b"\0asm\1\0\0\0")
    for kind, body in sections(module):
        if kind == 0:
            continue
        if kind == 7:
            kept = []
            for name, what, index in exports(body):
                if name in wanted:
                    # The linker wraps exported functions so that each runs the constructors
                    # anew; what is called is the function itself.
                    if what == 0 and name + ".command_export" in names:
                        index = names[name]
                    kept.append((name, what, index))
            for name, _, index in kept:
                print(name, index)
            missing = set(wanted) - {name for name, _, _ in kept}
            if missing:
                sys.exit(f"finish.py: the module does not export {', '.join(sorted(missing))}")
            body = encoded(len(kept)) + b"".join(
                encoded(len(name.encode())) + name.encode() + bytes([what]) + encoded(index) for name, what, index in kept
            )
        out += bytes([kind]) + encoded(len(body)) + body
    with open(target, "wb") as f:
        f.write(out)


main(*sys.argv[1:])
