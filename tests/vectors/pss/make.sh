#!/bin/sh
# Signs the text `call` with OpenSSL 3 and the RSA key in ../keys in the scheme that the gateway does
# not take, RSASSA-PSS; once as it is, and once with a line end behind it. PSS has randomness: these
# change when made anew.
set -eu
cd "$(dirname "$0")"
sign() {
    openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest \
        -sign ../keys/rsa2048.pkcs8.pem -out "$1" "$2"
}
sign call.sig call
trap 'rm -f longer' EXIT
{ cat call; echo; } >longer
sign line-end.sig longer
