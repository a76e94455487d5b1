#!/usr/bin/env bash
# Fills a journal with instructions through its own calls, and prints how long each enquiry takes: cold (the system has
# forgotten the file) and warm (the median of five).
#
# usage: Benchmarks/enquiries.sh [INSTRUCTIONS] [--plans]     10000000 when not given; --plans prints what SQLite does
#   BENCHMARK=PROGRAM   another build than .build/release/EnquiryBenchmark
#   BENCH_DIR=DIR       where the journal goes, a few gigabytes; .build/bench when not given
#   BENCH_KEEP=1        keep the journal, and take it the next time
set -euo pipefail
cd "$(dirname "$0")/.."
count=10000000
if [[ "${1:-}" =~ ^[0-9]+$ ]]; then count=$1; shift; fi
program=${BENCHMARK:-.build/release/EnquiryBenchmark}
if [ -z "${BENCHMARK:-}" ]; then swift build -c release --product EnquiryBenchmark; fi
directory=${BENCH_DIR:-.build/bench}
mkdir -p "$directory"
journal=$directory/enquiries-$count.sqlite
trap 'if [ -z "${BENCH_KEEP:-}" ]; then rm -f "$journal" "$journal"-wal "$journal"-shm "$journal".lock; fi' EXIT
"$program" "$journal" "$count" "$@"
ls -l "$journal" | awk '{ printf "journal   %d MB\n", $5 / 1048576 }'
