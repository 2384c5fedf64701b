//! What `assay diagnose` says around the mistakes that it finds.

use super::sentences;

sentences! {
    MESSAGE_KIND_CALL: "call", "请求";
    MESSAGE_KIND_ANSWER: "answer", "应答";
    MESSAGE_KIND_NOTICE: "notice", "通知";
    MESSAGE_KIND_ACKNOWLEDGEMENT: "acknowledgement", "通知回执";
    SURE_CERTAIN: "certain", "确定";
    SURE_LIKELY: "likely", "很可能";

    DIAGNOSE_MESSAGE: "{0:MESSAGE_KIND} {1} ({2})", "{0:MESSAGE_KIND} {1}（{2}）";
    DIAGNOSE_MESSAGE_AT: "{3}: {0:MESSAGE_KIND} {1} ({2})", "{3}：{0:MESSAGE_KIND} {1}（{2}）";
    DIAGNOSE_HOLDS: "the signature holds under {0}", "签名在 {0} 下有效";
    DIAGNOSE_UNSIGNED_FINE: "not signed, and need not be", "未签名，且无需签名";
    DIAGNOSE_UNSIGNED: "the message is not signed as it has to be", "报文未按要求签名";
    DIAGNOSE_WRONG: "the signature does not hold", "签名无效";
    DIAGNOSE_OPENED: "{0} opens it: a digest of {1}", "{0} 可打开签名：其摘要算法为 {1}";
    DIAGNOSE_UNEXPLAINED: "why is unknown: of {0} texts that were tried, none is the one that was signed", "原因未知：尝试了 {0} 种文本，均不是被签名的文本";
    DIAGNOSE_INCOMPLETE: "and something else is wrong, or unknown: of {0} texts that were tried, none is the one that was signed", "此外还有其他错误或未知之处：尝试了 {0} 种文本，均不是被签名的文本";
    DIAGNOSE_LARGER: "the message is too large for every text to be tried: repeat it with a smaller one", "报文过大，未能尝试所有文本：请用较小的报文重试";
    DIAGNOSE_COMPARE_DO: "log the text that you sign and compare it with this one, byte by byte ('·' is a blank):", "记录您签名的文本，与以下文本逐字节比较（“·”表示空格）：";
    DIAGNOSE_NO_KEY: "there is no key that this signature could be looked at with", "没有可用于检查此签名的密钥";
    DIAGNOSE_KEY_DO: "give the signer's public key: --merchant-public-key for calls, --gateway-public-key for answers and notices, --md5-key for MD5", "请给出签名方的公钥：请求用 --merchant-public-key，应答和通知用 --gateway-public-key，MD5 用 --md5-key";
    DIAGNOSE_ELSEWISE: "or, as the same text comes of it:", "或者（结果文本相同）：";
    DIAGNOSE_AT_FAULT: "{0:SURE}; at fault: {1:PARTY}", "{0:SURE}；责任方：{1:PARTY}";
    DIAGNOSE_DIFFERS: "the text to sign first differs at byte {0}, counted from 0 ('·' is a blank):", "待签名文本自第 {0} 个字节（从 0 起）开始不同（“·”表示空格）：";
    DIAGNOSE_SENT: "sent", "发送";
    DIAGNOSE_SIGNED: "signed", "签名";
    DIAGNOSE_STEP: "{0}: {1}", "{0}：{1}";
    DIAGNOSE_RULE: "the rule: {0}", "规则：{0}";
    EXPLAINED_STEP: "{0}: {1} ({2:SURE}; at fault: {3:PARTY})", "{0}：{1}（{2:SURE}；责任方：{3:PARTY}）";
    EXPLAINED_DIFFERS: "the text to sign first differs at byte {0}, counted from 0 ('·' is a blank): sent {1} signed {2}", "待签名文本自第 {0} 个字节（从 0 起）开始不同（“·”表示空格）：发送 {1} 签名 {2}";
    EXPLAINED_LINE: "why: {0}", "原因：{0}";
    EXPLAINED_RULES: "the run itself ordered answers: {0}", "本次运行自行指定了应答：{0}";
    EXPLAINED_FIX: "to do: {0}", "处理：{0}";
    DIAGNOSE_AND_MORE: "and {0} messages more that are not as they should be", "另有 {0} 条报文存在问题";
    DIAGNOSE_ALIKE: "the same of the next {0}", "其后 {0} 条相同";
    DIAGNOSE_ALL_HOLD: "{0} of {1} messages hold, or need no signature", "{1} 条报文中 {0} 条有效或无需签名";
    DIAGNOSE_NO_CALL: "an answer is signed over the path of its call, which is not here", "应答的签名覆盖其请求的路径，而此处没有该请求";
    DIAGNOSE_NO_CALL_DO: "give the call as well, or its path with --target", "请同时给出请求，或用 --target 给出其路径";
    DIAGNOSE_NO_RESPONSE: "the answer is no XML with one response, so there is nothing that its signature could cover", "应答不是含单个 response 的 XML，签名没有可覆盖的内容";
    DIAGNOSE_NO_RESPONSE_DO: "look at what was answered: a page for people means that a redirect service was called like an API", "请查看应答内容：若为网页，说明把跳转类服务当作接口调用了";
    DIAGNOSE_OTHER_LAYOUT: "this is the layout with head and body in JSON and the signature beside them, which neither generation has", "这是头部和正文均在 JSON 中、签名并列的格式，不属于两代协议中的任何一代";
    DIAGNOSE_OTHER_LAYOUT_DO: "call the API whose signature stands in the header Signature, or gateway.do", "请调用签名位于 Signature 报文头的接口，或 gateway.do";

    DIAGNOSE_NO_KEY_OF: "the signature is one of {0}, and no key of that kind is among those that were named", "签名为 {0} 签名，而所给密钥中没有这一种";
    DIAGNOSE_NO_KEYS: "no key is named", "没有指定密钥";
    DIAGNOSE_NO_KEYS_DO: "name a profile with --profile, or keys with --merchant-public-key, --gateway-public-key or --md5-key", "用 --profile 指定配置，或用 --merchant-public-key、--gateway-public-key、--md5-key 指定密钥";
    DIAGNOSE_FILE: "{0}: {1}", "{0}：{1}";
    DIAGNOSE_FILE_DO: "name a bundle, a record, a HAR, a raw request or a file with a curl command", "请给出报告包、记录、HAR、原始请求或含 curl 命令的文件";
    DIAGNOSE_NO_MESSAGE: "there is no message of the gateway in it", "其中没有网关报文";
    DIAGNOSE_NO_MESSAGE_DO: "give a bundle, a record, a HAR, a curl command, an address with its query, or a raw request that begins as in POST /path HTTP/1.1", "请给出报告包、记录、HAR、curl 命令、带查询串的地址，或以 POST /path HTTP/1.1 形式开头的原始请求";
    DIAGNOSE_NO_HEAD: "the head of the message is not HTTP/1.1", "报文头不是 HTTP/1.1";
    DIAGNOSE_HEAD_DO: "begin with the request line, then one 'Name: value' on each line, an empty line and the body", "首行为请求行，其后每行一个“名称: 值”，再空一行，最后是报文体";
    DIAGNOSE_CUT_OFF: "the body was cut off: it has {0} bytes, its head announces {1}", "报文体被截断：实有 {0} 个字节，报文头声明 {1} 个";
    DIAGNOSE_TRAILING: "{0} bytes follow the end of the body, and begin no further message", "报文体之后还有 {0} 个字节，且不是另一条报文";
    DIAGNOSE_WHOLE_DO: "copy the whole message, body included: a part of it cannot be verified", "请复制完整报文（含报文体）：部分内容无法验签";
    DIAGNOSE_NO_HAR: "it begins as JSON, and is no HAR: {0}", "内容以 JSON 开头，但不是 HAR：{0}";
    DIAGNOSE_BODY_ELSEWHERE: "the command takes its body from elsewhere: {0}", "该命令的报文体来自别处：{0}";
    DIAGNOSE_OPEN_QUOTE: "a quotation mark of the command is not closed", "命令中的引号没有闭合";
    DIAGNOSE_NO_ADDRESS: "the command has no address", "命令中没有地址";
    DIAGNOSE_LARGE: "{0} is larger than the {1} MiB that are read", "{0} 超过可读取的 {1} MiB";
    DIAGNOSE_LARGE_DO: "save the one request that failed, not the whole session", "请只保存失败的那一个请求，而不是整个会话";
    DIAGNOSE_NO_CASE: "{0} has no run of {1}", "{0} 中没有 {1} 的执行记录";
    DIAGNOSE_NO_CASE_DO: "name a case, such as AMS-PAY-001, or one run of it, such as AMS-PAY-021/order-code#3", "请给出用例（如 AMS-PAY-001）或其某次执行（如 AMS-PAY-021/order-code#3）";
    DIAGNOSE_NO_ID: "none of the {1} exchanges in {0} is meant", "{0} 中的 {1} 次交换均不符合条件";
    DIAGNOSE_NO_ID_DO: "look for the id in the file, or leave --request-id and --exchange out", "请在文件中查找该编号，或去掉 --request-id 和 --exchange";
    DIAGNOSE_SEVERAL: "{0} holds {1} exchanges", "{0} 含有 {1} 次交换";
    DIAGNOSE_SEVERAL_DO: "say which one with --request-id ID or --exchange N", "请用 --request-id 或 --exchange 指定其中一个";
    DIAGNOSE_NO_TARGET: "the head does not say which path was called", "报文头没有说明所调用的路径";
    DIAGNOSE_KIND_DO: "give the path with --target, or begin the head with the request line", "请用 --target 给出路径，或让报文头以请求行开头";
}
