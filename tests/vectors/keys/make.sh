#!/bin/sh
# Makes the keys of this directory with OpenSSL 3, ssh-keygen and keytool. They are test keys:
# published with the source, worth nothing, never to be used for anything else.
#
# An RSA key that is there already is kept, so that signatures made with it stay true.
set -eu
cd "$(dirname "$0")"

for bits in 1024 2048 3072; do
    key=rsa$bits
    [ -e $key.pkcs8.pem ] ||
        openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:$bits -out $key.pkcs8.pem
    openssl pkey -in $key.pkcs8.pem -traditional -out $key.pkcs1.pem
    openssl pkcs8 -topk8 -nocrypt -in $key.pkcs8.pem -outform DER -out $key.pkcs8.der
    openssl pkey -in $key.pkcs8.pem -traditional -outform DER -out $key.pkcs1.der
    openssl pkey -in $key.pkcs8.pem -pubout -out $key.spki.pem
    openssl pkey -in $key.pkcs8.pem -pubout -outform DER -out $key.spki.der
    openssl rsa -in $key.pkcs8.pem -RSAPublicKey_out -out $key.public-pkcs1.pem 2>/dev/null
    openssl rsa -in $key.pkcs8.pem -RSAPublicKey_out -outform DER -out $key.public-pkcs1.der \
        2>/dev/null
    for shape in pkcs8 pkcs1 spki public-pkcs1; do
        openssl base64 -A -in $key.$shape.der -out $key.$shape.b64
    done
done

# RSA keys that are odd in one respect each.
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:512 -out rsa512.pkcs8.pem
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 \
    -pkeyopt rsa_keygen_pubexp:3 -out rsa2048-e3.pkcs8.pem
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 \
    -pkeyopt rsa_keygen_primes:3 -out rsa2048-three-primes.pkcs8.pem

# What people paste instead of an RSA key.
in=rsa2048.pkcs8.pem
openssl req -x509 -key $in -days 36500 -subj /CN=assay -out certificate.pem
openssl x509 -in certificate.pem -outform DER -out certificate.der
openssl req -new -key $in -subj /CN=assay -out request.pem
openssl pkcs8 -topk8 -in $in -v2 aes-256-cbc -passout pass:assay -out encrypted.pkcs8.pem
openssl pkcs8 -topk8 -in $in -v2 aes-256-cbc -passout pass:assay -outform DER \
    -out encrypted.pkcs8.der
openssl rsa -in $in -traditional -aes128 -passout pass:assay -out encrypted.pkcs1.pem 2>/dev/null
openssl ecparam -name prime256v1 -genkey -out ec.sec1.pem
openssl pkcs8 -topk8 -nocrypt -in ec.sec1.pem -out ec.pkcs8.pem
openssl pkey -in ec.sec1.pem -pubout -out ec.spki.pem
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:SM2 -out sm2.pkcs8.pem
openssl genpkey -quiet -algorithm ed25519 -out ed25519.pkcs8.pem
openssl pkey -in ed25519.pkcs8.pem -pubout -out ed25519.spki.pem
openssl genpkey -quiet -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out rsa-pss.pkcs8.pem
openssl dsaparam -genkey -out dsa.with-parameters.pem 1024 2>/dev/null
openssl pkcs12 -export -inkey $in -in certificate.pem -passout pass:assay -out store.p12
openssl pkcs12 -in store.p12 -passin pass:assay -nodes -nocerts -out bag.pem
openssl crl2pkcs7 -nocrl -certfile certificate.pem -outform DER -out certificates.p7b
rm -f openssh openssh.pub store.jks
ssh-keygen -q -t rsa -b 2048 -N '' -C assay -f openssh
keytool -genkeypair -keyalg RSA -keysize 2048 -storetype JKS -keystore store.jks \
    -storepass assay-assay -keypass assay-assay -alias assay -dname CN=assay 2>/dev/null
chmod 644 ./*
chmod 755 make.sh
