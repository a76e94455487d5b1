#!/bin/sh
# Remakes the demo key set: EC P-256 pairs whose certificates carry the organisation by which a home knows them.
# The private keys are public, like everything in this folder. Never use them where money is real.
# After this, remake the sealed samples: Samples/seal.sh
set -eu
cd "$(dirname "$0")"

organisation="disburse demo - not for production"
years=20

pair() { # file name, common name, key usage
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha256 -nodes -utf8 \
    -days $((years * 365 + years / 4)) -subj "/O=$organisation/CN=$2" \
    -keyout "$1.key" -out "$1.crt" -config /dev/stdin 2>/dev/null <<CONFIG
[req]
distinguished_name = name
x509_extensions = extensions
[name]
[extensions]
basicConstraints = critical, CA:FALSE
keyUsage = critical, $3
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
CONFIG
  chmod 644 "$1.crt"
  chmod 600 "$1.key"
  echo "made $1.crt and $1.key"
}

# Each certificate has a name of its own: `openssl cms -verify -CAfile processor.crt` looks a self-signed signer up by
# name, and takes the first of that name for its issuer when the key identifiers do not tell them apart.
# An EC key that receives is used for key agreement (RFC 5753), a key that signs for signatures, and never both.
pair processor-encryption "treasury-disburse encryption" keyAgreement
pair processor-signing "treasury-disburse signing" digitalSignature
pair partner-maker "social-registry maker" digitalSignature
pair partner-checker "social-registry checker" digitalSignature
pair partner-encryption "social-registry encryption" keyAgreement

# As `disburse key export` writes it: to encrypt to first, then the one that signs.
cat processor-encryption.crt processor-signing.crt > processor.crt
echo "made processor.crt"
