#!/bin/sh
# Makes the vectors of this directory with OpenSSL 3 from the keys in ../keys. The signatures are
# PKCS#1 v1.5, which has no randomness: the same keys give the same files.
#
# One file per key. A case says whether the signature is good over the message (SHA-256), and what
# is found when it is opened with the public key: the digest's algorithm and whether its encoding
# is exact, or the kind of failure.
set -eu
cd "$(dirname "$0")"
keys=../keys
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
message=$work/message
signature=$work/signature

base64() { openssl base64 -A -in "$1"; }
digest() { openssl dgst "-$1" -binary "$2" | xxd -p -c 256; }
unhex() { printf %s "$1" | xxd -r -p >"$2"; }

# sign <digest> [key]: a signature over the message.
sign() { openssl dgst "-$1" -sign "$keys/${2:-$key}.pkcs8.pem" -out "$signature" "$message"; }

# raw <hex>: the private-key operation on a block that is padded already.
raw() {
    unhex "$1" "$work/block"
    openssl pkeyutl -decrypt -inkey "$keys/$key.pkcs8.pem" -pkeyopt rsa_padding_mode:none \
        -in "$work/block" -out "$signature"
}

# block <type> <filler byte> <hex>: the payload padded on the left to the length of the modulus.
block() {
    filler=$((bits / 8 - 3 - ${#3} / 2))
    printf '00%s' "$1"
    i=0
    while [ $i -lt $filler ]; do printf %s "$2"; i=$((i + 1)); done
    printf '00%s' "$3"
}

# emit <name> <good> <found on opening>: the case as it stands in $message and $signature.
emit() {
    printf '%s' "$separator"
    separator=",
"
    printf '    {\n      "name": "%s",\n      "message": "%s",\n' "$1" "$(base64 "$message")"
    printf '      "signature": "%s",\n      "good": %s,\n      "opens": "%s"\n    }' \
        "$(base64 "$signature")" "$2" "$3"
}

good_cases() {
    : >"$message"; sign sha256; emit "empty message" true "SHA-256 exact"
    printf 'POST /ams/api/v1/payments/pay\nSANDBOX_CLIENT.2026-01-01T00:00:00Z.{}' >"$message"
    sign sha256; emit "request" true "SHA-256 exact"
    printf '\344\272\244\346\230\223\346\210\220\345\212\237' >"$message"
    sign sha256; emit "message beyond ASCII" true "SHA-256 exact"
    head -c 3000 /dev/zero >"$message"; sign sha256; emit "long message" true "SHA-256 exact"
}

# A good signature with a zero as its first byte, and what careless encoders make of it.
zero_cases() {
    n=0
    while :; do
        printf 'message %d' $n >"$message"
        sign sha256
        [ "$(head -c 1 "$signature" | xxd -p)" != 00 ] || break
        n=$((n + 1))
    done
    emit "leading zero kept" true "SHA-256 exact"
    cp "$signature" "$work/whole"
    tail -c +2 "$work/whole" >"$signature"; emit "leading zero dropped" false "length"
    { printf '\0'; cat "$work/whole"; } >"$signature"; emit "leading zero added" false "length"
}

altered_cases() {
    printf 'amount=100' >"$message"; sign sha256
    printf 'amount=900' >"$message"; emit "altered message" false "SHA-256 exact"
    printf 'amount=100\n' >"$message"; emit "line feed added to the message" false "SHA-256 exact"
    printf 'amount=100' >"$message"
    cp "$signature" "$work/whole"
    hex=$(xxd -p -c 1024 "$work/whole")
    unhex "${hex%??}$(printf %02x $((0x${hex#"${hex%??}"} ^ 1)))" "$signature"
    emit "last bit of the signature altered" false "padding"
    head -c $((bits / 8 - 1)) "$work/whole" >"$signature"
    emit "last byte of the signature missing" false "length"
    { cat "$work/whole"; printf '\0'; } >"$signature"
    emit "byte added to the signature" false "length"
    : >"$signature"; emit "no signature" false "length"
    sign sha256 $other; emit "another key of another size" false "length"
    [ $bits != 2048 ] || other_key_cases
}

# Signatures by another key of the same size: as a number below the modulus, and above it.
other_key_cases() {
    modulus=$(leading "$(openssl rsa -in $keys/$key.pkcs8.pem -noout -modulus | cut -d= -f2)")
    below=
    above=
    n=0
    while [ -z "$below" ] || [ -z "$above" ]; do
        printf 'amount=%d' $n >"$message"
        sign sha256 rsa2048-e3
        number=$(leading "$(xxd -p -c 1024 "$signature")")
        if [ -z "$below" ] && [ "$number" -lt "$modulus" ]; then
            below=yes
            emit "another key, below the modulus" false "padding"
        elif [ -z "$above" ] && [ "$number" -gt "$modulus" ]; then
            above=yes
            emit "another key, above the modulus" false "range"
        fi
        n=$((n + 1))
    done
}

# leading <hex>: the first seven digits, as a number.
leading() { printf %d "0x$(printf %s "$1" | cut -c 1-7)"; }

digest_cases() {
    sign sha1; emit "SHA-1 offered as SHA-256" false "SHA-1 exact"
    sign md5; emit "MD5 offered as SHA-256" false "MD5 exact"
    sign sha384; emit "SHA-384 offered as SHA-256" false "SHA-384 exact"
    sign sha512; emit "SHA-512 offered as SHA-256" false "SHA-512 exact"
    sign sha224; emit "SHA-224 offered as SHA-256" false "2.16.840.1.101.3.4.2.4 exact"
}

padding_cases() {
    hash=$(digest sha256 "$message")
    oid=0609608648016503040201
    info=3031300d${oid}05000420$hash
    raw "$(block 01 ff "$info")"; emit "padded by hand" true "SHA-256 exact"
    raw "$(block 01 ff "302f300b${oid}0420$hash")"; emit "NULL missing" false "SHA-256 inexact"
    raw "$(block 01 ff "$hash")"; emit "digest without its algorithm" false "digest info"
    raw "$(block 01 ff "")"; emit "nothing but padding" false "digest info"
    raw "$(block 01 ff "${info}00")"; emit "byte after the digest" false "digest info"
    raw "$(block 02 ff "$info")"; emit "encryption padding" false "padding"
    raw "$(block 01 fe "$info")"; emit "padding of other bytes" false "padding"
    # The forgery that works against e = 3 and a careless parser: room behind the digest.
    rest=$((bits / 8 - 3 - 8 - 51))
    tail=$(head -c $rest /dev/zero | xxd -p -c 1024)
    raw "0001ffffffffffffffff00$info$tail"; emit "short padding" false "digest info"
}

for bits in 1024 2048 3072; do
    key=rsa$bits
    separator=
    case $bits in 1024) other=rsa2048 ;; *) other=rsa1024 ;; esac
    {
        printf '{\n  "made_with": "%s, make.sh",\n' "$(openssl version | cut -d' ' -f1,2)"
        printf '  "key": "%s",\n  "public_key": "%s",\n  "cases": [\n' $key \
            "$(cat $keys/$key.spki.b64)"
        good_cases
        zero_cases
        altered_cases
        digest_cases
        padding_cases
        printf '\n  ]\n}\n'
    } >$key.json
done
