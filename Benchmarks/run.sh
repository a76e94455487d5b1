#!/usr/bin/env bash
# Pays one sealed batch with the baseline script and with `disburse process`, in turns on the same disk, checks the
# program's result with openssl, and compares wall time and peak memory with Benchmarks/thresholds.
#
# usage: Benchmarks/run.sh [INSTRUCTIONS]     1000000 when not given; the thresholds count for that size only
#   ROUNDS=3           how often each is run; the medians are compared
#   DISBURSE=PROGRAM   another build than .build/release/disburse
#   BENCH_DIR=DIR      where the files go; .build/bench when not given, so that it is a disk and no memory
#   BENCH_KEEP=1       keep the files
set -euo pipefail
cd "$(dirname "$0")/.."
count=${1:-1000000}
rounds=${ROUNDS:-3}
command -v python3 > /dev/null || { echo "bench: python3 is needed for the baseline" >&2; exit 69; }
program=$(realpath "${DISBURSE:-.build/release/disburse}")
directory=${BENCH_DIR:-.build/bench}
. Benchmarks/thresholds

mkdir -p "$directory"
directory=$(realpath "$directory")
case $(stat -f -c %T "$directory") in
tmpfs | ramfs) echo "bench: $directory is memory, not a disk; set BENCH_DIR" >&2; exit 78 ;;
esac
work=$(mktemp -d "$directory/run.XXXXXX")
trap 'if [ -n "${BENCH_KEEP:-}" ]; then echo "kept: $work"; else rm -rf "$work"; fi' EXIT

# The baseline is no strawman: it parses with orjson.
python=python3
if ! python3 -c 'import orjson' 2> /dev/null; then
  python=$directory/venv/bin/python
  if ! "$python" -c 'import orjson' 2> /dev/null; then
    echo "bench: installing orjson into $directory/venv"
    python3 -m venv "$directory/venv" || { echo "bench: install python3-venv" >&2; exit 69; }
    "$python" -m pip install -q orjson
  fi
fi

echo "bench: $count instructions, $rounds rounds, $(nproc) cores, $(df --output=fstype "$work" | tail -n 1)"
"$python" Benchmarks/make_batch.py credit "$count" --seed 1 > "$work/batch.json"
total=$(head -c 1000 "$work/batch.json" | grep -oE '"total":"[0-9]+' | grep -oE '[0-9]+$')

# One home is prepared, and each round works on a copy of it.
export DISBURSE_HOME=$work/home
"$program" init "$DISBURSE_HOME" --processor-id treasury-disburse > /dev/null
"$program" key export -o "$work/processor.crt"
Benchmarks/seal.sh "$work/keys" "$work/batch.json" "$work/batch.p7m" "$work/processor.crt"
"$program" partner add social-registry --signing-cert "$work/keys/partner.crt" \
  --encryption-cert "$work/keys/partner.crt" > /dev/null
"$program" wallet fund social-registry "$total" RWF > /dev/null

for round in $(seq "$rounds"); do
  sync
  "$python" Benchmarks/measure.py "$work/report" baseline \
    "$python" Benchmarks/baseline.py "$work/batch.p7m" "$work/baseline.result.p7m" "$work/keys" "$work/baseline.sqlite" \
    > "$work/baseline.log" 2>&1 || { cat "$work/baseline.log"; exit 1; }
  rm -f "$work"/baseline.sqlite*

  cp -a "$work/home" "$work/home-$round"
  sync
  DISBURSE_HOME=$work/home-$round "$python" Benchmarks/measure.py "$work/report" disburse \
    "$program" process "$work/batch.p7m" -o "$work/result.p7m" --format json \
    > "$work/disburse.log" 2>&1 || { cat "$work/disburse.log"; exit 1; }
  tail -n 2 "$work/report" | awk -v round="$round" '{ printf "round %d  %-9s %8.2f s  %6.0f MB\n", round, $1, $2, $3 / 1024 }'

  openssl cms -decrypt -binary -inform DER -in "$work/result.p7m" \
      -recip "$work/keys/partner.crt" -inkey "$work/keys/partner.key" |
    openssl cms -verify -binary -inform DER -CAfile "$work/processor.crt" -no-CApath -no-CAstore -purpose any 2> /dev/null |
    gunzip | "$python" Benchmarks/verify_result.py "$work/batch.json"
  left=$(DISBURSE_HOME=$work/home-$round "$program" wallet balance social-registry RWF --format json |
    grep -oE '"amount" *: *"[0-9]+"' | grep -oE '[0-9]+')
  [ "$left" = 0 ] || { echo "bench: $left RWF are left of $total, of which all should have been paid" >&2; exit 1; }
  rm -rf "$work/home-$round" "$work/result.p7m"
done

median() { # name, column
  awk -v name="$1" -v column="$2" '$1 == name { print $column }' "$work/report" | sort -n |
    awk '{ value[NR] = $1 } END { print NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2 }'
}
peak=$(awk '$1 == "disburse" && $3 > peak { peak = $3 } END { printf "%.0f", peak / 1024 }' "$work/report")
awk -v count="$count" -v baseline="$(median baseline 2)" -v baseline_peak="$(median baseline 3)" \
  -v disburse="$(median disburse 2)" -v peak="$peak" -v enforced="$([ "$count" -eq 1000000 ] && echo 1 || echo 0)" \
  -v ratio_at_least="$ratio_at_least" -v peak_at_most="$peak_megabytes_at_most" 'BEGIN {
    printf "\nbaseline  %8.2f s  %8.0f instructions/s  peak %5.0f MB\n", baseline, count / baseline, baseline_peak / 1024
    printf "disburse  %8.2f s  %8.0f instructions/s  peak %5.0f MB\n", disburse, count / disburse, peak
    ratio = baseline / disburse
    printf "ratio     %8.2f times (at least %.1f), peak at most %d MB\n", ratio, ratio_at_least, peak_at_most
    if (!enforced) { print "bench: another size than 1000000, so nothing is enforced"; exit 0 }
    if (ratio < ratio_at_least) { print "bench: too slow"; failed = 1 }
    if (peak > peak_at_most) { print "bench: too much memory"; failed = 1 }
    exit failed
  }'
