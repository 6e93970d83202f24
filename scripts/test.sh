#!/bin/bash
# Every test, in the order of their cost; all of them run even when some fail. The last line tells how many.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh build run test format
jobs=$(nproc)
passed=0
failed=0
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# part TITLE COMMAND...: says what runs and how long it took.
part() {
  local title=$1 start=$SECONDS status=0
  shift
  echo "== $title"
  "$@" || status=$?
  echo "== $title: $((SECONDS - start)) s"
  return $status
}

# tests TITLE BUILD-TREE ctest-arguments...: runs them and adds up what passed and failed.
tests() {
  local title=$1 tree=$2 report
  shift 2
  report=$results/$(tr -c 'a-z0-9\n' '-' <<<"$title").xml
  part "$title" ctest --test-dir "$tree" --output-on-failure --no-tests=error --output-junit "$report" "$@" || true
  local total bad
  total=$(count tests "$report")
  bad=$(($(count failures "$report") + $(count disabled "$report") + $(count skipped "$report")))
  # No report at all is a failure too: silence is no evidence.
  [ "$total" -gt 0 ] || total=1 bad=1
  failed=$((failed + bad))
  passed=$((passed + total - bad))
}

# count ATTRIBUTE REPORT: a number in the head of a JUnit file.
count() {
  local number
  number=$(sed -n "s/^[[:space:]]*$1=\"\([0-9]*\)\".*/\1/p;/<testcase/q" "$2" 2>/dev/null | head -1)
  echo "${number:-0}"
}

must_build() {
  part "$@" || {
    echo "$passed passed, $((failed + 1)) failed"
    exit 1
  }
}

build_all() {
  cmake --preset test >/dev/null
  cmake --build build -j "$jobs" -- --quiet
}

build_sanitized() {
  cmake --preset asan >/dev/null
  cmake --build build/asan -j "$jobs" --target unit_tests -- --quiet
}

must_build "format" make --no-print-directory format-check
must_build "build" build_all
tests "unit tests and command line" build -L '^(unit|cli|docs)$' -j "$jobs"
must_build "build with sanitizers" build_sanitized
tests "unit tests with sanitizers" build/asan -L '^unit$' -j "$jobs"
tests "engines and scenarios" build -L '^(engines|scenarios)$' -j "$jobs"
tests "the demo on both engines" build -L '^demo$'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
