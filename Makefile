# Two commands do everything on a fresh Debian 12 machine, set-up included:
#   make run    installs what is missing, builds the driver, runs the main job on this repository
#   make test   the same set-up, then every test
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build
PREFIX ?= /usr/local
JOBS ?= $(shell nproc)
RUN_FLAGS ?= --strict-determinism
MINUTES ?= 5
# One clone's compiler cache serves the next clone.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1

.PHONY: setup build run test unit fuzz check format format-check tidy golden demo bench demo-pictures clean install

setup:           ## installs the Debian packages that building and running need
	@scripts/setup.sh build run

build: setup     ## builds build/fresh-clone
	@echo "build: compiling fresh-clone into build/"
	@cmake --preset release >/dev/null
	@cmake --build build -j $(JOBS) --target fresh-clone

run: build       ## the main job on this repository
	@build/fresh-clone run $(RUN_FLAGS)

test:            ## every test, as CI runs them
	@scripts/test.sh

demo:            ## the whole stack of the demo: twice on Podman, faults of its services, once on Docker
	@scripts/setup.sh build run test
	@cmake --preset test >/dev/null
	@cmake --build build -j $(JOBS) --target demo
	@ctest --test-dir build -L '^whole_demo$$' --output-on-failure

unit:            ## unit tests alone
	@scripts/setup.sh build test
	@cmake --preset test >/dev/null
	@cmake --build build -j $(JOBS)
	@ctest --test-dir build -L '^unit$$' -j $(JOBS) --output-on-failure

fuzz:            ## MINUTES of random compose files, with sanitizers; what fails is left as a file in build/fuzz
	@scripts/setup.sh build test fuzz
	@cmake --preset fuzz >/dev/null
	@cmake --build build/fuzz -j $(JOBS) --target fuzz_compose
	@mkdir -p build/fuzz/corpus
	@build/fuzz/tests/fuzz/fuzz_compose -max_total_time=$$(($(MINUTES) * 60)) -timeout=10 -rss_limit_mb=2048 \
	  -dict=tests/fuzz/compose.dict -artifact_prefix=build/fuzz/ build/fuzz/corpus tests/compose

check: format-check tidy unit   ## what a commit needs: format, linter, unit tests; the rest is in `make test`

format:          ## formats our C++
	@scripts/setup.sh format
	@git ls-files -co --exclude-standard '*.cpp' '*.h' | xargs clang-format -i

format-check:    ## names what `make format` would change
	@scripts/setup.sh format
	@git ls-files '*.cpp' '*.h' | xargs clang-format --dry-run -Werror

tidy:            ## runs the linter over src
	@scripts/setup.sh build test check
	@cmake --preset test >/dev/null
	@git ls-files 'src/*.cpp' | xargs -P $(JOBS) -n 4 clang-tidy -p build --quiet --extra-arg=-Wno-unknown-warning-option --extra-arg=-Wno-missing-field-initializers

golden:          ## accepts the present output of the command line as the expected one
	@scripts/setup.sh build test
	@cmake --preset test >/dev/null
	@cmake --build build -j $(JOBS) --target fresh-clone cli_golden
	@FRESH_ACCEPT=1 ctest --test-dir build -L '^cli$$' --output-on-failure

bench:           ## start-up, memory, and the same stacks against other tools and raw calls, on both engines
	@scripts/setup.sh build run test
	@cmake --preset test >/dev/null
	@cmake --build build -j $(JOBS) --target fresh-clone bench_driver bench_compose bench_stack
	@scripts/peers.sh build/peers
	@build/tests/bench/bench_compose build/fresh-clone build/peers podman
	@build/tests/bench/bench_compose build/fresh-clone build/peers docker
	@build/tests/bench/bench_stack build/fresh-clone build/peers .
	@build/tests/bench/bench_driver build/fresh-clone .

demo-pictures:   ## the pictures of docs/demo.md, from the notebooks of the newest run
	@scripts/demo_pictures.py

install: build   ## installs the program below $(PREFIX)
	@cmake --install build --prefix $(PREFIX)

clean:           ## removes what was built; keeps exports, images and the cache of inputs
	@rm -rf build
