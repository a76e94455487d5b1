# What people and the CI run. The program itself is a Swift package: `swift build` works as well.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# What a fresh Debian or Ubuntu needs besides Swift: three libraries with their headers, and what the demo seals with.
PACKAGES := libssl-dev zlib1g-dev libsqlite3-dev openssl gzip

.PHONY: help deps build demo test test-large lint bench clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

deps: ## install what is missing: system libraries with their headers, openssl, gzip
	@if ! command -v swift > /dev/null; then \
	  echo "deps: there is no swift; install Swift 6.2 or later from https://www.swift.org/install/linux/" >&2; exit 1; \
	fi; \
	if ! command -v dpkg-query > /dev/null; then \
	  echo "deps: not a Debian; see that the equivalents of these are installed: $(PACKAGES)"; exit 0; \
	fi; \
	missing=(); \
	for package in $(PACKAGES); do \
	  [[ "$$(dpkg-query -W -f '$${Status}' "$$package" 2> /dev/null)" == *" installed" ]] || missing+=("$$package"); \
	done; \
	if [ "$${#missing[@]}" -eq 0 ]; then echo "deps: nothing is missing"; exit 0; fi; \
	root=(); [ "$$(id -u)" -eq 0 ] || root=(sudo); \
	echo "deps: installing $${missing[*]}"; \
	"$${root[@]}" apt-get update -q; \
	"$${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$${missing[@]}"

build: deps ## build the release program, .build/release/disburse
	swift build -c release --product disburse

demo: build ## drop sample batches into the inbox of a daemon in a temporary home, and check every figure
	Samples/demo.sh

test: deps ## run every test
	swift test

test-large: deps ## run the tests that need minutes and gigabytes
	DISBURSE_TEST_LARGE=1 swift test --filter 'EnvelopeTests.MemoryTests|BeneficiariesTests.ImportMemoryTests'

lint: ## check the style of every Swift file
	swift format lint --strict --recursive Sources Tests Package.swift

bench: build ## pay a million instructions, beside the script that it has to beat
	Benchmarks/run.sh

clean: ## remove what was built
	rm -rf .build
