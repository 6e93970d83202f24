#!/bin/bash
# Private container engines for tests, each in a network namespace of its own, so that ports, firewall rules and
# networks of one never meet those of another or of the machine.
#   engines.sh start podman|docker DIR [closed]  starts one with its state in DIR; prints its socket.
#                                                closed: the namespace has no way out
#   engines.sh inside DIR COMMAND...             runs a command where the engine's published ports are reachable
#   engines.sh stop DIR                          removes its containers, stops it, removes DIR
#   engines.sh user NAME                         makes an ordinary user that can run Podman without root
set -euo pipefail

die() {
  echo "engines: $1" >&2
  exit 1
}

need() {
  command -v "$1" >/dev/null || die "'$1' is not installed; run: apt-get install -y --no-install-recommends $2"
}

need_root() { [ "$(id -u)" = 0 ] || die "a private engine needs root; run the tests as root"; }

# Two starts at once must not pick the same addresses.
pick_addresses() {
  local start=$((0x${1:0:4} % 16384)) i n
  for ((i = 0; i < 16384; i++)); do
    n=$(((start + i) % 16384))
    subnet="10.213.$((n / 64)).$((n % 64 * 4))"
    outer="10.213.$((n / 64)).$((n % 64 * 4 + 1))"
    inner="10.213.$((n / 64)).$((n % 64 * 4 + 2))"
    if ! ip -4 -o addr show | grep -q " $outer/"; then return; fi
  done
  die "no free addresses in 10.213.0.0/16"
}

make_namespace() {
  local dir=$1 closed=$2 id
  id=$(printf '%s' "$dir" | sha256sum | cut -c1-8)
  netns=ft-$id
  # What a killed run of the same folder left.
  ip link del "fth$id" 2>/dev/null || true
  ip netns del "$netns" 2>/dev/null || true
  ip netns add "$netns"
  echo "$netns" >"$dir/netns"
  ip -n "$netns" link set lo up
  # Servers of tests listen here: the same address for every engine, reachable from its containers.
  ip -n "$netns" addr add 10.255.213.1/32 dev lo
  nsenter --net="/run/netns/$netns" sysctl -qw net.ipv4.ip_forward=1
  [ "$closed" = closed ] && return
  exec 8>/run/lock/fresh-test-engines.lock
  flock 8
  pick_addresses "$id"
  ip link add "fth$id" type veth peer name up0 netns "$netns"
  ip addr add "$outer/30" dev "fth$id"
  ip link set "fth$id" up
  ip -n "$netns" addr add "$inner/30" dev up0
  ip -n "$netns" link set up0 up
  ip -n "$netns" route add default via "$outer"
  # The namespace sees the same MTU as the machine's own way out, or large packets are lost.
  local device mtu
  device=$(ip -4 route show default | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -1)
  mtu=$(cat "/sys/class/net/${device:-lo}/mtu")
  ip link set "fth$id" mtu "$mtu"
  ip -n "$netns" link set up0 mtu "$mtu"
  sysctl -qw net.ipv4.ip_forward=1
  echo "$subnet/30" >"$dir/subnet"
  iptables -w -t nat -A POSTROUTING -s "$subnet/30" -j MASQUERADE
  iptables -w -I FORWARD -s "$subnet/30" -j ACCEPT
  iptables -w -I FORWARD -d "$subnet/30" -j ACCEPT
  exec 8>&-
}

remove_namespace() {
  local dir=$1 subnet
  if [ -f "$dir/subnet" ]; then
    subnet=$(cat "$dir/subnet")
    iptables -w -t nat -D POSTROUTING -s "$subnet" -j MASQUERADE || true
    iptables -w -D FORWARD -s "$subnet" -j ACCEPT || true
    iptables -w -D FORWARD -d "$subnet" -j ACCEPT || true
  fi
  if [ -f "$dir/netns" ]; then
    ip netns del "$(cat "$dir/netns")" || true
  fi
}

podman_options() { echo "--root $1/root --runroot $1/runroot --tmpdir $1/tmp --storage-driver overlay"; }

start_podman() {
  local dir=$1
  need podman podman
  need runc runc
  mkdir -p "$dir/networks" "$dir/tmp"
  cat >"$dir/containers.conf" <<CONF
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
exit_command_delay = 5
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[network]
network_backend = "netavark"
network_config_dir = "$dir/networks"
CONF
  # Registries of tests speak plain HTTP; Docker takes that of the loopback as it is.
  printf '[[registry]]\nlocation = "127.0.0.1"\ninsecure = true\n' >"$dir/registries.conf"
  # One name server serves all Podman of root by way of /run/containers, in the namespace of whoever came first:
  # names would not resolve in any other. So each engine gets a folder of its own there.
  # shellcheck disable=SC2046
  CONTAINERS_CONF=$dir/containers.conf CONTAINERS_REGISTRIES_CONF=$dir/registries.conf setsid nsenter --net="/run/netns/$netns" \
    unshare --mount --propagation private sh -c 'mkdir -p /run/containers && mount -t tmpfs tmpfs /run/containers && exec "$@"' sh \
    podman $(podman_options "$dir") system service --time=0 "unix://$dir/engine.sock" \
    >"$dir/engine.log" 2>&1 </dev/null 8>&- &
  echo $! >"$dir/pid"
}

