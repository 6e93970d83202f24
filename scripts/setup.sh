#!/bin/bash
# Installs the Debian packages that are missing, and says which. Sections (see packages.txt) are the arguments:
#   scripts/setup.sh build run
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
sections=("$@")
[ ${#sections[@]} -gt 0 ] || sections=(build run)

if ! command -v dpkg-query >/dev/null; then
  echo "setup: this machine has no dpkg; install by hand what $here/packages.txt lists" >&2
  exit 10
fi

missing=()
while read -r package section _; do
  case $package in '' | '#'*) continue ;; esac
  case " ${sections[*]} " in *" ${section:-build} "*) ;; *) continue ;; esac
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done <"$here/packages.txt"

if [ ${#missing[@]} -eq 0 ]; then
  echo "setup: every package for '${sections[*]}' is installed"
  exit 0
fi

echo "setup: installing ${#missing[@]} packages for '${sections[*]}': ${missing[*]}"
install="DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ${missing[*]}"
if [ "$(id -u)" = 0 ]; then
  as_root=(sh -c)
elif command -v sudo >/dev/null; then
  echo "setup: asking sudo for the right to install"
  as_root=(sudo sh -c)
else
  echo "setup: only root may install packages, and there is no sudo here. As root, run:" >&2
  echo "  apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
  exit 10
fi
"${as_root[@]}" "apt-get update -qq && $install </dev/null"
case " ${missing[*]} " in
  *" docker.io "*)
    if [ -d /run/systemd/system ]; then
      echo "setup: Debian starts Docker's daemon now, and its firewall rules cut Podman's internal networks; the tests"
      echo "setup: start their own, so unless you use it: sudo systemctl disable --now docker.service docker.socket"
    fi
    ;;
esac
echo "setup: done"
