//! What is to be done about a refusal, and which field, id, clock or acknowledgement is to blame.

use super::sentences;

sentences! {
    REFUSAL_SAYS: "the gateway answered {0}: {1}", "网关应答 {0}：{1}";
    REFUSAL_SAYS_BARE: "the gateway answered {0}", "网关应答 {0}";
    ACTION_PARAMETER: "correct the field that breaks its rule, and call again under a new id", "更正不符合规则的字段，并用新的编号重新调用";
    ACTION_SIGN: "sign the call again: what its signature was made over is told above", "重新签名请求：其签名所覆盖的文本见上";
    ACTION_CLIENT: "check that the client id, or PID, is one of the environment that was called", "检查客户端编号或 PID 是否属于所调用的环境";
    ACTION_PUBLIC_KEY: "upload the merchant's public key in the console of this environment", "在该环境的控制台上传商户公钥";
    ACTION_CHARSET: "send _input_charset as UTF-8, GBK or GB2312, and the bytes in it", "_input_charset 使用 UTF-8、GBK 或 GB2312，且字节与之一致";
    ACTION_API: "check the path of the call, or the name of the service", "检查请求路径或服务名";
    ACTION_METHOD: "call by POST, with Content-Type application/json; charset=UTF-8", "使用 POST 调用，Content-Type 为 application/json; charset=UTF-8";
    ACTION_REUSED: "repeat a call unchanged, or take a new id for another one", "重复请求时内容须不变，不同的请求须使用新的编号";
    ACTION_NEW_ID: "the id belongs to an order that has ended: take a new one", "该编号属于已结束的订单：请使用新的编号";
    ACTION_PAID: "ask for the state of the order and treat it as paid, never charge it again", "查询订单状态并视为已支付，不得再次扣款";
    ACTION_NOT_FOUND: "check the id and the environment; where the payment may still be on its way, ask again before anything else", "检查编号和环境；若支付可能仍在途中，应先再次查询";
    ACTION_STATE: "ask for the state of the order first: it does not allow this call", "先查询订单状态：当前状态不允许此操作";
    ACTION_REFUND_INSTEAD: "the time for a cancel is over: refund instead", "已过撤销时限：请改用退款";
    ACTION_REFUND_AMOUNT: "refund no more than is left of the payment", "退款金额不得超过剩余可退金额";
    ACTION_REFUND_LATE: "the time for a refund is over: settle it outside of the gateway", "已过退款时限：请在网关之外处理";
    ACTION_CONTRACT: "the contract, or a right of the account, does not cover this: ask Alipay's support", "合同或账户权限不包含此项：请联系支付宝技术支持";
    ACTION_CODE: "let the buyer refresh the code, and scan it again", "请买家刷新付款码后重新扫描";
    ACTION_BUYER: "tell the buyer, who has to use other means; no change to the integration helps", "告知买家改用其他方式；无需修改接入程序";
    ACTION_RISK: "tell the buyer that risk control refused the payment; money already taken comes back", "告知买家风控拒绝了支付；已扣款项会退回";
    ACTION_INQUIRE: "the result is unknown: inquire, or repeat the same call unchanged, before anything else", "结果未知：应先查询，或原样重复同一请求";
    ACTION_AGAIN: "wait, and repeat the same call unchanged", "等待后原样重复同一请求";
    ACTION_NO_RETRY: "do not repeat the call; ask Alipay's support", "不要重复请求；请联系支付宝技术支持";
    ACTION_UNKNOWN: "no document that we know says what this code asks for: ask Alipay's support", "已知文档中没有此结果码的处理办法：请联系支付宝技术支持";

    FIELD_MISSING: "{0} is required and missing, or empty", "{0} 为必填，但缺失或为空";
    FIELD_LONG: "{0} has {1} characters, at most {2} are allowed", "{0} 有 {1} 个字符，最多允许 {2} 个";
    FIELD_CURRENCY: "{0} is '{1}': three capitals of ISO 4217 are expected, such as USD", "{0} 为“{1}”：应为 ISO 4217 的三个大写字母，例如 USD";
    FIELD_AMOUNT: "{0} is '{1}': a positive whole number of the smallest unit is expected, such as 100 for USD 1.00", "{0} 为“{1}”：应为以最小货币单位表示的正整数，例如 USD 1.00 写作 100";
    FIELD_MAJOR: "{0} is '{1}': a positive number with at most two decimals is expected, such as 1.00", "{0} 为“{1}”：应为最多两位小数的正数，例如 1.00";
    FIELD_DIGITS: "{0} is '{1}': {2} digits are expected", "{0} 为“{1}”：应为 {2} 位数字";
    FIELD_ONE_OF_WORDS: "{0} is '{1}': one of {2} is expected", "{0} 为“{1}”：应为 {2} 之一";
    FIELD_URL: "{0} is '{1}': an address that begins with https:// or http:// is expected", "{0} 为“{1}”：应为以 https:// 或 http:// 开头的地址";
    FIELD_TIME: "{0} is '{1}': ISO 8601 with its zone is expected, such as 2026-01-05T10:00:00+08:00", "{0} 为“{1}”：应为带时区的 ISO 8601 时间，例如 2026-01-05T10:00:00+08:00";
    FIELD_JSON: "{0} is '{1}': a text of JSON is expected", "{0} 为“{1}”：应为 JSON 文本";
    FIELD_BUYER_CODE: "{0} is no payment code: 16 to 24 digits that begin with 25 to 30 are expected", "{0} 不是付款码：应为以 25 至 30 开头的 16 至 24 位数字";
    FIELD_ONE_OF: "neither {0} nor {1} is there, and one of them is required", "{0} 和 {1} 均缺失，至少需要其一";
    FIELD_BOTH: "both {0} and {1} are there, and only one of them is allowed", "{0} 和 {1} 同时存在，只允许其一";
    FIELD_SAME: "{0} is the same as {1}, and has to be an id of its own", "{0} 与 {1} 相同，应使用不同的编号";
    FIELD_WHERE: "{0} is required where {1} is {2}, and missing, or empty", "{1} 为 {2} 时 {0} 为必填，但缺失或为空";
    FIELD_WHOLE: "{0} is '{1}': amounts in {2} have no decimals", "{0} 为“{1}”：{2} 的金额不带小数";
    FIELD_COUNTRY: "{0} is '{1}': two capitals of ISO 3166 are expected, such as JP", "{0} 为“{1}”：应为 ISO 3166 的两个大写字母，例如 JP";
    FIELD_MOMENT: "{0} is '{1}': a moment in GMT+8 is expected, such as 2026-01-05 10:00:00", "{0} 为“{1}”：应为 GMT+8 的时间，例如 2026-01-05 10:00:00";
    FIELD_LIFETIME: "{0} is '{1}': whole minutes, hours or days up to 15d are expected, such as 90m, or 1c for the rest of the day", "{0} 为“{1}”：应为不超过 15d 的整数分钟、小时或天，例如 90m，或以 1c 表示当天结束";
    FIELD_LIST: "{0} is '{1}': a JSON list of one to {2} entries is expected", "{0} 为“{1}”：应为含 1 至 {2} 项的 JSON 列表";
    FIELD_RULE_DO: "correct the field as the API's page says", "按接口文档更正该字段";
    FIELD_NAMED: "the gateway's own words name {0}, which breaks no rule that we know", "网关的说明提到 {0}，但它没有违反已知规则";
    FIELD_NAMED_DO: "compare its value with the contract and with the console", "将其值与合同和控制台核对";
    FIELD_NONE: "every field keeps the rules that we know", "所有字段均符合已知规则";
    FIELD_NONE_DO: "read the gateway's own words, and compare currency, product and merchant with the contract", "请阅读网关的说明，并将币种、产品和商户与合同核对";
    FIELD_NOT_JSON: "the body is no JSON object", "报文体不是 JSON 对象";
    FIELD_NOT_JSON_DO: "send a JSON object in UTF-8, without a byte order mark", "以 UTF-8 发送 JSON 对象，不带字节顺序标记";

    REUSED_ID: "{0} {1} was used before with other values: {2}", "{0} {1} 曾以不同的值使用过：{2}";
    REUSED_ID_DO: "repeat the call byte for byte, or take a new id for it", "逐字节重复该请求，或使用新的编号";
    REUSED_UNSEEN: "{0} {1} was used before with other values; that call is not here", "{0} {1} 曾以不同的值使用过；此处没有那次请求";
    REUSED_UNSEEN_DO: "look for the first call with this id in your own log, and compare amount and payment method", "在自己的日志中查找首次使用该编号的请求，比较金额和支付方式";

    ENVIRONMENT_SANDBOX_CLIENT: "the client id {0} is one of the sandbox, and the path is the one of production: {1}", "客户端编号 {0} 属于沙箱，而路径属于生产环境：{1}";
    ENVIRONMENT_PRODUCTION_CLIENT: "the client id {0} is none of the sandbox, and the path is: {1}", "客户端编号 {0} 不属于沙箱，而路径属于沙箱：{1}";
    ENVIRONMENT_DO: "a client id that begins with SANDBOX_ calls /ams/sandbox/api/…, every other one /ams/api/…", "以 SANDBOX_ 开头的客户端编号调用 /ams/sandbox/api/…，其他调用 /ams/api/…";
    TIME_SECONDS: "Request-Time {0} is in seconds", "Request-Time {0} 以秒为单位";
    TIME_UNREADABLE: "Request-Time '{0}' is no moment: it has no zone, or another form", "Request-Time“{0}”不是有效时间：缺少时区，或格式不同";
    TIME_HOURS: "Request-Time {0} is {1} whole hours off from when it came: it was written in another zone than it says", "Request-Time {0} 与收到时间相差 {1} 个整小时：写入时的时区与所声明的不符";
    TIME_ZONE_DO: "send milliseconds since the epoch, or ISO 8601 with the zone that the clock has", "发送自纪元起的毫秒数，或带有实际时区的 ISO 8601 时间";
    ACKED_STATUS: "the notice was answered with HTTP {0}: 200 is expected", "通知的应答为 HTTP {0}：应为 200";
    ACKED_BODY: "the notice was answered with '{0}', which acknowledges nothing", "通知的应答为“{0}”，不构成回执";
    ACKED_BODY_DO: "answer 200 with the result S SUCCESS in JSON in the newer generation, with the word success in the older one, and nothing else", "应答 200：新一代为含 S 的 result 对象，旧一代为单词 success，不含其他内容";
    ACKED_STRAY: "{0} stray bytes stand around the acknowledgement: {1} in hexadecimal, '{2}'", "回执前后有 {0} 个多余字节：十六进制 {1}，“{2}”";
    ACKED_STRAY_DO: "write the answer without a byte order mark, blank lines or markup: files with a mark at their beginning send it first", "应答不得带字节顺序标记、空行或标记语言：带有该标记的源文件会先输出它";
}
