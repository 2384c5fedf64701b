//! What is said of attempts that wait for a day of the gateway's to end, or for a review.

use super::sentences;

sentences! {
    EVENT_PAUSED: "paused", "暂停";
    PAUSE_FILES: "the gateway's files of {1} ({0})", "网关 {1} 的文件（{0}）";
    PAUSE_APPROVED: "the gateway's review: {0} to be approved for every wallet", "网关的审核：{0} 须获所有钱包批准";
    PAUSE_REJECTED: "the gateway's review: {0} to be rejected by every wallet", "网关的审核：{0} 须被所有钱包拒绝";
    PAUSE_BOTH: "the gateway's reviews: {0} to be approved for every wallet, {1} to be rejected by every wallet", "网关的审核：{0} 须获所有钱包批准，{1} 须被所有钱包拒绝";
    RUN_PAUSE: "waiting", "等待中";
    RUN_PAUSED: "{0} waits for {1}", "{0} 正在等待{1}";
    RUN_PAUSED_ALL: "no bundle yet: of this run {0} scenarios wait, and go on with: {1}", "尚未生成报告包：本次运行有 {0} 个场景在等待，请用以下命令继续：{1}";
    RUN_PAUSED_AGAIN: "scenarios that go on where they waited: {0}", "从等待处继续的场景数：{0}";
    CASE_NEEDS_SOURCE: "it rests on the gateway's own files of a day: let the profile name where they come in (reconciliation.source, beside reconciliation.folder, with a merchant of your own); or play it on the embedded sandbox with: assay run {0} --gateway embedded --profile assay.yaml",
        "它依赖网关某一天的真实对账文件：请在配置中指定文件的到达位置（reconciliation.source，与 reconciliation.folder 并列，并使用您自己的商户系统）；或在内置沙箱上运行：assay run {0} --gateway embedded --profile assay.yaml";
    CASE_NEEDS_BOOKS: "it waits for a review, which the books of the reference merchant do not outlast: play it with a merchant of your own; or on the embedded sandbox with: assay run {0} --gateway embedded --profile assay.yaml",
        "它需等待审核，而参考商户的账目无法保留到审核结束：请使用您自己的商户系统；或在内置沙箱上运行：assay run {0} --gateway embedded --profile assay.yaml";
    REVIEW_OTHERWISE: "the gateway's review of {0} ended otherwise than this case needs: {1} was wanted", "网关对 {0} 的审核结果与本用例所需不符：应为{1}";
    REVIEW_APPROVED: "the approval of every wallet", "所有钱包批准";
    REVIEW_REJECTED: "the rejection by every wallet", "所有钱包拒绝";
    REVIEW_UNHEARD: "the gateway's review is over, and the merchant neither asked nor was told in this sitting: for the test, have it ask for what is under review every 5 seconds", "网关审核已结束，而商户在本次继续运行期间既未查询也未收到通知：测试时请让商户每 5 秒查询一次审核中的内容";
    REGISTRATION_UNCLEAR: "for a quarter of an hour the merchant neither sent its registration again nor asked about it: for the test, have it ask for what is under review every 5 seconds", "一刻钟内商户既未重发登记请求也未查询：测试时请让商户每 5 秒查询一次审核中的内容";
    CANNOT_JUDGE_REVIEWED: "the gateway's review ended before this could be tried", "网关审核在此项测试之前已结束";
    NOTE_OWN_RATE: "the rate is the gateway's own: the quote is judged by what it comes to", "汇率由该网关决定：按报价折算结果判定";
    ATTEMPT_PAUSED: "nothing has to be waited for there in another sitting", "此处没有需要另行等待的内容";
    SOURCE_UNREAD: "the gateway's files cannot be read from reconciliation.source: {0}", "无法从 reconciliation.source 读取网关文件：{0}";
    SOURCE_UNREAD_NONE: "the profile names none", "配置中未指定";
    SOURCE_LARGE: "{0} has more than {1} MiB", "{0} 超过 {1} MiB";
    SOURCE_MANY: "there are more than {0} files of one day", "同一天的文件超过 {0} 个";
    SOURCE_NO_TEXT: "{0} is no UTF-8 text", "{0} 不是 UTF-8 文本";
    SOURCE_SAME: "{0} is also where the merchant reads, and what it reads is altered", "{0} 同时是商户读取的目录，而商户读取的文件会被改动";
    SOURCE_SAME_DO: "let reconciliation.source be another folder: that into which the gateway's own files come", "请将 reconciliation.source 设为另一个目录，即网关真实文件的到达目录";
    NOTE_OTHER_ROWS: "rows about other sales of that day, which this scenario cannot judge: {0}", "当天其他交易的记录，本场景无法判定：{0} 条";
    NOTE_OTHER_DIFFERENCES: "differences that the merchant tells about other sales of that day, which this scenario cannot judge: {0}", "商户报告的当天其他交易的差异，本场景无法判定：{0} 条";
    NOTE_OTHER_RATE: "what the published sample comes to is not judged here: rates and fees are the gateway's own", "此处不按公布的示例金额判定：汇率与手续费由该网关决定";
    CANNOT_JUDGE_LEFT_OUT: "the merchant left {0} differences out of its list, so whose they are cannot be told", "商户的列表省略了 {0} 条差异，因此无法判断它们属于哪笔交易";
}
