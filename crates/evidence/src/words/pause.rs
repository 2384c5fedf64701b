//! What is said of attempts that wait for a day of the gateway's to end.

use super::sentences;

sentences! {
    EVENT_PAUSED: "paused", "暂停";
    PAUSE_FILES: "the gateway's files of {1} ({0})", "网关 {1} 的文件（{0}）";
    RUN_PAUSE: "waiting", "等待中";
    RUN_PAUSED: "{0} waits for {1}", "{0} 正在等待{1}";
    RUN_PAUSED_ALL: "no bundle yet: of this run {0} scenarios wait, and go on with: {1}", "尚未生成报告包：本次运行有 {0} 个场景在等待，请用以下命令继续：{1}";
    RUN_PAUSED_AGAIN: "scenarios that go on where they waited: {0}", "从等待处继续的场景数：{0}";
    CASE_NEEDS_SOURCE: "it rests on the gateway's own files of a day: let the profile name where they come in (reconciliation.source, beside reconciliation.folder, with a merchant of your own); or play it on the embedded sandbox with: assay run {0} --gateway embedded --profile assay.yaml",
        "它依赖网关某一天的真实对账文件：请在配置中指定文件的到达位置（reconciliation.source，与 reconciliation.folder 并列，并使用您自己的商户系统）；或在内置沙箱上运行：assay run {0} --gateway embedded --profile assay.yaml";
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
