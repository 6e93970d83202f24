#!/bin/bash
# The programs that `make bench` measures fresh-clone against. Fetched, never committed; one that cannot be had is said
# and left out.
#   peers.sh DIR   docker compose (package of Debian 13), podup (crate), podman-compose (wheel) into DIR
set -euo pipefail
[ $# = 1 ] || {
  echo "usage: peers.sh DIR" >&2
  exit 2
}
mkdir -p "$1"
cd "$1"

say() { echo "peers: $*" >&2; }

docker_compose() {
  # The mirror that this machine uses, asked for its next release, with lists of its own.
  local mirror options
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' 'Component: main' | head -1)
  [ -n "$mirror" ] || return 1
  mkdir -p apt/lists/partial apt/archives/partial
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >apt/sources.list
  options=(-qq -o "Dir::Etc::SourceList=$PWD/apt/sources.list" -o "Dir::Etc::SourceParts=-" -o "Dir::State::Lists=$PWD/apt/lists"
    -o "Dir::Cache=$PWD/apt" -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update && apt-get "${options[@]}" download docker-compose &&
    dpkg -x docker-compose_*.deb unpacked && cp unpacked/usr/libexec/docker/cli-plugins/docker-compose docker-compose &&
    rm -rf apt unpacked docker-compose_*.deb
}

podup() {
  command -v cargo >/dev/null && cargo install --quiet podup --locked --root "$PWD/cargo" && mv cargo/bin/podup podup && rm -rf cargo
}

podman_compose() {
  python3 -m venv venv && venv/bin/pip install --quiet podman-compose && ln -s venv/bin/podman-compose podman-compose
}

for peer in docker-compose podup podman-compose; do
  [ -x "$peer" ] && continue
  say "fetching $peer"
  "${peer//-/_}" >&2 || say "$peer cannot be had here; it is left out"
done
