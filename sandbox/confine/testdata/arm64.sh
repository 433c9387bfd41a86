#!/bin/bash
# Proves on an emulated arm64 machine that workers are confined there: the tests of sandbox/confine (as root and
# as a user without rights) and of sandbox/worker, `bindery doctor` and `bindery demo` run under Debian's own arm64
# kernel. `make arm64` runs it. It takes half an hour or more, and is no part of CI.
#
# Needs Debian, root, Go and `apt-get install qemu-system-arm cpio`. The kernel comes from the package sources of
# this machine, into a folder that is removed at the end; nothing is installed. The emulated machine has no disk
# and no network device. User-mode emulation would not do: it knows no seccomp.
#
#   CONFINE  pattern of the tests of sandbox/confine, all unless set
#   WORKER   pattern of the tests of sandbox/worker, all unless set
#   KERNEL   package of the kernel, linux-image-arm64 unless set
set -euo pipefail
cd "$(dirname "$0")/../../.."

GO=${GO:-go}
for program in "$GO" qemu-system-aarch64 cpio apt-get dpkg-deb; do
  command -v "$program" >/dev/null || { echo "arm64.sh: $program is missing; see the top of this file" >&2; exit 2; }
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# apt gets a state of its own, so that this machine's list of architectures stays as it is.
mkdir -p "$dir"/{lists,archives}/partial "$dir/kernel"
touch "$dir/status"
apt=(-q -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o APT::Sandbox::User=root
  -o Dir::State="$dir" -o Dir::State::status="$dir/status" -o Dir::Cache="$dir")
apt-get "${apt[@]}" update
package=${KERNEL:-linux-image-arm64}
# linux-image-arm64 holds nothing; it depends on the package with the kernel.
real=$(apt-cache "${apt[@]}" depends "$package" | awk '$1 == "Depends:" && $2 ~ /^linux-image-/ { print $2; exit }')
(cd "$dir/kernel" && apt-get "${apt[@]}" download "${real:-$package}")
dpkg-deb --fsys-tarfile "$dir"/kernel/*.deb | tar -x -C "$dir/kernel" --wildcards './boot/vmlinuz-*'

root=$dir/root
mkdir -p "$root"/{bin,built,etc,mnt,worker,confine}
export GOOS=linux GOARCH=arm64 CGO_ENABLED=0
"$GO" build -trimpath -o "$root/init" ./sandbox/confine/internal/vminit
"$GO" build -trimpath -o "$root/bin/bindery" ./cmd/bindery
"$GO" build -o "$root/built/" ./sandbox/confine/internal/probe ./sandbox/worker/internal/{testworker,jsworker}
# What the C library does besides is tried where there is a C compiler (gcc-aarch64-linux-gnu, libc6-dev-arm64-cross).
if cc=$(command -v aarch64-linux-gnu-gcc); then
  CGO_ENABLED=1 CC=$cc "$GO" build -ldflags '-extldflags -static' -o "$root/built/probe.cgo" ./sandbox/confine/internal/probe
fi
"$GO" test -c -o "$root/confine/test" ./sandbox/confine
"$GO" test -c -o "$root/worker/test" ./sandbox/worker
ln -s /init "$root/bin/go"
# What the attempts of the probe reach for must be there to be refused.
ln -s /init "$root/bin/true"
echo 'root:x:0:0::/tmp:/bin/false' >"$root/etc/passwd"
echo '127.0.0.1 localhost' >"$root/etc/hosts"
echo 'mcpServers: {tracker: {command: /bin/bindery, args: [sample, tracker]}}' >"$root/etc/bindery.yaml"
cat >"$root/steps" <<END
0 /confine ./test -test.v -test.run ${CONFINE:-.}
65534 /confine ./test -test.v -test.run ${CONFINE:-.}
0 /tmp /bin/bindery doctor --config /etc/bindery.yaml
0 /tmp /bin/bindery demo
0 /worker ./test -test.v -test.timeout 1h -test.run ${WORKER:-.}
END
(cd "$root" && find . | cpio -o -H newc --quiet) | gzip -1 >"$dir/image"

# With icount the machine's clock goes by what it has executed, a thousand million instructions a second, so that
# time limits mean in it what they mean on a real processor, however slow the emulation.
nice -n 15 timeout 3h qemu-system-aarch64 -machine virt -cpu max -m 2048 -smp 2 -nodefaults -nographic -no-reboot \
  -icount shift=0,sleep=off -serial stdio -kernel "$dir"/kernel/boot/vmlinuz-* -initrd "$dir/image" \
  -append 'console=ttyAMA0 panic=-1 quiet' </dev/null | tee "$dir/console"
grep -q '^vminit: passed' "$dir/console"
