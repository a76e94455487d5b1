#!/usr/bin/env bash
# Makes a partner's and a processor's key pair in KEYDIR if they are not there, and seals BATCH.json into OUT.p7m the
# way a partner with nothing but openssl does: to that processor, and to each certificate that follows.
# usage: seal.sh KEYDIR BATCH.json OUT.p7m [RECIPIENT.crt...]
set -euo pipefail
keys=$1 document=$2 out=$3
shift 3
mkdir -p "$keys"
for name in processor partner; do
  [ -f "$keys/$name.crt" ] && continue
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$keys/$name.key" -out "$keys/$name.crt" \
    -days 3650 -subj "/CN=$name" 2>/dev/null
done
recipients=(-recip "$keys/processor.crt")
for certificate in "$@"; do recipients+=(-recip "$certificate"); done
gzip -c "$document" |
  openssl cms -sign -binary -nodetach -stream -outform DER -md sha256 -signer "$keys/partner.crt" -inkey "$keys/partner.key" |
  openssl cms -encrypt -binary -stream -aes-256-gcm -outform DER "${recipients[@]}" -out "$out"
