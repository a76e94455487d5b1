#!/usr/bin/env bash
# The whole way once, in a temporary directory: a home, a partner, and the daemon, into whose inbox the partner drops a
# payment batch, a voucher batch, a batch that is rejected and one that it has sent before; and a bare GovStack array by
# hand. The partner's side uses nothing but openssl.
# Succeeds only if every figure is as Samples/expected.json states it.
#
# usage: Samples/demo.sh        DISBURSE=PROGRAM to try another build, DEMO_KEEP=1 to keep the directory
set -euo pipefail
cd "$(dirname "$0")/.."
samples=Samples keys=Keys
program=${DISBURSE:-.build/release/disburse}

work=$(mktemp -d "${TMPDIR:-/tmp}/disburse-demo.XXXXXX")
trap 'echo "demo: stopped at line $LINENO" >&2' ERR
daemon=
finish() {
  if [ -n "$daemon" ]; then kill -KILL "$daemon" 2> /dev/null || true; fi
  if [ -n "${DEMO_KEEP:-}" ]; then echo "kept: $work"; else rm -rf "$work"; fi
}
trap finish EXIT
mkdir "$work/sent" "$work/received"
export DISBURSE_HOME=$work/home
# A demo need not wait until a file has been still for a while, and need not be seen from outside.
export DISBURSE_SPOOL_SETTLE_SECONDS=0 DISBURSE_SPOOL_SCAN_SECONDS=1 DISBURSE_MONITOR_PORT=0
spool=$DISBURSE_HOME/spool
processor=$work/processor.crt
checks=0 failures=0

title() { printf '\n== %s\n' "$*"; }

disburse() {
  echo "\$ disburse ${*//$work\//}" >&2
  "$program" "$@"
}

expect() { # what, expected, found
  checks=$((checks + 1))
  [ "$2" = "$3" ] && return
  failures=$((failures + 1))
  printf 'NOT AS EXPECTED  %s: expected "%s", found "%s"\n' "$1" "$2" "$3"
}

flatten() { awk -f "$samples/flatten.awk" "$@"; }
figure() { awk -F '\t' -v path="$1" '$1 == path { print $2 }' "$2"; }
balance() { disburse wallet balance social-registry --format json | flatten | awk -F '\t' '$1 == "balances.0.amount" { print $2 }'; }

flatten "$samples/expected.json" > "$work/expected"
expected() { figure "$1" "$work/expected"; }

# What the partner does with an answer.
open_answer() { # sealed result, document
  openssl cms -decrypt -binary -inform DER -in "$1" \
      -recip "$keys/partner-encryption.crt" -inkey "$keys/partner-encryption.key" |
    openssl cms -verify -binary -inform DER -CAfile "$processor" -no-CApath -no-CAstore -purpose any \
      2> "$work/verify.log" |
    gunzip > "$2" || { cat "$work/verify.log" >&2; return 1; }
}

# Every figure that expected.json states of a result must stand in it, and no instruction besides.
compare() { # name, flattened result
  local path value
  while IFS=$'\t' read -r path value; do
    expect "$1 $path" "$value" "$(figure "$path" "$2")"
  done < <(sed -n "s/^$1\.result\.//p" "$work/expected")
  expect "$1 lines" "$(grep -c "^$1\.result\.results\.[0-9]*\.instructionID" "$work/expected")" \
    "$(grep -c '^results\.[0-9]*\.instructionID' "$2")"
}

start_daemon() {
  echo "\$ disburse run &" >&2
  "$program" run 2> "$work/daemon.log" &
  daemon=$!
}

stop_daemon() {
  local status=0 started=$SECONDS
  kill -TERM "$daemon"
  wait "$daemon" || status=$?
  daemon=
  expect "exit status of the daemon on SIGTERM" 0 "$status"
  expect "seconds until it stopped are at most 10" yes "$([ $((SECONDS - started)) -le 10 ] && echo yes || echo no)"
}

await() { # what, path
  local deadline=$((SECONDS + 120))
  until [ -e "$2" ]; do
    if ! kill -0 "$daemon" 2> /dev/null || [ "$SECONDS" -ge "$deadline" ]; then
      echo "demo: $1 did not come" >&2
      tail -n 20 "$work/daemon.log" >&2
      return 1
    fi
    sleep 0.05
  done
}

# As a partner's transfer does: under a name that is not taken, then renamed.
drop() { # sealed file, name in the inbox
  cp "$1" "$spool/inbox/social-registry/$2.part"
  mv "$spool/inbox/social-registry/$2.part" "$spool/inbox/social-registry/$2"
}

# What the partner finds in an answer, and what the processor's own program finds in it.
look_into() { # name, sealed answer
  local name=$1 answer=$2
  open_answer "$answer" "$work/$name.json"
  flatten "$work/$name.json" > "$work/$name.flat"
  compare "$name" "$work/$name.flat"
  disburse open "$answer" --cert "$keys/partner-encryption.crt" --key "$keys/partner-encryption.key" \
    --signer-cert "$processor" --format table
  disburse open "$answer" --cert "$keys/partner-encryption.crt" --key "$keys/partner-encryption.key" \
    --signer-cert "$processor" -o "$work/$name.opened.json"
  expect "$name opened by openssl and by disburse" same \
    "$(cmp -s "$work/$name.json" "$work/$name.opened.json" && echo same || echo different)"
  expect "balance after $name" "$(expected "$name.balanceAfter")" "$(balance)"
}

