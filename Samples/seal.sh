#!/usr/bin/env bash
# Seals documents the way a partner does, with nothing but gzip and openssl.
#
# usage: Samples/seal.sh                                     remakes the sealed samples for the demo keys in Keys/
#        Samples/seal.sh BATCH.json OUT.p7m PROCESSOR.crt    seals one document for a processor
#
# Two people of the partner sign with the demo keys: the maker, then the checker, who adds a signature.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
keys=$here/../Keys

seal() { # document, sealed file, processor's certificate
  gzip -nc "$1" |
    openssl cms -sign -binary -nodetach -stream -outform DER -md sha256 \
      -signer "$keys/partner-maker.crt" -inkey "$keys/partner-maker.key" |
    openssl cms -resign -binary -nodetach -inform DER -outform DER -md sha256 \
      -signer "$keys/partner-checker.crt" -inkey "$keys/partner-checker.key" |
    openssl cms -encrypt -binary -stream -aes-256-gcm -outform DER -recip "$3" -out "$2"
}

case $# in
0)
  for document in payments vouchers govstack control-mismatch; do
    seal "$here/$document.json" "$here/$document.p7m" "$keys/processor.crt"
    echo "sealed Samples/$document.p7m"
  done
  ;;
3) seal "$1" "$2" "$3" ;;
*)
  sed -n '4,5s/^# //p' "$0" >&2
  exit 64
  ;;
esac
