#!/bin/bash
# Writes the goldens of tests/compose/config anew: what docker compose 2.26 (Debian 13, package docker-compose) prints.
# The argument is its program, for instance unpacked with `dpkg -x`:
#   scripts/compose_goldens.sh DIR/usr/libexec/docker/cli-plugins/docker-compose
# x.yaml with x.over.yaml beside it is a merge of the two; x.written is what --no-interpolate prints. Absolute paths
# become /project and /above.
set -euo pipefail
compose=$(realpath "$1")
cd "$(dirname "$0")/../tests/compose/config"
for file in *.yaml; do
  case $file in *.over.yaml) continue ;; esac
  files=(-f "$file")
  [ ! -f "${file%.yaml}.over.yaml" ] || files+=(-f "${file%.yaml}.over.yaml")
  print() { env -i PATH="$PATH" HOME=/home/user "$compose" -p golden "${files[@]}" config "$@" | sed "s|$PWD|/project|g; s|$(dirname "$PWD")|/above|g"; }
  print >"${file%.yaml}.golden"
  print --no-interpolate >"${file%.yaml}.written" || rm "${file%.yaml}.written" # a limit that is a variable
done
