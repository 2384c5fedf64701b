//! What goes wrong between the runner and a merchant that is driven from outside, what the contract
//! of the merchant's adapter has there, and what to do.

use super::sentences;

sentences! {
    ADAPTER_TROUBLE: "{1} at the merchant's adapter {0}: {2}; {3} was expected; {4}",
        "商户适配接口 {0} 的 {1}：{2}；预期：{3}；{4}";
    COMMAND_TROUBLE: "'{1}' to the merchant's command {0}: {2}; {3} was expected; {4}",
        "商户命令 {0} 的“{1}”：{2}；预期：{3}；{4}";
    MERCHANT_LACKS: "the merchant has no operation '{0}'", "商户没有“{0}”操作";
    MERCHANT_OWN_TIME: "it would have to wait {0} minutes by the merchant's own clock, which nobody can jump over; the reference merchant shows the case", "需要等待商户自身时钟的 {0} 分钟，无法跳过；可用参考商户演示此用例";
    MERCHANT_ASKED_NOTHING: "days were jumped over, and the merchant asked nothing in them: whether it asks once a day cannot be seen; for the test, have it ask for what is under review every 5 seconds", "已跳过数日，其间商户未发起任何查询：无法判断其是否每日查询；测试时请让商户每 5 秒查询一次审核中的内容";
    MERCHANT_LACKS_SAYING: "the merchant has no operation '{0}': {1}", "商户没有“{0}”操作：{1}";

    ADAPTER_URL_UNREADABLE: "'{0}' is no address of a merchant's adapter", "“{0}”不是商户适配接口的地址";
    ADAPTER_URL_SCHEME: "'{0}' is no address of a merchant's adapter: it begins with {1}, and http is the only way there",
        "“{0}”不是商户适配接口的地址：以 {1} 开头，而目前只支持 http";
    ADAPTER_URL_LOGIN: "'{0}' is no address of a merchant's adapter: it names a user", "“{0}”不是商户适配接口的地址：其中含有用户名";
    ADAPTER_URL_QUERY: "'{0}' is no address of a merchant's adapter: something stands behind its path", "“{0}”不是商户适配接口的地址：路径之后还有其他内容";
    ADAPTER_URL_DO: "write it as http://127.0.0.1:8000/assay", "请写成 http://127.0.0.1:8000/assay 的形式";

    ADAPTER_ABSENT: "nothing listens there", "该地址上没有程序在监听";
    ADAPTER_ABSENT_DO: "start the adapter, or correct merchant.url", "请启动适配程序，或更正 merchant.url";
    ADAPTER_UNREACHED: "it cannot be reached ({0})", "无法连接（{0}）";
    ADAPTER_UNREACHED_DO: "correct merchant.url, or open the way there", "请更正 merchant.url，或打通网络";
    ADAPTER_DROPPED: "the connection ended before a whole answer came ({0})", "尚未收到完整应答，连接即中断（{0}）";
    ADAPTER_SILENT: "no whole answer came within {0} s", "{0} 秒内没有收到完整应答";
    ADAPTER_SILENT_DO: "answer at once and let the work go on by itself: the runner asks for the outcome later",
        "请立即应答，让业务自行继续：结果由运行器稍后查询";
    ADAPTER_LOG_DO: "look into the adapter's log for what became of this call", "请查看适配程序日志中该次调用的情况";
    ADAPTER_NOT_HTTP: "the answer is no HTTP ({0})", "应答不是 HTTP（{0}）";
    ADAPTER_NOT_HTTP_DO: "make sure that the adapter listens there, without TLS, and no other program",
        "请确认在该地址监听的是适配程序（不使用 TLS），而非其他程序";
    ADAPTER_TOO_LONG: "the answer is longer than {0} bytes", "应答超过 {0} 字节";
    ADAPTER_TOO_LONG_DO: "answer what the contract lists, about what was asked, and nothing else",
        "请只应答约定所列、且与所问有关的内容";
    ADAPTER_STATUS: "status {0} came back without a word", "返回状态 {0}，没有任何说明";
    ADAPTER_STATUS_SAYING: "status {0} came back, saying: {1}", "返回状态 {0}，内容为：{1}";
    ADAPTER_STATUS_DO: "answer with a status of the contract", "请按约定的状态应答";
    ADAPTER_REDIRECT: "status {0} sends the call on to {1}", "状态 {0} 将调用转往 {1}";
    ADAPTER_REDIRECT_DO: "put the address where the adapter really is into merchant.url", "请在 merchant.url 中填写适配程序的真实地址";
    ADAPTER_UNSERVED: "status {0} came back without words of the merchant's, as for a path that nobody serves",
        "返回状态 {0} 且没有商户的说明，如同该路径无人提供";
    ADAPTER_UNSERVED_DO: "serve this call there; answer 501 where the merchant has no such operation, and tell why where it refuses",
        "请在该地址提供此调用；商户没有该操作时返回 501，拒绝时说明原因";
    ADAPTER_PAGE: "an HTML page came back with status {0}", "返回 HTML 页面，状态为 {0}";
    ADAPTER_PAGE_DO: "make sure that merchant.url is the adapter's, and that it answers in JSON also where it fails",
        "请确认 merchant.url 是适配程序的地址，且出错时也以 JSON 应答";
    ADAPTER_EMPTY: "status {0} came back with an empty body", "返回状态 {0}，报文体为空";
    ADAPTER_NOT_TEXT: "the answer is no UTF-8 from byte {0} on", "应答从第 {0} 字节起不是 UTF-8";
    ADAPTER_NOT_JSON: "the answer is no JSON at line {0}, column {1} ({2})", "应答在第 {0} 行第 {1} 列不是 JSON（{2}）";
    ADAPTER_SHAPE: "{0} at line {1}, column {2} of the answer: {3}", "应答第 {1} 行第 {2} 列的 {0}：{3}";
    ADAPTER_SHAPE_WHOLE: "the answer, at line {0}, column {1}: {2}", "应答第 {0} 行第 {1} 列：{2}";
    ADAPTER_NO_WORD: "this is no text", "此处不是文本";
    ADAPTER_CONTENT_DO: "answer as docs/merchant-adapter.openapi.yaml has it", "请按 docs/merchant-adapter.openapi.yaml 应答";
    ADAPTER_ABOUT: "the answer is about {0}", "应答所述为 {0}";
    ADAPTER_VALUE: "{0} of the answer is {1}", "应答的 {0} 为 {1}";

    ADAPTER_WANTS_SOMEBODY: "an adapter that takes calls", "接受调用的适配程序";
    ADAPTER_WANTS_HTTP: "HTTP/1.1", "HTTP/1.1";
    ADAPTER_WANTS_LENGTH: "an answer of {0} bytes at most", "不超过 {0} 字节的应答";
    ADAPTER_WANTS_DECISION: "status 202, 501, or one of 400 to 499 with the reason", "状态 202、501，或 400 至 499 并附原因";
    ADAPTER_WANTS_VIEW: "status 200 with a body of JSON, or 404", "状态 200 与 JSON 报文体，或 404";
    ADAPTER_WANTS_CONTENT: "JSON as the contract has it", "符合约定的 JSON";
    ADAPTER_WANTS_ABOUT: "one about {0}", "关于 {0} 的应答";
    ADAPTER_WANTS_ABOVE_ZERO: "an amount above zero, and null or nothing where there is none", "大于零的金额，没有则为 null 或不写";
    ADAPTER_WANTS_SHA256: "a digest of 64 digits 0 to 9 and a to f", "由 0 至 9 和 a 至 f 组成的 64 位摘要";
    ADAPTER_WANTS_NO_TROUBLE: "nothing, as this state has no trouble", "无内容，因为该状态没有故障说明";
    ADAPTER_WANTS_TEXT: "text", "文本";
    ADAPTER_WANTS_FROM_ONE: "a number from 1", "从 1 起的数字";

    COMMAND_UNSTARTED: "it cannot be started ({0})", "无法启动（{0}）";
    COMMAND_UNSTARTED_DO: "correct merchant.command, or make the program executable", "请更正 merchant.command，或使该程序可执行";
    COMMAND_ENDED: "the process ended before it answered ({0})", "进程未应答即已结束（{0}）";
    COMMAND_ENDED_DO: "look at what it wrote to its standard error, and keep it running until its standard input ends",
        "请查看其标准错误输出，并让进程运行到标准输入结束为止";
    COMMAND_GARBAGE: "it wrote a line that is no answer to a call: {0}", "它输出的一行不是对调用的应答：{0}";
    COMMAND_GARBAGE_LONG: "it wrote a line of more than {0} bytes", "它输出的一行超过 {0} 字节";
    COMMAND_GARBAGE_DO: "write answers alone to standard output, and words for people to standard error",
        "标准输出只写应答，给人看的内容请写到标准错误输出";
    COMMAND_WANTS_PROCESS: "a process that takes calls", "接受调用的进程";
    COMMAND_WANTS_LINE: "one line of JSON with the id of a call, status and body", "一行 JSON，含调用的 id、status 和 body";
}
