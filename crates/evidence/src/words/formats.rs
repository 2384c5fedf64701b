//! What the reports for other programs say, and what is said of them.

use super::sentences;

sentences! {
    FORMAT_AT_FAULT: "At fault", "责任方";
    FORMAT_RULE: "Rule", "规则";
    FORMAT_MORE: "{0} more rows have no place here; report.html has them all", "另有 {0} 行因篇幅未列出，完整内容见 report.html";
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
