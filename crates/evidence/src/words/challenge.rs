//! A reviewer's challenge: how it is made, answered and checked.

use super::sentences;

sentences! {
    HELP_REVIEW_CHALLENGE: "Make a challenge: a nonce that a run has to answer before it expires", "生成质询：运行须在其到期前回应的随机数";
    HELP_REVIEW_CHALLENGE_DAYS: "For how many days it can be answered", "可回应的天数";
    HELP_REVIEW_CHALLENGE_MERCHANT: "The client id or partner id of the only merchant that may answer it; without one, whoever has it", "唯一可回应的商户的客户端编号或合作伙伴编号；不指定时持有者均可";
    HELP_REVIEW_CHALLENGE_OUT: "Where it goes; a file that is there is never written over", "质询文件；已有文件不会被覆盖";
    HELP_RUN_CHALLENGE: "A reviewer's challenge, which the run answers: an order of its own opens it, another closes it", "评审人的质询，由本次运行回应：以一个自有订单开始，以另一个结束";
    HELP_ANY_ANSWERS: "Your own challenge, which every bundle has to answer", "您自己的质询，每个报告包都须回应它";

    CHALLENGE_MADE: "{0} is to be answered by a run that is over before {1}: assay run --challenge {0}", "{0} 须由在 {1} 之前结束的运行回应：assay run --challenge {0}";
    CHALLENGE_KEEP: "Keep it as it is: whoever verifies the bundle compares with assay verify --challenge {0}", "请原样保存：验证报告包的人用 assay verify --challenge {0} 比对";
    CHALLENGE_DAYS: "a number of days from {0} to {1} is expected", "应为 {0} 至 {1} 之间的天数";
    CHALLENGE_WHO: "a client id or a partner id has 1 to 64 letters, digits and underscores", "客户端编号或合作伙伴编号应为 1 至 64 个字母、数字或下划线";
    CHALLENGE_TAKEN_DO: "choose another name with --out: a challenge is never written over", "请用 --out 指定其他名称：质询不会被覆盖";
    CHALLENGE_UNUSABLE: "{0}: {1}", "{0}：{1}";
    CHALLENGE_UNUSABLE_DO: "give the file as assay review challenge wrote it, or ask the reviewer for a new one", "请给出 assay review challenge 写出的原文件，或向评审人索取新的质询";
    CHALLENGE_LARGE: "it is larger than {0} bytes", "超过 {0} 字节";
    CHALLENGE_NO_FORM: "it is no challenge as assay writes it", "不是 assay 所写的质询";
    CHALLENGE_SCHEMA: "it is of format {0}, and this program reads format {1}", "其格式为 {0}，而本程序读取格式 {1}";
    CHALLENGE_SUITE: "it is for suite {0}, and this is suite {1}", "它针对测试集 {0}，而此处为测试集 {1}";
    CHALLENGE_MERCHANT: "it is for the merchant {0}, and this is {1}", "它针对商户 {0}，而此处为 {1}";
    CHALLENGE_OVER: "it expired at {0}", "已于 {0} 到期";

    CHALLENGE_OPENED: "challenge {0}: opened at {1}", "质询 {0}：于 {1} 开始";
    CHALLENGE_CLOSED: "challenge {0}: closed at {1}", "质询 {0}：于 {1} 结束";
    CHALLENGE_SILENT: "the gateway did not answer the {0:OWN_ORDER}: {1}", "网关未应答{0:OWN_ORDER}：{1}";
    CHALLENGE_UNANSWERED: "the challenge cannot be answered at this gateway: {0}", "无法在此网关回应质询：{0}";
    CHALLENGE_OPEN_DO: "the run answers a challenge with a code that it cancels at once: the account must be allowed to ask for one, and the clocks must be right", "运行以一个立即撤销的收款码回应质询：账户须有获取收款码的权限，各方时钟须准确";
    CHALLENGE_CLOSE_DO: "what was played is kept: once the gateway answers, go on with assay run --resume {0} --challenge {1}", "已执行的内容均已保留：网关恢复后，用 assay run --resume {0} --challenge {1} 继续";
    CHALLENGE_LATE_DO: "ask the reviewer for a new challenge and run again; what was played is kept in {0}, without a bundle", "请向评审人索取新的质询并重新运行；已执行的内容保留在 {0}，没有报告包";
    CHALLENGE_LOST: "{0} does not hold what opened the run, which has begun", "{0} 中没有本次运行的开始订单，而运行已经开始";
    CHALLENGE_LOST_DO: "begin a new run: what opened this one cannot be made up for", "请重新运行：本次运行的开始订单无法补做";

    OWN_ORDER_OPENING: "opening order", "开始订单";
    OWN_ORDER_CLOSING: "closing order", "结束订单";

    PART_CHALLENGE: "challenge", "质询";
    EXPECT_CHALLENGE: "an own order that opens the run and one that closes it, each a code and its cancellation, named by the challenge in answers that the gateway signed, and everything else between them", "开始和结束本次运行的各一个自有订单，均为收款码及其撤销，在网关签名的应答中以质询命名，其余一切均在两者之间";
    EXPECT_YOUR_CHALLENGE: "a run that answers your challenge, between its issue and its expiry", "在签发与到期之间回应您的质询的运行";
    ANSWERS_MISSING: "the run names the challenge {0}, and {1} is missing", "运行指明了质询 {0}，但缺少 {1}";
    ANSWERS_UNNAMED: "{0} is there, and the run names no challenge", "存在 {0}，而运行未指明质询";
    ANSWERS_NONCE: "the run names a challenge that is none: {0}", "运行指明的质询无效：{0}";
    ANSWERS_FORM: "{0} does not hold an opening and a closing order as assay writes them", "{0} 并非 assay 所写的开始订单与结束订单";
    ANSWERS_LINE: "line {0} is not what belongs there in an own order", "第 {0} 行不是自有订单在该处应有的内容";
    ANSWERS_ID: "the {0:OWN_ORDER} is called {1}, which no order of the challenge {2} in this run is", "{0:OWN_ORDER}名为 {1}，不是本次运行中质询 {2} 的订单";
    ANSWERS_REPEATED: "the gateway's answer to {0} of the {1:OWN_ORDER} is about {2}", "网关对{1:OWN_ORDER}的 {0} 的应答针对的是 {2}";
    ANSWERS_REFUSED: "the gateway answered {0} of the {1:OWN_ORDER} with {2}", "网关对{1:OWN_ORDER}的 {0} 应答 {2}";
    ANSWERS_UNSIGNED: "the gateway's answer to {0} of the {1:OWN_ORDER} has no signature that holds", "网关对{1:OWN_ORDER}的 {0} 的应答没有有效签名";
    ANSWERS_UNDATED: "the gateway's answer to {0} of the {1:OWN_ORDER} tells no time", "网关对{1:OWN_ORDER}的 {0} 的应答没有时间";
    ANSWERS_MERCHANT: "the {0:OWN_ORDER} is of the merchant {1}", "{0:OWN_ORDER}属于商户 {1}";
    ANSWERS_ORDER: "the run was closed at {0}, before it was opened at {1}", "运行于 {0} 结束，早于其开始时间 {1}";
    ANSWERS_SIGNATURE: "in {0}: {1}", "{0} 中：{1}";
    ANSWERS_BEFORE: "{0} line {1} is of {2}, before the run was opened at {3}", "{0} 第 {1} 行的时间为 {2}，早于运行开始时间 {3}";
    ANSWERS_AFTER: "{0} line {1} is of {2}, after the run was closed at {3}", "{0} 第 {1} 行的时间为 {2}，晚于运行结束时间 {3}";
    ANSWERS_SIGNED_BEFORE: "{0} line {1} was signed by the gateway at {2}, before it signed what opened the run at {3}", "{0} 第 {1} 行由网关于 {2} 签名，早于其签署运行开始的 {3}";
    ANSWERS_SIGNED_AFTER: "{0} line {1} was signed by the gateway at {2}, after it signed what closed the run at {3}", "{0} 第 {1} 行由网关于 {2} 签名，晚于其签署运行结束的 {3}";
    ANSWERS_NONE: "it answers no challenge, and yours is {0}", "它未回应任何质询，而您的质询为 {0}";
    ANSWERS_OTHER: "it answers the challenge {0}, and yours is {1}", "它回应的质询为 {0}，而您的质询为 {1}";
    ANSWERS_EARLY: "it was opened at {0}, before your challenge was issued at {1}", "它于 {0} 开始，早于您的质询签发时间 {1}";
    ANSWERS_LATE: "it was closed at {0}, after your challenge expired at {1}", "它于 {0} 结束，晚于您的质询到期时间 {1}";

    VERIFY_STEP_ANSWER_SIGNED: "the run answers challenge {0}: by the gateway's signed time it was opened at {1} and closed at {2}, and everything lies between", "运行回应质询 {0}：按网关签名的时间，于 {1} 开始、{2} 结束，其余一切均在其间";
    VERIFY_STEP_ANSWER_RECORDED: "the run answers challenge {0}: by the operator's clock, since these answers tell no time, it was opened at {1} and closed at {2}, and everything lies between", "运行回应质询 {0}：因此类应答不含时间，按操作者时钟于 {1} 开始、{2} 结束，其余一切均在其间";
    VERIFY_STEP_ANSWER_SIMULATED: "the run answers challenge {0}: opened at {1}, closed at {2}; its scenarios have clocks of their own, and every order of theirs is drawn from the challenge", "运行回应质询 {0}：于 {1} 开始、{2} 结束；各场景使用自己的时钟，其每个订单均由质询生成";
    VERIFY_STEP_ANSWER_YOURS: "that challenge is yours, and it was answered between {0} and {1}", "该质询是您的，且在 {0} 与 {1} 之间得到回应";
    VERIFY_STEP_ANSWER_UNCOMPARED: "whose challenge that is was not compared: --challenge FILE does", "未比对该质询属于谁：可用 --challenge 指定文件";
}