start_docker() {
  local dir=$1
  need dockerd docker.io
  setsid nsenter --net="/run/netns/$netns" \
    dockerd --host "unix://$dir/engine.sock" --data-root "$dir/root" --exec-root "$dir/exec" \
    --pidfile "$dir/dockerd.pid" --default-ulimit nofile=4096:4096 --mtu "$(mtu_of)" \
    >"$dir/engine.log" 2>&1 </dev/null 8>&- &
  echo $! >"$dir/pid"
}

mtu_of() { ip -n "$netns" -o link show up0 2>/dev/null | sed -n 's/.* mtu \([0-9]*\).*/\1/p' | grep . || echo 1500; }

start() {
  local kind=$1 dir=$2 closed=${3:-open} i
  need_root
  need ip iproute2
  need iptables iptables
  need curl curl
  mkdir -p "$dir"
  dir=$(cd "$dir" && pwd -P)
  [ "${#dir}" -le 90 ] || die "'$dir' is too long for a socket"
  [ ! -e "$dir/pid" ] || stop "$dir"
  mkdir -p "$dir"
  echo "$kind" >"$dir/kind"
  make_namespace "$dir" "$closed"
  "start_$kind" "$dir"
  for ((i = 0; i < 300; i++)); do
    if curl -fsS -m 2 --unix-socket "$dir/engine.sock" http://d/_ping >/dev/null 2>&1; then
      echo "unix://$dir/engine.sock"
      return
    fi
    kill -0 "$(cat "$dir/pid")" 2>/dev/null || break
    sleep 0.1
  done
  tail -20 "$dir/engine.log" >&2
  stop "$dir"
  die "$kind did not answer"
}

wait_end() {
  local i
  for ((i = 0; i < 200; i++)); do
    kill -0 "$1" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL "$1" 2>/dev/null || true
}

stop() {
  local dir=$1 pid path
  need_root
  [ -d "$dir" ] || return 0
  dir=$(cd "$dir" && pwd -P)
  [ -f "$dir/kind" ] || die "'$dir' holds no engine of this script"
  if [ "$(cat "$dir/kind")" = podman ]; then
    # shellcheck disable=SC2046
    CONTAINERS_CONF=$dir/containers.conf nsenter --mount --net --target "$(cat "$dir/pid")" \
      podman $(podman_options "$dir") rm --all --force --time 0 >/dev/null 2>&1 || true
  elif [ -S "$dir/engine.sock" ]; then
    for id in $(curl -fsS -m 10 --unix-socket "$dir/engine.sock" 'http://d/containers/json?all=1' | jq -r '.[].Id'); do
      curl -fsS -m 30 -X DELETE --unix-socket "$dir/engine.sock" "http://d/containers/$id?force=1&v=1" >/dev/null || true
    done
  fi
  if [ -f "$dir/pid" ]; then
    pid=$(cat "$dir/pid")
    kill -TERM "$pid" 2>/dev/null || true
    wait_end "$pid"
  fi
  # Deepest mounts first.
  awk -v d="$dir/" 'index($5, d) == 1 {print $5}' /proc/self/mountinfo | sort -r | while read -r path; do
    umount -l "$path" || true
  done
  remove_namespace "$dir"
  rm -rf "$dir"
}

inside() {
  local dir=$1
  shift
  exec nsenter --net="/run/netns/$(cat "$dir/netns")" "$@"
}

user() {
  local name=$1 uid
  need_root
  need newuidmap uidmap
  need slirp4netns slirp4netns
  if ! id "$name" >/dev/null 2>&1; then useradd --create-home --shell /bin/bash "$name"; fi
  grep -q "^$name:" /etc/subuid || usermod --add-subuids 200000-265535 --add-subgids 200000-265535 "$name"
  uid=$(id -u "$name")
  install -d -m 0700 -o "$name" -g "$name" "/run/user/$uid"
  # Debian's udev gives this mode; a machine without udev does not.
  [ ! -c /dev/net/tun ] || chmod 0666 /dev/net/tun
}

command=${1:-}
[ $# -gt 0 ] && shift
case $command in
  start) [ $# -ge 2 ] || die "start podman|docker DIR [closed]"; start "$@" ;;
  inside) [ $# -ge 2 ] || die "inside DIR COMMAND..."; inside "$@" ;;
  stop) [ $# -eq 1 ] || die "stop DIR"; stop "$@" ;;
  user) [ $# -eq 1 ] || die "user NAME"; user "$@" ;;
  *) die "start, inside, stop or user" ;;
esac
