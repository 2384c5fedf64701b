//! The reviewer's side: what waits, how it is decided, and why a review does not hold.

use super::sentences;

sentences! {
    HELP_REVIEW: "Verify a bundle, decide what waits for a person, and sign that as a review", "验证报告包，裁定待人工评审的内容，并签署评审书";
    HELP_REVIEW_BUNDLE: "The bundle, which stays as it is", "报告包，不会被改动";
    HELP_REVIEW_TRUST: "The public key that you trust to seal them, from your own store", "您信任其封签的公钥，须来自您自己的存储";
    HELP_REVIEW_GATEWAY_KEY: "Public keys of gateways, from your own store; the embedded sandbox's is known", "网关公钥，须来自您自己的存储；内置沙箱的公钥已知";
    HELP_REVIEW_GATEWAY_LOG: "What the gateway's log has of its messages, in lines of JSON: it proves those in which a buyer's data was replaced", "网关日志中的报文，每行一个 JSON：用于证明被替换了买家数据的报文";
    HELP_REVIEW_MD5_KEY: "The key that merchant and gateway share for MD5, from your own store", "商户与网关共用的 MD5 密钥，须来自您自己的存储";
    HELP_REVIEW_KEY: "Your own private key, which signs the review", "您自己的私钥，用于签署评审书";
    HELP_REVIEW_REVIEWER: "Your name, as it shall stand in the review", "您的姓名，将写在评审书中";
    HELP_REVIEW_DECISIONS: "Decisions and waivers in YAML or JSON, in place of questions at the terminal", "以 YAML 或 JSON 写成的裁定与豁免，代替在终端逐一询问";
    HELP_REVIEW_EXTRACT: "Write the attachments of what waits into this new folder", "将待评审内容的附件写入此新目录";
    HELP_REVIEW_OUT: "Where the review goes; a file that is there is never written over", "评审书的文件；已有文件不会被覆盖";
    HELP_VERIFY_REVIEW: "A reviewer's decisions and waivers, which have to be about this bundle", "评审人的裁定与豁免，须针对此报告包";
    HELP_VERIFY_REVIEWER: "The public key of who reviewed it, from your own store", "评审人的公钥，须来自您自己的存储";
    HELP_VERIFY_AT: "When waivers have to hold, such as 2026-11-26 or 2026-11-26T18:00:00Z; now, if nothing is said", "豁免须在何时有效，例如 2026-11-26 或 2026-11-26T18:00:00Z；不指定时为当前时间";
    HELP_CERTIFY_REVIEW: "The review of this bundle, which the certificate then names", "此报告包的评审书，证书将指明它";
    HELP_CERTIFY_REVIEW_KEY: "The public key of who reviewed it; by default your own", "评审人的公钥；默认为您自己的公钥";

    PART_REVIEW: "review", "评审书";
    EXPECT_REVIEW: "a review of this bundle, signed by the reviewer's key from your own store, in which every decision and every waiver is needed and holds", "此报告包的评审书，由您自有存储中的评审人密钥签署，其中每项裁定和豁免均属必要且有效";
    REVIEW_FORM: "it is no review as assay writes it", "不是 assay 所写的评审书";
    REVIEW_SCHEMA: "it is of format {0}, and this program reads format {1}", "其格式为 {0}，而本程序读取格式 {1}";
    REVIEW_LARGE: "it is larger than {0} bytes", "超过 {0} 字节";
    REVIEW_KEY: "its key is one of those in the bundle, or one that everybody has", "其密钥出现在报告包中，或人人皆有";
    REVIEW_OTHER_BUNDLE: "it is about another bundle", "它针对的是另一个报告包";
    REVIEW_TALE: "it says something else of the bundle than the bundle does", "它对报告包的描述与报告包内容不同";
    REVIEW_DECIDED_TWICE: "it decides {0} twice", "它对 {0} 裁定了两次";
    REVIEW_WAIVED_TWICE: "it waives {0} twice", "它对 {0} 豁免了两次";
    REVIEW_NO_RUN: "there is no run {0} in this bundle", "此报告包中没有执行 {0}";
    REVIEW_NOT_WAITING: "{0} waits for no decision: it is {1:OUTCOME}", "{0} 无需裁定，其结果为 {1:OUTCOME}";
    REVIEW_NO_CASE: "there is no case {0} for this bundle", "此报告包没有用例 {0}";
    REVIEW_OPTIONAL: "the waiver of {0} is of no use: the case is not mandatory", "{0} 的豁免无用：该用例不是必测用例";
    REVIEW_UNUSED: "the waiver of {0} is of no use: the case is {1:OUTCOME}", "{0} 的豁免无用：该用例的结果为 {1:OUTCOME}";
    REVIEW_MERCHANT: "{0} cannot be waived: the merchant failed it", "{0} 不能豁免：失败的责任在商户";
    REVIEW_LEFT_OUT: "{0} cannot be waived: the integrator left it out, and can play it", "{0} 不能豁免：接入方未执行该用例，而它是可以执行的";
    REVIEW_OF_MERCHANT: "the waiver of {0} is for the merchant {1}, and the bundle is of {2}", "{0} 的豁免针对商户 {1}，而报告包属于 {2}";
    REVIEW_OF_SUITE: "the waiver of {0} is for suite {1}, and the bundle is of suite {2}", "{0} 的豁免针对测试集 {1}，而报告包属于测试集 {2}";
    REVIEW_EXPIRED: "the waiver of {0} held to the end of {1}, and {2} is asked about", "{0} 的豁免有效至 {1} 当日结束，而所问时间为 {2}";
    REVIEW_EXPIRES: "the waiver of {0} has to end on a day such as 2027-02-01, within a year after the review; this one has {1}", "{0} 的豁免须在评审后一年内的某日到期，例如 2027-02-01；此处为 {1}";
    REVIEW_NOTE: "the text about {0} has to be one line of {1} to {2} characters", "关于 {0} 的文字须为单行 {1} 至 {2} 个字符";

    REVIEW_ONE: "a review is about one bundle", "一份评审书只针对一个报告包";
    REVIEW_ONE_DO: "name the bundle that it is about, and no other", "请只指定该评审书所针对的报告包";
    REVIEW_NOBODY: "somebody has to decide, and nobody is at a terminal here", "需要有人裁定，而此处没有人在终端前";
    REVIEW_NOBODY_DO: "run it on a terminal, or give --decisions FILE: docs/review.md shows one", "请在终端上运行，或用 --decisions 指定文件：docs/review.md 有示例";
    REVIEW_TAKEN_DO: "choose another name with --out: a review is never written over", "请用 --out 指定其他名称：评审书不会被覆盖";
    REVIEW_FOLDER_DO: "choose a folder that is not there yet with --extract", "请用 --extract 指定尚不存在的目录";
    REVIEW_GONE: "nothing was signed: the questions were left before the last of them", "未签署任何内容：询问尚未结束便已离开";
    REVIEW_ENTRY_DO: "correct or remove this entry; nothing was signed", "请更正或删除此条；未签署任何内容";
    REVIEW_AT: "no moment, such as 2026-11-26 or 2026-11-26T18:00:00Z", "不是时间，应如 2026-11-26 或 2026-11-26T18:00:00Z";

    REVIEW_NOTHING: "nothing in this bundle waits for a reviewer", "此报告包中没有待评审的内容";
    REVIEW_WAITING: "waiting for a decision: {0}; to be waived or left open: {1}", "待裁定：{0} 项；可豁免或保留未决：{1} 项";
    REVIEW_STAYS: "stays as it is: {0}", "保持不变：{0}";
    REVIEW_ALL_LEFT_OUT: "left out by the integrator, who can play them, so no review makes up for them: {0} ({1})", "接入方未执行但可以执行，评审无法弥补：{0} 个（{1}）";
    REVIEW_UNSTABLE: "unstable, which counts: {0} passed after an attempt that broke off", "不稳定（仍计入）：{0} 在一次中断之后通过";
    REVIEW_ITEM: "── {0} · {1:OUTCOME} ──", "── {0} · {1:OUTCOME} ──";
    REVIEW_REASON: "why: {0}", "原因：{0}";
    REVIEW_ATTACHED: "attached: {0}, {1}, SHA-256 {2}", "附件：{0}，{1}，SHA-256 {2}";
    REVIEW_CHECK_HELD: "{0} held: {1}", "{0} 成立：{1}";
    REVIEW_CHECK_FAILED: "{0} failed, {1:PARTY}: {2}", "{0} 失败，责任方 {1:PARTY}：{2}";
    REVIEW_CHECK_OPEN: "{0} not judged: {1}", "{0} 未判定：{1}";
    REVIEW_CHECK_NOTE: "note: {0}", "备注：{0}";
    REVIEW_EXPECTED_SEEN: "expected {0}; seen {1}", "预期 {0}；实际 {1}";
    REVIEW_ASK_DECISION: "`passed NOTE`, `failed WHY`, or Enter to leave it open", "输入 `passed 说明` 或 `failed 原因`，直接回车则保留未决";
    REVIEW_ASK_WAIVER: "`waive YYYY-MM-DD WHY` to do without it until that day, or Enter to leave it open", "输入 `waive YYYY-MM-DD 原因` 可豁免至该日，直接回车则保留未决";
    REVIEW_ANSWER: "that is none of the answers", "不是可接受的回答";
    REVIEW_WHY: "say why", "请说明原因";
    REVIEW_EXTRACTED: "attachments written to {0}: {1}", "已将附件写入 {0}：{1} 个";

    REVIEW_DECIDED: "{0} decided: {1:OUTCOME}. {2}", "{0} 裁定为 {1:OUTCOME}。{2}";
    REVIEW_WAIVED: "{0} waived to the end of {1}: {2}", "{0} 豁免至 {1} 当日结束：{2}";
    VERIFY_REVIEWED: "reviewed by {0} on {1} under key {2}; runs decided: {3}, cases waived: {4}; the review has the fingerprint {5}", "由 {0} 于 {1} 用密钥 {2} 评审；已裁定执行 {3} 次，豁免用例 {4} 个；评审书指纹为 {5}";
    VERIFY_WITH_REVIEW: "with the review: {0}", "计入评审：{0}";
    REVIEW_VERIFY_WITH: "anybody verifies both with: assay verify {0} --review {1}, and the keys from their own store", "任何人都可用自有存储中的密钥同时验证两者：assay verify {0} --review {1}";
    REVIEW_EMPTY: "nothing was decided and nothing waived, so nothing was signed", "没有任何裁定或豁免，因此未签署";

    CERTIFICATE_NEEDS_REVIEW: "it rests on the review with the SHA-256 {0}, which was not given", "它以 SHA-256 为 {0} 的评审书为依据，但未提供该评审书";
    CERTIFICATE_OTHER_REVIEW: "it rests on another review, or on none", "它所依据的是另一份评审书，或没有评审书";
    CERT_REVIEW: "SHA-256 of the review", "评审书的 SHA-256";
    CERT_WAIVED: "Mandatory cases waived", "豁免的必测用例";
    CERT_SAYS_REVIEWED: "The reviewer named below verified the bundle named below with assay: its seal holds, every signature of the gateway was checked, and every verdict was judged again from the record. All mandatory cases for the declared products passed, or were decided or waived in the review named below.", "下列评审人已用 assay 验证下列报告包：封签有效，网关的每个签名均已核验，每个结果均已根据记录重新判定。所声明产品的全部必测用例均已通过，或已由下列评审书裁定或豁免。";
}
