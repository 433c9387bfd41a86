#!/bin/bash
# The part of build.sh that runs in its root, with nothing but the packages of debs.lock.
#
#   compile.sh     make /build/out
#   compile.sh -p  make /build/out/profile.xz only: run train.py in a native Python, built to count what is executed
set -euo pipefail
umask 022

version=3.13.5
minor=${version%.*}
# The date of the newest change in the Debian package, for the interpreter's build date.
export SOURCE_DATE_EPOCH=1786363619
export PATH=/usr/lib/llvm-19/bin:/usr/bin:/usr/sbin LC_ALL=C TZ=UTC HOME=/build PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1
cd /build

unpack() {
  mkdir python zlib out
  tar -xf sources/python"$minor"_*.orig.tar.xz -C python --strip-components 1
  tar -xf sources/python"$minor"_*.debian.tar.xz -C python
  tar -xf sources/zlib_*.orig.tar.gz -C zlib --strip-components 1
  # Of Debian's patches those that mend Python; the others fit it into Debian.
  local patch
  for patch in $(sed 's/#.*//' python/debian/patches/series); do
    case $patch in
      CVE-* | dict-* | gchead-* | issue* | revert-* | ssl-* | traverse-*)
        patch -s -d python -p1 --no-backup-if-mismatch < "python/debian/patches/$patch" ;;
    esac
  done
}

