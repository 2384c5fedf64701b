//! What a pasted text is, and why it is not the key that was wanted.

use super::sentences;

sentences! {
    HALF_PRIVATE: "private key", "私钥";
    HALF_PUBLIC: "public key", "公钥";

    SHAPE_RSA: "a {0:HALF} ({1}, {2} bits)", "{0:HALF}（{1}，{2} 位）";
    SHAPE_RSA_UNSIZED: "a {0:HALF} ({1})", "{0:HALF}（{1}）";
    SHAPE_OTHER: "a {1} {0:HALF}", "{1} {0:HALF}";
    SHAPE_OTHER_AN: "an {1} {0:HALF}", "{1} {0:HALF}";
    SHAPE_ENCRYPTED: "an encrypted private key", "加密的私钥";
    SHAPE_CERTIFICATE: "a certificate", "证书";
    SHAPE_REQUEST: "a certificate signing request", "证书签名请求";
    SHAPE_PKCS12: "a PKCS#12 key store", "PKCS#12 密钥库";
    SHAPE_PKCS7: "a PKCS#7 container", "PKCS#7 容器";
    SHAPE_JAVA: "a Java key store", "Java 密钥库";
    SHAPE_OPENSSH: "an OpenSSH private key", "OpenSSH 私钥";
    SHAPE_SEVERAL: "{0} PEM blocks ({1})", "{0} 个 PEM 块（{1}）";
    SHAPE_DAMAGED: "a damaged key ({0})", "损坏的密钥（{0}）";
    SHAPE_EMPTY: "an empty text", "空文本";
    SHAPE_NOT_A_KEY: "no key at all", "并非密钥的内容";

    BYTES_ONE: "1 byte", "1 个字节";
    BYTES_MANY: "{0} bytes", "{0} 个字节";
    DAMAGE_TRUNCATED: "cut short, {0} missing", "被截断，缺少 {0}";
    DAMAGE_TRAILING: "followed by {0} too many", "末尾多出 {0}";
    DAMAGE_CHARACTER: "not base64: {0} on line {1}", "不是 base64：第 {1} 行的 {0}";
    DAMAGE_LENGTH: "cut short in the middle of a base64 group", "在一组 base64 中间被截断";
    DAMAGE_STRUCTURE: "garbled inside", "内部混乱";
    DAMAGE_TOO_LONG: "{0} long, more than any key", "长达 {0}，超过任何密钥";

    REMARK_BOM: "byte order mark dropped", "已去掉字节顺序标记";
    REMARK_UTF16: "converted from UTF-16", "已由 UTF-16 转换";
    REMARK_QUOTES: "quotation marks dropped", "已去掉引号";
    REMARK_ESCAPED: "line breaks spelled as {0}", "换行写成了 {0}";
    REMARK_CARRIAGE: "carriage returns dropped", "已去掉回车符";
    REMARK_BLANKS: "blanks dropped", "已去掉空白";
    REMARK_ONE_LINE: "body on one line", "正文只有一行";
    REMARK_COLUMNS: "lines of {0} columns", "每行 {0} 列";
    REMARK_LEADING: "text before the key ignored", "已忽略密钥之前的文本";
    REMARK_TRAILING: "text after the key ignored", "已忽略密钥之后的文本";
    REMARK_NO_BEGIN: "BEGIN line missing", "缺少 BEGIN 行";
    REMARK_NO_END: "END line missing", "缺少 END 行";
    REMARK_END_DIFFERS: "END line does not match the BEGIN line", "END 行与 BEGIN 行不一致";
    REMARK_LABEL: "label does not fit, it should be {0}", "标签不符，应为 {0}";
    REMARK_UNPADDED: "base64 padding missing", "缺少 base64 填充";
    REMARK_URL: "base64 in the alphabet for addresses", "base64 使用了用于地址的字母表";

    KEY_EMPTY: "the text is empty, a {0:HALF} was expected", "文本为空，应为{0:HALF}";
    KEY_OTHER_HALF: "this is {0}, a {1:HALF} was expected", "这是{0}，应为{1:HALF}";
    KEY_ENCRYPTED: "this is {0} (password protected), an unencrypted {1:HALF} was expected", "这是{0}（受密码保护），应为未加密的{1:HALF}";
    KEY_CERTIFICATE: "this is {0}, a bare {1:HALF} was expected", "这是{0}，应为单独的{1:HALF}";
    KEY_OTHER_ALGORITHM: "this is {0}, an RSA {1:HALF} was expected", "这是{0}，应为 RSA {1:HALF}";
    KEY_SEVERAL: "these are {0}, one {1:HALF} was expected", "这是{0}，应为一个{1:HALF}";
    KEY_DAMAGED: "this is {0}, a {1:HALF} was expected", "这是{0}，应为{1:HALF}";
    KEY_NOT_ONE: "this is {0}, a {1:HALF} in PEM, base64 or DER was expected", "这是{0}，应为 PEM、base64 或 DER 格式的{1:HALF}";
    KEY_TOO_SMALL: "this is an RSA key of {0} bits, at least 1024 were expected", "这是 {0} 位的 RSA 密钥，至少应为 1024 位";
    KEY_TOO_LARGE: "this is an RSA key of {0} bits, at most 8192 were expected", "这是 {0} 位的 RSA 密钥，最多应为 8192 位";
    KEY_EVEN: "this is an RSA key with an even modulus, a product of two odd primes was expected", "这是模数为偶数的 RSA 密钥，模数应为两个奇素数之积";
    KEY_EXPONENT: "this is an RSA key with a public exponent {0}, an odd one of 2 to 33 bits was expected", "这是公钥指数{0}的 RSA 密钥，应为 2 至 33 位的奇数";
    EXPONENT_NUMBER: "of {0}", "为 {0}";
    EXPONENT_BITS: "of {0} bits", "长 {0} 位";
    KEY_REFUSED: "this is an RSA key of {0} bits with numbers no sound key has", "这是 {0} 位的 RSA 密钥，其数值不可能属于正常密钥";
    KEY_INCONSISTENT: "this is a private key of {0} bits whose numbers do not belong together, an intact one was expected", "这是 {0} 位的私钥，其数值互不匹配，应为完整的私钥";
    KEY_SIZE: "{0} bits were asked for, 2048, 3072 or 4096 were expected", "要求的是 {0} 位，应为 2048、3072 或 4096";
    KEY_GENERATION: "no key of {0} bits could be generated", "无法生成 {0} 位的密钥";
    KEY_DSA_UNFIT: "this is {0}, a DSA {1:HALF} in PEM, base64 or DER was expected", "这是{0}，应为 PEM、base64 或 DER 格式的 DSA {1:HALF}";
    KEY_DSA_NUMBERS: "this is a DSA {0:HALF} whose numbers do not belong together, an intact one of 1024, 2048 or 3072 bits was expected", "这是数值互不匹配的 DSA {0:HALF}，应为完整的 1024、2048 或 3072 位密钥";
    KEY_SHARED_CHARACTER: "character {0} of the shared key is no letter and no digit", "共享密钥的第 {0} 个字符既非字母也非数字";
    KEY_SHARED_LENGTH: "the shared key has {0} characters, the merchant portal shows 32", "共享密钥有 {0} 个字符，商户后台显示的应为 32 个";
    SIGN_FAILED: "the private key did not sign", "私钥未能签名";
    SIGN_REFUSED: "the private key made a signature that its public key refuses, so it is withheld", "私钥生成的签名无法通过其公钥验证，因此不予给出";

    TRUST_KNOWN_HOST: "this is no host key: a line such as 'host ssh-ed25519 AAAA…' is expected", "这不是主机密钥：应为形如“host ssh-ed25519 AAAA…”的一行";
    TRUST_REVOKED: "this host key is marked as revoked", "此主机密钥被标记为已吊销";
    TRUST_KEY: "this is no private key of OpenSSH without a passphrase", "这不是无口令的 OpenSSH 私钥";
}
