//! How signatures go wrong, and the change to make: of each mistake, or of its cause.

use super::sentences;

sentences! {
    CAUSE_KEY_TEXT: "the text of a key cannot be read", "密钥文本无法读取";
    CAUSE_CHARSET: "charset", "字符集";
    CAUSE_WRONG_KEY: "wrong key", "密钥不对";
    CAUSE_TEXT_CHANGED: "text changed", "文本被改动";
    CAUSE_PARAMETERS: "other parameters signed than sent", "签名的参数与发送的不同";
    CAUSE_JSON_REWRITTEN: "JSON read and written again", "JSON 被解析后重新写出";
    CAUSE_SIGN_TYPE: "sign_type signed, or misspelt", "sign_type 参与了签名或写错";
    CAUSE_ALGORITHM: "other algorithm", "算法不符";
    CAUSE_URL_ENCODING: "URL encoding", "URL 编码";
    CAUSE_ENVIRONMENT: "sandbox and production mixed up", "沙箱与生产环境混淆";
    CAUSE_LAYOUT: "layout of the text to sign", "待签名文本的结构";
    CAUSE_NOT_SIGNED: "not signed, or not wholly", "未签名或缺少部分";
    CAUSE_ORDER: "order of the parameters", "参数顺序";
    CAUSE_CLOCK: "time, or its zone", "时间或时区";
    CAUSE_DAMAGED: "signature damaged", "签名损坏";

    FIX_KEY_TEXT: "paste the key once more, whole, and look at it with `assay keys inspect`", "重新完整粘贴密钥，并用 `assay keys inspect` 检查";
    FIX_CHARSET: "use one charset throughout: turn the text into bytes once, sign these bytes and send these bytes", "全程使用同一字符集：文本只转换一次为字节，签名和发送同一组字节";
    FIX_WRONG_KEY: "compare the fingerprints of both halves, and put the key that belongs there into its slot", "比较两半密钥的指纹，并换上应有的密钥";
    FIX_TEXT_CHANGED: "sign, or verify, the bytes as they are on the wire, before any filter of a framework touches them", "对线路上的原始字节签名或验签，须在框架的任何过滤处理之前";
    FIX_PARAMETERS: "sign exactly the parameters that are sent, none more and none less", "签名的参数须与发送的参数完全一致，不多不少";
    FIX_JSON_REWRITTEN: "write the JSON once, keep the text, sign this text and send this text; verify before parsing", "JSON 只写出一次并保留文本，签名和发送同一文本；先验签再解析";
    FIX_SIGN_TYPE: "leave sign and sign_type out of the text, and name the type in capitals", "待签名文本不含 sign 和 sign_type，类型名用大写";
    FIX_ALGORITHM: "sign with the algorithm that the message names, or name the one that signs", "使用报文所声明的算法签名，或声明实际使用的算法";
    FIX_URL_ENCODING: "sign raw values and encode once, when sending; decode once before verifying", "对原始值签名，仅在发送时编码一次；验签前只解码一次";
    FIX_ENVIRONMENT: "take address, client id and keys from one environment, and sign the path that is called", "地址、客户端编号和密钥须来自同一环境，并对实际调用的路径签名";
    FIX_LAYOUT: "build the text as 'POST ', path with query, one line feed, client id, '.', time, '.', raw body", "待签名文本依次为“POST ”、路径及查询串、一个换行符、客户端编号、“.”、时间、“.”、原始报文体";
    FIX_NOT_SIGNED: "sign the message, and refuse those that should be signed and are not", "对报文签名，并拒绝应签名而未签名的报文";
    FIX_ORDER: "sort the names by their bytes, ascending", "按参数名的字节值升序排序";
    FIX_CLOCK: "sign the text of the time header as it is sent, character for character", "对时间报文头发送的原文逐字签名";
    FIX_DAMAGED: "keep the whole signature: look for a column, a log or a header that cuts it", "保留完整签名：检查是否有数据库字段、日志或报文头将其截断";

    MISTAKE_OTHER_KEY: "the signature was made with the partner of {0}, not with that of {1}", "签名由 {0} 对应的私钥生成，而不是 {1} 对应的私钥";
    MISTAKE_OTHER_SIDE_KEY: "the signature was made with the partner of {0}, which is the other side's key, not with that of {1}", "签名由 {0}（对方的密钥）对应的私钥生成，而不是 {1} 对应的私钥";
    MISTAKE_OWN_KEY_IN_SLOT: "{0} and {1} are the same key: one side's key stands in the other side's slot", "{0} 与 {1} 是同一把密钥：一方的密钥被放到了另一方的位置";
    FIX_OWN_KEY_IN_SLOT: "download the platform's public key from its console and put it where your own one stands now", "从平台控制台下载平台公钥，替换现在放在该处的自有公钥";
    MISTAKE_OTHER_SIZE: "the signature is one of a key of {0} bits, {1} has {2} bits", "签名来自 {0} 位的密钥，而 {1} 为 {2} 位";
    MISTAKE_UNKNOWN_KEY: "none of the keys given opens the signature: it was made with another key than the partner of {0}, or spoilt on its way", "所给密钥均无法打开签名：它由 {0} 对应私钥以外的密钥生成，或在途中损坏";
    FIX_UNKNOWN_KEY: "derive the public key from the private key that signs and compare it with the one that was uploaded", "由签名私钥导出公钥，与上传的公钥比较";
    MISTAKE_ALGORITHM_NAME: "the header names the algorithm {0}, the only one is RSA256", "报文头声明的算法为 {0}，唯一有效的是 RSA256";
    FIX_ALGORITHM_NAME: "write algorithm=RSA256", "写为 algorithm=RSA256";
    MISTAKE_OTHER_DIGEST: "the message names {0}, and was signed with {1}", "报文声明 {0}，实际以 {1} 签名";
    MISTAKE_OTHER_SCHEME: "the signature is of the scheme RSASSA-PSS, PKCS#1 v1.5 is expected", "签名采用 RSASSA-PSS 方案，应为 PKCS#1 v1.5";
    FIX_OTHER_SCHEME: "sign with SHA256withRSA, which is RSASSA-PKCS1-v1_5", "使用 SHA256withRSA（即 RSASSA-PKCS1-v1_5）签名";
    MISTAKE_PADDING: "text and key are right, and the signature is written in a way that receivers refuse", "文本和密钥正确，但签名的写法会被接收方拒绝";
    MISTAKE_INEXACT: "the digest inside the signature is not encoded as PKCS#1 prescribes", "签名内的摘要未按 PKCS#1 规定编码";
    FIX_INEXACT: "sign with a library's own function for SHA256withRSA instead of padding by hand", "使用库自带的 SHA256withRSA 函数签名，不要自行填充";

    MISTAKE_NO_SIGNATURE: "there is no signature", "没有签名";
    MISTAKE_NO_CLIENT: "there is a signature, but no Client-Id, which it covers", "有签名，但缺少其覆盖的 Client-Id";
    MISTAKE_NO_TIME: "there is a signature, but no time, which it covers", "有签名，但缺少其覆盖的时间";
    MISTAKE_NO_SIGN_TYPE: "there is a signature, but no sign_type", "有签名，但缺少 sign_type";
    FIX_NO_CLIENT: "send the header Client-Id with the id that is signed", "发送 Client-Id 报文头，其值与签名所用一致";
    FIX_NO_TIME: "send the header Request-Time with the text that is signed", "发送 Request-Time 报文头，其值与签名所用一致";
    FIX_NO_SIGN_TYPE: "send sign_type with the name of the algorithm", "发送 sign_type，其值为算法名";
    MISTAKE_SIGNATURE_UPPER_CASE: "the MD5 is written in capitals, small letters are expected", "MD5 写成了大写，应为小写";
    FIX_SIGNATURE_UPPER_CASE: "write the MD5 in lower-case hexadecimal digits", "MD5 使用小写十六进制";
    MISTAKE_SIGNATURE_SPACES: "the signature has blanks where its base64 had a plus sign", "签名中 base64 的加号变成了空格";
    FIX_SIGNATURE_SPACES: "percent-encode the signature before it goes into the header or form: + becomes %2B", "签名放入报文头或表单前先做百分号编码：+ 变为 %2B";
    MISTAKE_SIGNATURE_ENCODED_TWICE: "the signature was percent-encoded twice", "签名被百分号编码了两次";
    FIX_SIGNATURE_ENCODED_TWICE: "encode the signature once", "签名只编码一次";
    MISTAKE_SIGNATURE_URL_ALPHABET: "the signature is in base64 with the alphabet for addresses, - and _ for + and /", "签名使用了用于地址的 base64 字母表（- 和 _ 代替 + 和 /）";
    FIX_SIGNATURE_URL_ALPHABET: "use standard base64, then percent-encode", "使用标准 base64，再做百分号编码";
    MISTAKE_SIGNATURE_BLANKS: "the base64 of the signature is broken into lines, or has blanks in it", "签名的 base64 被换行或含有空白";
    FIX_SIGNATURE_BLANKS: "write the base64 on one line: the MIME encoder breaks it", "base64 写成一行：MIME 编码器会换行";
    MISTAKE_SIGNATURE_UNPADDED: "the padding at the end of the signature's base64 is missing", "签名 base64 末尾缺少填充";
    FIX_SIGNATURE_UNPADDED: "keep the = at the end of the base64", "保留 base64 末尾的 =";
    MISTAKE_SIGNATURE_HEX: "the signature is written in hexadecimal digits, base64 is expected", "签名写成了十六进制，应为 base64";
    FIX_SIGNATURE_HEX: "encode the bytes of the signature in base64", "将签名字节以 base64 编码";
    MISTAKE_SIGNATURE_CUT: "the signature has {0} bytes, one by this key has {1}: it was cut, or filled up", "签名有 {0} 个字节，此密钥的签名应有 {1} 个：被截断或被填充";
    MISTAKE_SIGNATURE_UNREADABLE: "the signature is neither base64 nor hexadecimal", "签名既不是 base64 也不是十六进制";

    MISTAKE_SIGNED_IN_GBK: "the text was signed in GBK", "文本以 GBK 签名";
    MISTAKE_SIGNED_IN_UTF8: "the text was signed in UTF-8, and is sent in GBK", "文本以 UTF-8 签名，却以 GBK 发送";
    MISTAKE_SIGNED_IN_LATIN1: "the text was signed in ISO 8859-1", "文本以 ISO 8859-1 签名";
    MISTAKE_SIGNED_TWICE_ENCODED: "the text was signed as UTF-8 that was taken for ISO 8859-1 and encoded once more", "签名的文本是被当作 ISO 8859-1 又编码一次的 UTF-8";
    MISTAKE_SIGNED_MOJIBAKE: "the text was signed as UTF-8 that was read as GBK", "签名的文本是被当作 GBK 读取的 UTF-8";
    MISTAKE_SIGNED_QUESTION_MARKS: "the text was signed with question marks in place of what is not ASCII", "签名的文本中非 ASCII 字符变成了问号";
    MISTAKE_CHARSET_LEFT_OUT: "{0} was sent and not signed", "{0} 已发送但未参与签名";
    FIX_CHARSET_LEFT_OUT: "sign {0} like every other parameter, also where it stands in the address", "{0} 须与其他参数一样参与签名，即使它在地址中";
    MISTAKE_CHARSET_UNKNOWN: "text and key are right, and _input_charset names {0}: UTF-8, GBK or GB2312 is expected", "文本和密钥正确，但 _input_charset 为 {0}：应为 UTF-8、GBK 或 GB2312";
    FIX_CHARSET_UNKNOWN: "write the text in UTF-8 and name it so", "以 UTF-8 书写文本并如实声明";
    MISTAKE_CHARSET_BROKEN: "text and key are right, and the bytes are no text of {0}, which is the charset declared", "文本和密钥正确，但字节不是所声明字符集 {0} 的文本";
    MISTAKE_BOM_SIGNED: "a byte order mark was signed that was not sent", "签名的文本带有未发送的字节顺序标记";
    MISTAKE_BOM_NOT_SIGNED: "a byte order mark was sent that was not signed", "发送的报文带有未签名的字节顺序标记";

    MISTAKE_ENTITIES_SIGNED: "the text was signed with &, quotation marks or angle brackets as HTML entities", "签名的文本中 &、引号或尖括号被写成 HTML 实体";
    MISTAKE_ENTITIES_NOT_SIGNED: "the text arrived with HTML entities, and was signed without", "收到的文本含 HTML 实体，签名的文本不含";
    MISTAKE_SLASHES_SIGNED: "the text was signed with backslashes before quotation marks", "签名的文本在引号前带有反斜杠";
    MISTAKE_SLASHES_NOT_SIGNED: "the text has backslashes that were not signed", "文本含有未参与签名的反斜杠";
    MISTAKE_LINE_ENDS_LF: "the text was signed with LF where CRLF was sent", "以 LF 签名，却以 CRLF 发送";
    MISTAKE_LINE_ENDS_CRLF: "the text was signed with CRLF where LF was sent", "以 CRLF 签名，却以 LF 发送";
    MISTAKE_NEWLINE_SIGNED: "the body was signed with a line end behind it that was not sent", "签名的报文体末尾多一个未发送的换行";
    MISTAKE_NEWLINE_NOT_SIGNED: "the body was sent with a line end behind it that was not signed", "发送的报文体末尾多一个未签名的换行";
    MISTAKE_TRIMMED: "the text was signed without the blanks at its ends", "签名的文本去掉了首尾空白";
    MISTAKE_BLANKS_FOLDED: "the text was signed with every run of blanks as one", "签名的文本将连续空白合并为一个";

    MISTAKE_LEFT_OUT: "{0} was sent and not signed", "{0} 已发送但未参与签名";
    FIX_LEFT_OUT: "sign {0} as well, or do not send it; a notice must be verified with every field that came, also those that your types do not know", "{0} 也须签名，或不要发送；验证通知时须包含收到的全部字段，包括程序类型未定义的字段";
    MISTAKE_EMPTIES_SIGNED: "parameters without a value were signed", "空值参数参与了签名";
    MISTAKE_EMPTIES_NOT_SIGNED: "members without a value were sent and not signed", "空值成员已发送但未参与签名";
    MISTAKE_NULLS_NOT_SIGNED: "members that are null were sent and not signed", "为 null 的成员已发送但未参与签名";
    MISTAKE_SENT_TWICE: "text and key are right, and {0} is sent twice", "文本和密钥正确，但 {0} 发送了两次";
    FIX_SENT_TWICE: "send {0} once: two readers may take two values", "{0} 只发送一次：不同的接收方可能取到不同的值";
    MISTAKE_NAMELESS: "text and key are right, and a value has no name", "文本和密钥正确，但有一个值没有名称";
    MISTAKE_KEY_NAMED: "the key was appended as '&key=…'", "密钥以“&key=…”形式拼接";
    FIX_KEY_NAMED: "append the key directly, without a name and without a separator", "密钥直接拼接，不加名称和分隔符";
    MISTAKE_QUOTED: "the values were signed in quotation marks", "签名时值带有引号";
    MISTAKE_UNSEPARATED: "the parameters were signed without & between them", "签名时参数之间没有 &";
    MISTAKE_AMPERSAND_BEHIND: "the text was signed with & at its end", "签名的文本末尾多一个 &";
    MISTAKE_QUESTION_MARK_BEFORE: "the text was signed with a question mark before it", "签名的文本前多一个问号";
    MISTAKE_SIGN_TYPE_SIGNED: "sign_type was signed", "sign_type 参与了签名";
    MISTAKE_SIGN_TYPE_NAME: "sign_type is {0}: MD5, RSA, RSA2 or DSA is expected", "sign_type 为 {0}：应为 MD5、RSA、RSA2 或 DSA";

    MISTAKE_JSON_COMPACT: "the body was signed without the blanks that were sent", "签名的报文体不含发送时的空白";
    MISTAKE_JSON_SPACED: "the body was signed with a blank behind each comma and colon", "签名的报文体在逗号和冒号后各有一个空格";
    MISTAKE_JSON_PRETTY: "the body was signed in indented lines", "签名的报文体是带缩进的多行格式";
    MISTAKE_JSON_SORTED: "the body was signed with its members in the order of their names", "签名的报文体成员按名称排序";
    MISTAKE_JSON_ASCII: "the body was signed with \\u escapes in place of what is not ASCII", "签名的报文体中非 ASCII 字符写成 \\u 转义";
    MISTAKE_JSON_PYTHON: "the body was signed as Python's json.dumps writes by default: blanks and \\u escapes", "签名的报文体为 Python json.dumps 的默认写法：带空格和 \\u 转义";
    MISTAKE_JSON_PHP: "the body was signed as PHP's json_encode writes by default: \\u escapes and \\/", "签名的报文体为 PHP json_encode 的默认写法：\\u 转义和 \\/";
    MISTAKE_JSON_SLASHES: "the body was signed with \\/ for each slash", "签名的报文体中斜杠写成 \\/";
    MISTAKE_JSON_HTML: "the body was signed with \\u003c, \\u003e and \\u0026 for angle brackets and &, as Go writes", "签名的报文体中尖括号和 & 写成 \\u003c、\\u003e、\\u0026（Go 的写法）";
    MISTAKE_JSON_GSON: "the body was signed with \\u escapes for angle brackets, &, = and apostrophes, as Gson writes", "签名的报文体中尖括号、&、= 和撇号写成 \\u 转义（Gson 的写法）";
    MISTAKE_JSON_DOT_NET: "the body was signed with \\u escapes in capitals for what is not ASCII and for +, &, quotation marks and angle brackets, as .NET writes", "签名的报文体中非 ASCII 字符及 +、&、引号和尖括号写成大写 \\u 转义（.NET 的写法）";
    MISTAKE_JSON_PLAIN: "the body was signed without the escapes that were sent", "签名的报文体不含发送时的转义";
    MISTAKE_JSON_NUMBERS: "numbers were signed where texts of digits were sent", "发送的是数字文本，签名的是数字";
    MISTAKE_JSON_TEXTS: "texts were signed where numbers or truth values were sent", "发送的是数字或布尔值，签名的是文本";

    MISTAKE_ESCAPE_BROKEN: "a percent sign is followed by no two hexadecimal digits", "百分号后没有两位十六进制数字";
    FIX_ESCAPE_BROKEN: "percent-encode every value, percent signs included: % becomes %25", "对每个值做百分号编码，百分号本身也要：% 变为 %25";
    MISTAKE_PERCENT_SIGNED: "the text was percent-encoded before it was signed", "文本在签名前做了百分号编码";
    MISTAKE_FORM_SIGNED: "the text was form-encoded before it was signed", "文本在签名前做了表单编码";
    MISTAKE_PERCENT_NOT_SIGNED: "the text was decoded once more before it was signed", "文本在签名前多解码了一次";
    MISTAKE_PLUS_AS_BLANK: "the text was signed with a blank for each plus sign", "签名的文本中加号变成了空格";

    MISTAKE_SANDBOX_PATH_NOT_SIGNED: "the path was signed without /sandbox", "签名的路径不含 /sandbox";
    MISTAKE_SANDBOX_PATH_SIGNED: "the path was signed with /sandbox", "签名的路径含有 /sandbox";
    MISTAKE_OTHER_CLIENT: "the client id {0} was signed, and another was sent", "签名的客户端编号为 {0}，发送的是另一个";

    MISTAKE_METHOD_LOWER_CASE: "the method was signed in small letters", "签名的请求方法为小写";
    MISTAKE_METHOD_GET: "the method was signed as GET", "签名的请求方法为 GET";
    MISTAKE_LINE_CRLF: "CR and LF were signed behind the path", "路径后签名的是 CR LF";
    MISTAKE_LINE_LITERAL: "a backslash and an n were signed behind the path in place of a line feed", "路径后签名的是反斜杠加 n 而不是换行符";
    MISTAKE_LINE_BLANK: "a blank was signed behind the path in place of a line feed", "路径后签名的是空格而不是换行符";
    MISTAKE_LINE_MISSING: "the line feed behind the path was not signed", "路径后的换行符未参与签名";
    MISTAKE_FULL_URL: "the whole address was signed in place of the path", "签名的是完整地址而不是路径";
    MISTAKE_OTHER_PATH: "the path {0} was signed, and another was called", "签名的路径为 {0}，调用的是另一个";
    MISTAKE_SHORT_PATH: "only the end of the path was signed: {0}", "只签名了路径的后半部分：{0}";
    MISTAKE_SLASH_BEHIND: "the path was signed with a slash more or less at its end", "签名的路径末尾多或少一个斜杠";
    MISTAKE_NO_QUERY: "the path was signed without its query", "签名的路径不含查询串";
    MISTAKE_NO_FIRST_LINE: "method and path were not signed", "请求方法和路径未参与签名";
    MISTAKE_BODY_ALONE: "only the body was signed", "只签名了报文体";
    MISTAKE_BODY_EMPTY: "the text was signed without the body", "签名的文本不含报文体";
    MISTAKE_CLIENT_EMPTY: "the text was signed without the client id", "签名的文本不含客户端编号";
    MISTAKE_TIME_EMPTY: "the text was signed without the time", "签名的文本不含时间";
    MISTAKE_TIME_BEFORE_CLIENT: "the time was signed before the client id", "签名时时间在客户端编号之前";
    MISTAKE_DOTS_MISSING: "client id, time and body were signed without dots between them", "签名时客户端编号、时间和报文体之间没有点号";
    MISTAKE_REQUEST_TIME: "the time of the call, {0}, was signed in place of that of the answer", "签名的是请求时间 {0} 而不是应答时间";

    MISTAKE_TIME_WITHOUT_ZONE: "the time was signed without its zone: {0}", "签名的时间不含时区：{0}";
    MISTAKE_TIME_IN_MILLISECONDS: "the time was signed in milliseconds: {0}", "签名的时间为毫秒：{0}";
    MISTAKE_TIME_IN_SECONDS: "the time was signed in seconds: {0}", "签名的时间为秒：{0}";
    MISTAKE_TIME_AS_TEXT: "the time was signed as text: {0}", "签名的时间为文本：{0}";
    MISTAKE_TIME_OTHER_ZONE: "the time was signed in another zone or another spelling: {0}", "签名的时间为另一时区或另一写法：{0}";

    MISTAKE_ORDER_AS_SENT: "the parameters were signed in the order in which they were sent", "签名时参数按发送顺序排列";
    MISTAKE_ORDER_REVERSED: "the parameters were signed in descending order", "签名时参数按降序排列";
    MISTAKE_ORDER_IGNORING_CASE: "the parameters were sorted without regard to capitals", "排序参数时忽略了大小写";
    MISTAKE_ORDER_IGNORING_UNDERSCORE: "the parameters were sorted without regard to underscores", "排序参数时忽略了下划线";
}