# zlib TARGET FLAG...: a library of what Python uses; it writes no .gz files.
zlib() {
  local file
  mkdir "$1"
  for file in adler32 compress crc32 deflate infback inffast inflate inftrees trees uncompr zutil; do
    clang-19 "${@:2}" -DHAVE_UNISTD_H -c "zlib/$file.c" -o "$1/$file.o"
  done
  llvm-ar-19 rcD "$1/libz.a" "$1"/*.o
}

# configure FOLDER ARG...: with the modules that make sense here. East Asian codecs are a tenth of the size, and profilers
# are no use to a script.
configure() {
  local module
  for module in _lsprof _multibytecodec _codecs_{cn,hk,iso2022,jp,kr,tw}; do export "py_cv_module_$module=n/a"; done
  mkdir "$1"
  cd "$1"
  AR=llvm-ar-19 RANLIB=llvm-ranlib-19 OPT=-DNDEBUG MODULE_BUILDTYPE=static \
    ../python/configure -q --build=x86_64-pc-linux-gnu --prefix=/usr/local \
    --disable-ipv6 --disable-test-modules --without-computed-gotos --without-ensurepip --with-pkg-config=no --with-pymalloc "${@:2}"
  cd ..
}

native() {
  zlib zlib-native -O2
  # Time, randomness and process ids differ from run to run, and the profile with them.
  cat > still.c <<'C'
#define _GNU_SOURCE
#include <string.h>
#include <sys/random.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
static long long now = 1767225600000000000;
static long long tick(void) { return now += 1000; }
int clock_gettime(clockid_t c, struct timespec *t) { long long n = tick(); t->tv_sec = n / 1000000000; t->tv_nsec = n % 1000000000; return 0; }
int gettimeofday(struct timeval *restrict t, void *restrict z) { long long n = tick(); t->tv_sec = n / 1000000000; t->tv_usec = n % 1000000000 / 1000; return 0; }
time_t time(time_t *t) { time_t n = tick() / 1000000000; if (t) *t = n; return n; }
ssize_t getrandom(void *b, size_t n, unsigned f) { memset(b, 0x5a, n); return n; }
int getentropy(void *b, size_t n) { memset(b, 0x5a, n); return 0; }
pid_t getpid(void) { return 2; }
C
  clang-19 -O1 -c still.c -o still.o
  local count="-fprofile-instr-generate -fprofile-update=single"
  CC=clang-19 CFLAGS="-O1 $count" LDFLAGS="$count" ZLIB_CFLAGS=-I/build/zlib ZLIB_LIBS="-L/build/zlib-native -lz" configure native
  make -s -j"$JOBS" -C native python LDFLAGS_NODIST=/build/still.o
  PYTHONPATH=/build/python/Lib LLVM_PROFILE_FILE=/build/profraw native/python -S -X utf8 train.py
  llvm-profdata-19 merge --text profraw -o out/profile
  xz -9e out/profile
}

wasm() {
  # What WebAssembly 2.0 has, without vectors and references, which Python has no use for.
  local features="-mbulk-memory -mmultivalue -mmutable-globals -mnontrapping-fptoint -msign-ext"
  local target="--target=wasm32-wasip1 --sysroot=/usr"
  local flags="-O3 $lto $features"
  zlib zlib-wasm $target $flags
  xz -dc profile.xz > profile
  llvm-profdata-19 merge profile -o profdata
  CC="clang-19 $target" LDFLAGS="$lto" ZLIB_CFLAGS=-I/build/zlib ZLIB_LIBS="-L/build/zlib-wasm -lz" \
    CFLAGS="$flags -ffile-prefix-map=/build=. -fprofile-instr-use=/build/profdata -Wno-profile-instr-unprofiled -Wno-profile-instr-out-of-date" \
    CONFIG_SITE=/build/python/Tools/wasm/config.site-wasm32-wasi \
    configure wasm --host=wasm32-unknown-wasip1 --with-build-python="/usr/bin/python$minor"
  # The stack comes first in memory, so that its overflow is a trap and never a change of data. It is so large that Python
  # reaches its own limit of 5000 nested calls of C first, even if each is of list.sort, which takes over 2 kB.
  make -s -j"$JOBS" -C wasm python.wasm \
    LDFLAGS_NODIST="-Wl,--stack-first,-z,stack-size=$stack,--initial-memory=0,--export=PyRun_SimpleStringFlags,--export=__stack_pointer"
}

# part TITLE FILE...: of the licences.
part() {
  printf '%s\n\n%s\n\n' "================================================================================" "$1"
  cat "${@:2}"
  echo
}

licences() {
  echo "The licences of what python.wasm.gz and python-stdlib.zip were made from, as built by build/build.sh."
  echo
  part "CPython $version, with Debian's patches of $(sed -n '1s/.*(\(.*\)).*/\1/p' python/debian/changelog): both files" python/LICENSE
  sed -n '/^Licenses and Acknowledgements for Incorporated Software/,$p' python/Doc/license.rst |
    part "What CPython incorporates (its Doc/license.rst)" -
  part "Expat, in python.wasm" python/Modules/expat/COPYING
  sed -n '1,/\*\//p' python/Modules/_hacl/Hacl_Hash_SHA3.c | part "HACL*, in python.wasm" -
  part "zlib, in python.wasm" zlib/LICENSE
  part "wasi-libc and musl, in python.wasm" /usr/share/doc/wasi-libc/copyright
  part "LLVM compiler-rt, in python.wasm" /usr/share/doc/libclang-rt-19-dev-wasm32/copyright
  part "Time zones, in python-stdlib.zip" /usr/share/doc/tzdata/copyright
  part "Apache License 2.0, which some of the above refer to" /usr/share/common-licenses/Apache-2.0
  part "CC0 1.0, which some of the above refer to" /usr/share/common-licenses/CC0-1.0
}

generated() {
  local exports
  exports=$(python"$minor" finish.py wasm/python.wasm python.wasm memory _start PyRun_SimpleStringFlags __stack_pointer)
  cat <<G
// Code generated by build/build.sh; DO NOT EDIT.

//go:build !nopython

package interpreter

const (
	builtVersion      = "$version"
	builtSHA256       = "$(sha256sum < python.wasm | cut -d ' ' -f 1)"
	builtSize         = $(stat -c %s python.wasm)
	builtLibraryPath  = "/usr/local/lib/python$minor"
	builtRunString    = $(awk '$1 == "PyRun_SimpleStringFlags" {print $2}' <<< "$exports")
	builtStackPointer = $(awk '$1 == "__stack_pointer" {print $2}' <<< "$exports")
)
G
}

lto=-flto
stack=$((16 << 20))
unpack
if [ "${1:-}" = -p ]; then
  native
  exit
fi
wasm
generated > out/built_generated.go
zopfli --i15 -c python.wasm > out/python.wasm.gz
zic -b slim -d zoneinfo /usr/share/zoneinfo/tzdata.zi
python"$minor" pack.py python/Lib zoneinfo out/python-stdlib.zip
licences > out/LICENSES
