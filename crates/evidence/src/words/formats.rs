//! What the reports for other programs say, and what is said of them; lines of time and differences
//! on the page.

use super::sentences;

sentences! {
    FORMAT_AT_FAULT: "At fault", "责任方";
    FORMAT_RULE: "Rule", "规则";
    FORMAT_MORE: "{0} more rows have no place here; report.html has them all", "另有 {0} 行因篇幅未列出，完整内容见 report.html";
    SAME_BODY_AS: "The body is as in: {0}", "正文与此相同：{0}";
    MARKED_FROM: "Marked is what is not as in: {0}", "标出与此不同之处：{0}";
    MARKED_GONE: "Lines of it that have nothing in their place here: {0}", "此处没有对应内容的行数：{0}";
    TIMELINE: "Timeline", "时间线";
    TIMELINE_OF: "Timeline of {0}, attempt {1}", "{0} 第 {1} 次尝试的时间线";
    TIMELINE_STEPS: "steps", "操作";
    TIMELINE_CALLS: "calls", "请求";
    TIMELINE_NOTICES: "notifications", "通知";
    TIMELINE_SEEN: "seen of the merchant", "商户状态";
    ANNOTATION_FAILED: "check {0} failed: {1}. Expected: {2}. Seen: {3}. At fault: {4}", "检查 {0} 不满足：{1}。期望：{2}。实际：{3}。责任方：{4}";
    ANNOTATION_MORE: "further cases that failed or broke off: {0}; report.html has them all", "另有 {0} 个用例失败或中断，完整内容见 report.html";
    ANNOTATION_OPEN: "mandatory cases that did not run: {0}; report.html names them", "未运行的必测用例：{0} 个，名单见 report.html";
    REDRAW_SCENARIO: "no feature has a scenario for {0}", "没有特性文件包含 {0} 的场景";
    REDRAW_UNREAD: "{0} cannot be read: {1}", "无法读取 {0}：{1}";
    REDRAW_UNREAD_DO: "give a bundle, or the folder of a run that wrote one", "请指定报告包，或已写出报告包的运行目录";
    REDRAW_UNSEALED: "nobody has looked at the seal of {0}: this is what the bundle says of itself", "尚未检查 {0} 的封签：以下仅为报告包自身的陈述";
    REDRAW_UNSEALED_DO: "give the key that you trust with --trust, or verify it with `assay verify`", "请用 --trust 指定您信任的公钥，或用 `assay verify` 验证";
    REDRAW_DISAGREES: "{0} tells another verdict than its record gives: the report follows the record", "{0} 所述结论与其记录不符：报告以记录为准";
    REDRAW_DISAGREES_DO: "`assay verify` says where they part", "`assay verify` 可指出差异所在";
    REDRAW_THERE: "{0} is there already", "{0} 已存在";
    REDRAW_THERE_DO: "give another --out, or - for standard output", "请用 --out 指定其他文件，或用 - 表示标准输出";
}
