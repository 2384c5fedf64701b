#!/bin/sh
# Makes the vectors of this directory with OpenSSL 3, with the RSA keys in ../keys. The DSA keys
# are test keys: published with the source, worth nothing. Those that are there already are kept.
#
# RSA signatures have no randomness, DSA signatures of OpenSSL have: these change when made anew.
set -eu
cd "$(dirname "$0")"
printf %s '_input_charset=utf-8&partner=2088101568338364&service=forex_refund&subject=Caf' >message
printf '\303\251' >>message

for sizes in 1024.160 2048.224 2048.256 3072.256; do
    key=dsa$sizes
    [ -e "$key.pkcs8.pem" ] || {
        openssl genpkey -quiet -genparam -algorithm DSA -pkeyopt "dsa_paramgen_bits:${sizes%.*}" \
            -pkeyopt "dsa_paramgen_q_bits:${sizes#*.}" -out parameters
        openssl genpkey -quiet -paramfile parameters -out "$key.pkcs8.pem"
        rm parameters
    }
    openssl pkey -in "$key.pkcs8.pem" -traditional -out "$key.traditional.pem"
    openssl pkey -in "$key.pkcs8.pem" -pubout -out "$key.spki.pem"
    openssl dgst -sha1 -sign "$key.pkcs8.pem" -out "$key.sha1.sig" message
done
for bits in 1024 2048 3072; do
    openssl dgst -sha1 -sign ../keys/rsa$bits.pkcs8.pem -out rsa$bits.sha1.sig message
    openssl dgst -sha256 -sign ../keys/rsa$bits.pkcs8.pem -out rsa$bits.sha256.sig message
done
chmod 644 ./*
chmod 755 make.sh