send() { # name, where the sealed original ends
  "$samples/seal.sh" "$samples/$1.json" "$work/sent/$1.p7m" "$processor"
  drop "$work/sent/$1.p7m" "$1.p7m"
  await "the end of $1" "$spool/$2/social-registry/$1.p7m"
  look_into "$1" "$spool/outbox/social-registry/$1.result.p7m"
}

process() { # name, further arguments of `disburse process`
  local name=$1 sealed=$work/sent/$1.p7m answer=$work/received/$1.result.p7m status=0
  shift
  "$samples/seal.sh" "$samples/$name.json" "$sealed" "$processor"
  disburse process "$sealed" -o "$answer" --format json "$@" > "$work/$name.report.json" || status=$?
  expect "exit status of $name" "$(expected "$name.exitStatus")" "$status"
  look_into "$name" "$answer"
}

title "A home refuses the demo keys unless it is told otherwise"
disburse init "$work/strict" --processor-id treasury-disburse > /dev/null
refused=0
DISBURSE_HOME=$work/strict disburse partner add social-registry --signing-cert "$keys/partner-maker.crt" \
  --encryption-cert "$keys/partner-encryption.crt" || refused=$?
expect "a demo key in an ordinary home" refused "$([ "$refused" -ne 0 ] && echo refused || echo taken)"

title "The processor: a home, a partner, money, accounts, voucher groups"
disburse init "$DISBURSE_HOME" --processor-id treasury-disburse --allow-demo-keys
disburse key export -o "$processor"
disburse partner add social-registry \
  --signing-cert "$keys/partner-maker.crt" --signing-cert "$keys/partner-checker.crt" --require-signatures 2 \
  --encryption-cert "$keys/partner-encryption.crt" --max-instruction 50000RWF
disburse wallet fund social-registry "$(expected funded)" RWF
disburse wallet account open MSISDN 250788000108 --state inactive
disburse wallet account open WALLET W-NYABIHU-0010 --max-balance 10000RWF
disburse voucher group add SCHOOL --expires-after 90d --description "School kits"
disburse voucher group add HEALTH --expires-after 365d --description "Community health insurance"
expect "balance before" "$(expected funded)" "$(balance)"

title "Twelve payments, six of which fail on purpose"
"$samples/seal.sh" "$samples/payments.json" "$work/sent/payments.p7m" "$processor"
checked=0
disburse check "$work/sent/payments.p7m" || checked=$?
expect "exit status of check" "$(expected checkExitStatus)" "$checked"
expect "balance after check" "$(expected funded)" "$(balance)"
start_daemon
send payments archive

title "Eight vouchers, one of an unknown group"
send vouchers archive
# A voucher number is worth money: 16 digits from 1 to 8, all different, in the answer and nowhere in the home.
sed -n 's/^results\.[0-9]*\.voucherNumber\t//p' "$work/vouchers.flat" > "$work/numbers"
issued=$(expected vouchers.result.summary.succeeded)
expect "voucher numbers" "$issued" "$(grep -cE '^[1-8][0-9]{15}$' "$work/numbers" | tail -n 1)"
expect "different voucher numbers" "$issued" "$(sort -u "$work/numbers" | wc -l)"
expect "serial numbers" "$issued" "$(grep -cE '^results\.[0-9]+\.serialNumber.9[0-9]{15}$' "$work/vouchers.flat")"
expect "voucher numbers in clear in the home" 0 "$(grep -raoFf "$work/numbers" "$DISBURSE_HOME" | wc -l)"

title "The array of a GovStack bulk payment call, beside the daemon"
process govstack --batch-id GOV-2026-11-0001

title "A batch whose control total is wrong: nobody is paid"
send control-mismatch rejected
expect "the note beside the rejected file" control-mismatch \
  "$(flatten "$spool/rejected/social-registry/control-mismatch.rejected.json" | awk -F '\t' '$1 == "code" { print $2 }')"

title "The payment batch once more: the same answer, and nobody is paid again"
first=$(sha256sum < "$spool/outbox/social-registry/payments.result.p7m")
drop "$work/sent/payments.p7m" again.p7m
await "the end of the repetition" "$spool/archive/social-registry/again.p7m"
expect "the answer to the repetition" "$first" "$(sha256sum < "$spool/outbox/social-registry/payments.result.p7m")"
expect "further answers" none "$(ls "$spool/outbox/social-registry" | grep -E 'again|payments.result-' || echo none)"
expect "balance after the repetition" "$(expected repetition.balanceAfter)" "$(balance)"
payee=$(disburse wallet account show MSISDN 250788000101 --format json | flatten |
  awk -F '\t' '$1 == "balances.0.amount" { print $2 }')
expect "what 250788000101 received in two payments" "$(expected repetition.payeeReceived)" "$payee"

title "The books"
paid=0
for name in payments vouchers govstack; do
  paid=$((paid + $(awk -F '[.\t]' '$1 == "results" && $3 == "status" { status[$2] = $4 }
    $1 == "results" && $3 == "amount" { amount[$2] = $4 }
    END { for (line in status) if (status[line] == "SUCCESSFUL") sum += amount[line]; printf "%d", sum }' "$work/$name.flat")))
done
expect "what the lines say was paid" $(($(expected funded) - $(balance))) "$paid"
disburse batch list

title "The daemon stops when it is told to"
stop_daemon

if [ "$failures" -gt 0 ]; then
  printf '\ndemo: %d of %d figures are not as expected\n' "$failures" "$checks"
  exit 1
fi
printf '\ndemo: paid %d RWF; all %d figures are as expected\n' "$paid" "$checks"
