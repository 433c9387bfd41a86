#!/bin/bash
# Builds the Python interpreter that bindery carries, from Debian's source packages, the same bytes every time.
#
#   build.sh [WORK]      build in WORK (2 GB; /var/tmp/bindery-python unless given), and replace the files beside this folder
#   build.sh -n [WORK]   build, and compare with those files instead
#   build.sh -p [WORK]   make profile.xz, which the other two use, anew
#
# Runs as root on Linux x86-64, with bash, curl, coreutils, dpkg and util-linux. All else, the compiler too, comes from the
# packages in debs.lock, unpacked into a root of its own: nothing is installed.
set -euo pipefail
umask 022
export LC_ALL=C TZ=UTC

here=$(cd "$(dirname "$0")" && pwd)
mode=
case "${1:-}" in -n | -p) mode=$1 && shift ;; esac
work=${1:-/var/tmp/bindery-python}
root=$work/root
[ "$(id -u)" = 0 ] || { echo "build.sh: must be root, for chroot" >&2; exit 1; }

# Where this machine's apt gets its packages, unless DEBIAN_MIRROR names one or more, apart by spaces. Debian removes a
# package from its mirrors when a newer one comes; its snapshot archive keeps all that ever was.
if [ -z "${DEBIAN_MIRROR:-}" ]; then
  DEBIAN_MIRROR=$(apt-get indextargets --format '$(REPO_URI)' "Origin: Debian" "Label: Debian" | sort -u)
fi
read -r -a mirrors <<< "$(tr '\n' ' ' <<< "$DEBIAN_MIRROR")"
[ "${#mirrors[@]}" -gt 0 ] || { echo "build.sh: set DEBIAN_MIRROR to the URL of a Debian mirror" >&2; exit 1; }

# fetch LOCK: what the file lists, into $work/files. A line is a SHA-256 and a path on the mirror.
fetch() {
  local sum path mirror file
  while read -r sum path; do
    file=$work/files/$sum
    [ -e "$file" ] && continue
    for mirror in "${mirrors[@]}"; do
      curl -fsSL --retry 3 -o "$file.part" "${mirror%/}/$path" || continue
      echo "$sum  $file.part" | sha256sum --check --status && break
      echo "build.sh: ${mirror%/}/$path is not the file of the lock" >&2
      rm -f "$file.part"
    done
    [ -e "$file.part" ] || { echo "build.sh: cannot fetch $path" >&2; exit 1; }
    mv "$file.part" "$file"
  done < "$1"
}

echo "build.sh: fetch" >&2
mkdir -p "$work/files"
exec 9> "$work/lock"
flock -n 9 || { echo "build.sh: another build runs in $work; wait for it, or name another folder" >&2; exit 1; }
fetch "$here/debs.lock"
fetch "$here/sources.lock"

echo "build.sh: unpack" >&2
rm -rf "$root"
mkdir -p "$root/build/sources"
while read -r sum _; do dpkg-deb -x "$work/files/$sum" "$root"; done < "$here/debs.lock"
while read -r sum path; do cp "$work/files/$sum" "$root/build/sources/${path##*/}"; done < "$here/sources.lock"
cp "$here"/{compile.sh,finish.py,pack.py,train.py,profile.xz} "$root/build"
# What the packages' own scripts would have done, as far as it is needed.
ln -s gawk "$root/usr/bin/awk"
ln -s wasi "$root/usr/lib/llvm-19/lib/clang/19/lib/wasip1"
mknod -m 666 "$root/dev/null" c 1 3
mknod -m 666 "$root/dev/urandom" c 1 9

# Addresses that differ from run to run would make the profile differ.
setarch -R chroot "$root" /usr/bin/env -i JOBS="${JOBS:-$(nproc)}" /bin/bash /build/compile.sh ${mode:+"$mode"}

out=$root/build/out
case $mode in
  -p) cp "$out/profile.xz" "$here" ;;
  -n)
    same=1
    for file in "$out"/*; do cmp "$file" "$here/../${file##*/}" || same=; done
    [ "$same" ] || exit 1
    echo "build.sh: the same" >&2 ;;
  *) cp "$out"/* "$here/.." ;;
esac
