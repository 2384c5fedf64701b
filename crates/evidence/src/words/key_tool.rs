//! What the key tool says: `assay keys`.

use super::sentences;

sentences! {
    KEYS_WHAT: "this is", "内容";
    KEYS_BITS: "bits", "位数";
    KEYS_FINGERPRINT: "fingerprint of the public half", "公钥指纹";
    KEYS_REMARK: "remark", "备注";
    KEYS_SUBJECT: "issued for", "持有者";
    KEYS_VALID: "holds", "有效期";
    KEYS_DAYS: "from {0} until {1}", "{0} 至 {1}";
    KEYS_PUBLIC_LINE: "public key on one line, for the merchant console", "单行公钥，用于商户控制台";
    KEYS_PUBLIC_DO: "give the public half, which `assay keys new` and `assay init` write beside it with .pub at its end", "请提供公钥：`assay keys new` 和 `assay init` 将其写在旁边，文件名以 .pub 结尾";
    KEYS_UNFIT_DO: "export an RSA key of 2048 bits or more without a password, as PEM or base64, or make one: `assay keys new`",
        "请以 PEM 或 base64 导出 2048 位以上、无密码的 RSA 密钥，或用 `assay keys new` 生成";
    KEYS_LARGE: "{0}: larger than the 64 KiB that any key has", "{0}：超过 64 KiB，任何密钥都没有这么大";
    KEYS_LARGE_DO: "name the file of the key itself", "请给出密钥自己的文件";
    KEYS_ONE_LINE_DO: "Where a kit wants the private key on one line: `assay keys convert {0} --form base64 --out NAME`", "如工具需要单行私钥：`assay keys convert {0} --form base64 --out NAME`";
    KEYS_BARE_DO: "where the bare public key is wanted: `assay keys convert {0} --to spki`", "需要单独的公钥时：`assay keys convert {0} --to spki`";
    KEYS_SMALL: "an RSA key of {0} bits is for the older generation alone: the newer one wants 2048", "{0} 位的 RSA 密钥只适用于旧一代：新一代要求 2048 位";
    KEYS_DSA_OLD: "a DSA key is for the older generation alone, under sign_type DSA, which is SHA-1", "DSA 密钥只适用于旧一代的 sign_type DSA，即 SHA-1";

    KEYS_MAYBE_RSA: "what may be a signature by an RSA key of {0} bits", "可能是 {0} 位 RSA 密钥的签名";
    KEYS_MAYBE_DSA: "what may be a DSA signature", "可能是 DSA 签名";
    KEYS_MAYBE_MD5: "32 hexadecimal digits: an MD5 signature, or the shared key that makes one", "32 位十六进制：MD5 签名，或用于生成它的共享密钥";
    KEYS_MAYBE_SHARED: "32 letters and digits: what may be the shared key for MD5", "32 个字母和数字：可能是 MD5 的共享密钥";
    KEYS_SIGNATURE_DO: "`assay keys open` shows the digest in it, `assay keys verify` says whether it holds over a text", "`assay keys open` 显示其中的摘要，`assay keys verify` 判断其对某文本是否有效";

    CONVERT_OUT: "{0} holds a private key, which is never printed", "{0} 是私钥，不会打印";
    CONVERT_OUT_DO: "name a new file with --out, which will be for its owner alone, or take --public for the public half", "用 --out 指定新文件（仅所有者可读），或用 --public 取公钥";
    CONVERT_UNFIT: "no {0} {1:HALF} is written as {2}", "{0} {1:HALF}不能写成 {2}";
    CONVERT_UNFIT_DO: "pkcs8 holds private keys, spki public ones, and pkcs1 either half of an RSA key", "pkcs8 存放私钥，spki 存放公钥，pkcs1 存放 RSA 密钥的任一半";
    CONVERT_DER: "DER is no text that could be printed", "DER 不是可打印的文本";
    CONVERT_DER_DO: "name a file with --out, or take --form pem or --form base64", "用 --out 指定文件，或使用 --form pem、--form base64";

    MATCH_SHAPE: "{0} {1:HALF} of {2} bits, fingerprint {3}", "{2} 位的 {0} {1:HALF}，指纹 {3}";
    MATCH_YES: "they belong together", "它们属于同一密钥对";
    MATCH_NO: "they do not belong together", "它们不属于同一密钥对";
    MATCH_NO_DO: "the halves of one pair have the same fingerprint: upload the public half of the key that signs", "同一密钥对的指纹相同：请上传签名私钥所对应的公钥";

    KEYS_ALGORITHM_UNFIT: "{0} is no algorithm of a key for {1}", "{0} 不是 {1} 密钥的算法";
    KEYS_ALGORITHM_DO: "an RSA key takes RSA2 or RSA, a DSA key DSA, and a shared key of 32 letters and digits MD5", "RSA 密钥用 RSA2 或 RSA，DSA 密钥用 DSA，32 个字母和数字的共享密钥用 MD5";
    KEYS_ALGORITHM_WEAK: "{0} is weak: the older generation takes it, and nothing else should", "{0} 强度不足：只有旧一代接受，不应另作他用";
    KEYS_LINE_END: "the text ends with a line end, which counts like every other byte", "文本以换行结尾，换行同样计入签名";
    KEYS_LINE_END_DO: "leave it out where the message has none: `printf %s`, or --text", "报文没有换行时请去掉：使用 `printf %s` 或 --text";
    KEYS_TEXT_LARGE: "{0}: larger than the {1} MiB that are signed and verified here", "{0}：超过此处可签名和验签的 {1} MiB";
    KEYS_TEXT_LARGE_DO: "name the file with the text alone", "请给出只含该文本的文件";
    KEYS_NO_SIGNATURE: "this is no signature: neither base64, nor hexadecimal digits, nor bytes", "这不是签名：既不是 base64、十六进制，也不是字节";
    KEYS_NO_SIGNATURE_DO: "give the text of the signature, or the name of a file that is there", "请给出签名文本，或存在的文件名";

    SIGNATURE_HOLDS: "the signature holds: {0}, under the key of {1}", "签名有效：{0}，密钥为 {1}";
    SIGNATURE_NOT: "the signature does not hold: {0}, under the key of {1}", "签名无效：{0}，密钥为 {1}";
    SIGNATURE_OTHER_TEXT: "the partner of this key made it, over another text: the {0} that was signed is {1}, that of this text is {2}", "此密钥的另一半生成了该签名，但签的是另一文本：所签的 {0} 为 {1}，本文本的为 {2}";
    SIGNATURE_OTHER_ALGORITHM: "the partner of this key made it over this very text, with {0} in place of {1}", "此密钥的另一半对本文本生成了该签名，但使用了 {0} 而不是 {1}";
    SIGNATURE_PSS: "the partner of this key made it over this very text, as RSASSA-PSS; the gateway takes PKCS#1 v1.5 alone", "此密钥的另一半对本文本生成了该签名，但为 RSASSA-PSS；网关只接受 PKCS#1 v1.5";
    SIGNATURE_LESS: "it holds over the text without the line end at its end", "对去掉末尾换行的文本有效";
    SIGNATURE_MORE: "it holds over the text with a line end behind it", "对末尾加上换行的文本有效";
    SIGNATURE_INEXACT: "its digest is not encoded as PKCS#1 prescribes, so it is refused whatever the digest is", "其摘要未按 PKCS#1 规定编码，无论摘要为何都会被拒绝";
    SIGNATURE_SIDE_BY_SIDE: "its two numbers stand side by side, where most expect DER", "其两个数并排存放，多数实现要求 DER";
    SIGNATURE_UNKNOWN: "another key made it, or another text was signed, or it was spoilt: nothing of it can be opened to tell", "可能是另一密钥所签、签的是另一文本，或签名已损坏：无法打开以区分";
    SIGNATURE_COMPARE_DO: "lay the text that the signer built beside this one: `assay diagnose` tries the mistakes that are usual", "将签名方构造的文本与此文本对照：`assay diagnose` 会尝试常见错误";

    OPEN_ALGORITHM: "digest algorithm", "摘要算法";
    OPEN_DIGEST: "digest", "摘要";
    OPEN_NOT: "the key of {0} does not open it: {1}", "{0} 的密钥无法打开：{1}";
    OPEN_NOT_DO: "try the other public keys that there are, the gateway's and old ones; `assay keys inspect` tells a signature's size", "请尝试其他公钥，包括网关的和旧的；`assay keys inspect` 显示签名的长度";
    OPEN_RSA_ALONE: "only a signature by an RSA key can be opened: that of a {0} key holds no digest", "只有 RSA 密钥的签名可以打开：{0} 密钥的签名中没有摘要";
    OPEN_RSA_ALONE_DO: "check it over the text: `assay keys verify`", "请对文本验签：`assay keys verify`";
    OPEN_LENGTH: "the signature is {0} bytes long, a signature by this key has {1}", "签名长 {0} 个字节，此密钥的签名应为 {1} 个";
    OPEN_RANGE: "the signature is not below the modulus, so it was made with another key", "签名不小于模数，因此由另一密钥生成";
    OPEN_PADDING: "no padding comes out, so it was made with another key or another scheme", "没有得到填充，因此由另一密钥或另一方案生成";
    OPEN_DIGEST_INFO: "the padding holds {0} bytes that name no digest algorithm", "填充中有 {0} 个字节，未指明摘要算法";
}
