#!/bin/sh
# Makes the messages of tests/cmd/diagnose.trycmd, with openssl and python3: what other programs
# sign, rightly and wrongly. The keys are those of tests/vectors/keys, known and worthless.
set -eu
cd "$(dirname "$0")"
keys=../../vectors/keys
cp "$keys/rsa2048.spki.pem" merchant.pub
cp "$keys/rsa3072.spki.pem" gateway.pub
cp "$keys/ec.spki.pem" ec.pub
openssl dsa -in "$keys/dsa.with-parameters.pem" -pubout -out dsa.pub 2>/dev/null
printf '760bdzec6y9goq7ctyx96ezkz78287de' > md5.key
python3 - "$keys" <<'PYTHON'
import base64, hashlib, json, subprocess, sys, urllib.parse

keys = sys.argv[1]


def rsa(text, key="rsa2048"):
    command = ["openssl", "dgst", "-sha256", "-sign", f"{keys}/{key}.pkcs8.pem"]
    return base64.b64encode(subprocess.run(command, input=text, capture_output=True, check=True).stdout).decode()


def header(signature):
    return "algorithm=RSA256,keyVersion=1,signature=" + urllib.parse.quote(signature, safe="")


body = '{"paymentRequestId":"P-1","order":{"orderDescription":"测试 coffee+tea ","orderAmount":{"currency":"USD","value":"100"}}}'
target, client, time = "/ams/sandbox/api/v1/payments/pay", "SANDBOX_5Y00000000000001", "1767578400123"


def call(name, signature, body=body, length=None):
    body = body.encode()
    head = f"POST {target} HTTP/1.1\r\nHost: open-sea-global.alipay.com\r\nClient-Id: {client}\r\nRequest-Time: {time}\r\n"
    head += f"Content-Length: {length or len(body)}\r\nSignature: {signature}\r\n\r\n"
    open(name, "wb").write(head.encode() + body)


def over(body, target=target):
    return f"POST {target}\n{client}.{time}.{body}".encode()


spaced = json.dumps(json.loads(body), ensure_ascii=False)
call("good.http", header(rsa(over(body))))
call("spaced.http", header(rsa(over(spaced))))
call("unknown.http", header(rsa(over(body.replace("100", "101")))))
call("short.http", header(rsa(over(body))[:100]))
call("cut.http", header(rsa(over(body))), length=999)
open("two.http", "wb").write(open("good.http", "rb").read() + open("spaced.http", "rb").read())
open("none.txt", "w").write("Dear support, it does not work.\n")

# A notice whose log has HTML entities, which were not signed.
notice = '{"notifyType":"PAYMENT_RESULT","result":{"resultMessage":"a & b <c>"},"paymentRequestId":"P-1"}'
signed = f"POST /notify\n{client}.2026-01-05T10:00:00+08:00.{notice}".encode()
open("notice.head", "w").write(
    f"Client-Id: {client}\nRequest-Time: 2026-01-05T10:00:00+08:00\nSignature: {header(rsa(signed, 'rsa3072'))}\n")
open("notice.json", "w").write(notice.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;"))

# A HAR with a call whose path was signed without /sandbox, and one for a picture.
har = {"log": {"version": "1.2", "entries": [
    {"request": {"method": "GET", "url": "https://shop.example/logo.png", "headers": []}, "response": {"status": 200}},
    {"request": {"method": "POST", "url": "https://open-sea-global.alipay.com" + target, "headers": [
        {"name": "client-id", "value": client}, {"name": "request-time", "value": time},
        {"name": "signature", "value": header(rsa(over(body, target.replace("/sandbox", ""))))}],
        "postData": {"mimeType": "application/json", "text": body}},
     "response": {"status": 200, "headers": [], "content": {"text":
        '{"result":{"resultStatus":"F","resultCode":"INVALID_SIGNATURE","resultMessage":"wrong"}}'}}},
]}}
json.dump(har, open("session.har", "w"), ensure_ascii=False, indent=1)

# A curl command of the older generation, whose parameters were signed in the order of sending.
pairs = [("service", "alipay.acquire.overseas.query"), ("partner", "2088000000000001"),
         ("_input_charset", "UTF-8"), ("partner_trans_id", "O-1")]
text = "&".join(f"{name}={value}" for name, value in pairs) + open("md5.key").read()
pairs += [("sign_type", "MD5"), ("sign", hashlib.md5(text.encode()).hexdigest())]
open("unsorted.curl", "w").write("curl 'https://globalmapi.alipay.com/gateway.do' \\\n  --data-raw '" + urllib.parse.urlencode(pairs) + "'\n")
PYTHON
cat unsorted.curl unsorted.curl > two.curl
