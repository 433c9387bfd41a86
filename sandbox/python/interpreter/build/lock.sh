#!/bin/bash
# Writes debs.lock and sources.lock anew: the newest packages of the Debian release named below.
#
# Runs on Debian, leaving its own apt alone. The mirror's date in build.sh, the version in compile.sh, and what pack.py
# leaves out may have to follow.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
suite=trixie
mirror=${DEBIAN_MIRROR:?set it to the URL of a Debian mirror}
mirror=${mirror%/}
debs=(clang-19 lld-19 llvm-19 libclang-rt-19-dev libclang-rt-19-dev-wasm32 wasi-libc python3.13 libc6-dev libgcc-14-dev
  bash coreutils dash diffutils findutils gawk grep gzip hostname libc-bin make patch sed tar tzdata xz-utils zopfli)

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir -p "$tmp/lists/partial" "$tmp/cache/archives/partial"
: > "$tmp/status"
for kind in deb deb-src; do echo "$kind $mirror $suite main"; done > "$tmp/sources.list"
apt() {
  apt-get -o APT::Architecture=amd64 -o APT::Architectures::=amd64 -o Dir::Etc::SourceList="$tmp/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::State::Lists="$tmp/lists" -o Dir::State::status="$tmp/status" -o Dir::Cache="$tmp/cache" -o Acquire::Languages=none "$@"
}
# apt names one checksum for each, and not always a good one, so that the file itself is asked.
lock() {
  sed -n "s/^'\([^']*\)'.*/\1/p" | sort | while read -r url; do
    sum=$(curl -fsSL --retry 3 "$url" | sha256sum)
    echo "${sum%% *} ${url#"$mirror"/}"
  done
}
apt -qq update
apt -y --no-install-recommends --print-uris install "${debs[@]}" | lock > "$here/debs.lock"
{ apt --print-uris source python3.13; apt --print-uris source zlib | grep '\.orig\.'; } | grep -v '\.dsc\|\.asc' | lock > "$here/sources.lock"
