//! What `assay mock` says, and what is wrong with rules for answers.

use super::sentences;

sentences! {
    MOCK_NONE: "there is no rule in it", "其中没有规则";
    MOCK_NONE_DO: "write at least one rule, with `api` and `then`", "请至少写一条含 `api` 和 `then` 的规则";
    MOCK_BOTH_WAYS: "{0} is answered in two ways: by a rule for every call, and by one for the value of a field", "{0} 有两种规则：一种针对所有调用，一种针对字段的值";
    MOCK_BOTH_WAYS_DO: "take `when` out of all rules of this call, or give every one of them a `when`", "请去掉此调用所有规则的 `when`，或为每条都写上 `when`";
    MOCK_API_UNKNOWN: "'{0}' is no call of the gateway", "“{0}”不是网关的调用";
    MOCK_API_NEAR_DO: "did you mean {0}?", "是否想输入 {0}？";
    MOCK_API_DO: "use a name of the documents, such as pay or alipay.acquire.overseas.spot.pay", "请使用文档中的名称，例如 pay 或 alipay.acquire.overseas.spot.pay";
    MOCK_FIELD_UNKNOWN: "{0} has no field '{1}'", "{0} 没有字段“{1}”";
    MOCK_FIELD_NEAR_DO: "did you mean {0}?", "是否想输入 {0}？";
    MOCK_FIELD_DO: "use a path of the call's body, such as order.orderDescription; `assay send CALL --as http` shows one", "请使用报文体中的路径，例如 order.orderDescription；`assay send CALL --as http` 可查看";
    MOCK_ONE_FIELD: "a rule looks at one field", "一条规则只看一个字段";
    MOCK_ONE_FIELD_DO: "write one field and its value under `when`", "请在 `when` 下只写一个字段及其值";
    MOCK_ONE_THEN: "a rule has one of result, http, drop, malformed and signature", "一条规则须有 result、http、drop、malformed、signature 之一";
    MOCK_ONE_THEN_DO: "write `result: RISK_REJECT` under `then`; only a signature may stand beside another", "请在 `then` 下写 `result: RISK_REJECT`；只有 signature 可与其他并列";
    MOCK_STATUS_ALONE: "status belongs to a result", "status 须与 result 一起使用";
    MOCK_CODE_UNKNOWN: "'{0}' is no result code of the documents", "“{0}”不是文档中的结果码";
    MOCK_CODE_NEAR_DO: "did you mean {0}? A code that is not documented needs a status: S, F or U", "是否想输入 {0}？文档以外的结果码须写明 status：S、F 或 U";
    MOCK_CODE_DO: "a code that is not documented needs a status: S, F or U", "文档以外的结果码须写明 status：S、F 或 U";
    MOCK_HTTP: "{0} is no HTTP status from 200 to 599", "{0} 不是 200 至 599 的 HTTP 状态码";
    MOCK_HTTP_DO: "write one such as 503", "请写例如 503";
    MOCK_DELAY: "a delay of {0} ms is longer than anybody waits", "延迟 {0} 毫秒超过任何人的等待时间";
    MOCK_DELAY_DO: "write 120000 ms at most, or drop the answer", "最多 120000 毫秒，或丢弃应答";
    MOCK_TIMES: "a rule that answers no call does nothing", "不应答任何调用的规则没有作用";
    MOCK_MINUTES: "a rule lasts 30, 60, 90 or 120 minutes, not {0}", "规则的有效时间为 30、60、90 或 120 分钟，而不是 {0}";
    MOCK_MINUTES_DO: "write one of them, or leave it out for a rule without end", "请写其中之一，或不写以长期有效";
    MOCK_WHEN_FORM: "'{0}' names no field and value", "“{0}”没有指明字段和值";
    MOCK_WHEN_FORM_DO: "write it as order.orderDescription=Tea", "请写成 order.orderDescription=Tea";
    MOCK_ADDED: "rule {0}: {1}", "规则 {0}：{1}";
    MOCK_RULE_COLUMNS: "rule|call|answer", "规则|调用|应答";
    MOCK_NOTHING: "no rule answers anything", "没有生效的规则";
    MOCK_REMOVED: "rule {0} is gone", "规则 {0} 已移除";
    MOCK_REMOVED_ALL: "all rules are gone", "所有规则已移除";
    MOCK_NONE_LEFT: "there is no rule {0}", "没有规则 {0}";
    MOCK_NONE_LEFT_DO: "see the numbers with `assay mock list`", "请用 `assay mock list` 查看编号";
    MOCK_WRONG: "the sandbox at {0} does not take the rule: {1}", "沙箱 {0} 不接受该规则：{1}";
    MOCK_REFUSED_DO: "a sandbox knows the calls of its own generation; see docs/sandbox.md", "沙箱只接受所属一代的调用；见 docs/sandbox.md";
    MOCK_WHICH: "{0} is no sandbox whose rules can be changed: {1}", "{0} 不是可更改规则的沙箱：{1}";
    MOCK_WHICH_DO: "start `assay sandbox`, and give its address by http with --at and its token with --control-token", "请启动 `assay sandbox`，用 --at 给出其 http 地址，用 --control-token 给出其令牌";
    MOCK_UNREAD: "{0} cannot be read: {1}", "无法读取 {0}：{1}";
    MOCK_UNREAD_DO: "name a file as `assay mock add --file` takes it, relative to the profile", "请指定 `assay mock add --file` 可读取的文件，路径相对于配置文件";
    MOCK_OTHER_GENERATION: "{0} is no call of the generation {1}, which the profile is of", "{0} 不是配置所属的 {1} 这一代的调用";
    MOCK_OTHER_GENERATION_DO: "take the rule out, or write it for a call of the profile's generation", "请删除该规则，或改为配置所属一代的调用";
    MOCK_EXPIRES: "{0} may take {1} minutes by the gateway's clock, and the rule lasts {2}: the run would go on without it", "按网关时钟，{0} 可能需要 {1} 分钟，而规则只在 {2} 分钟内有效，此后运行将不受其约束";
    MOCK_EXPIRES_DO: "leave `minutes` out, as rules of a run end with each scenario anyway, or name the cases to run", "请去掉 `minutes`（运行的规则本来就随场景结束），或指明要运行的用例";
    MOCK_FOREIGN: "{0} answers no control API, so nobody can order its answers", "{0} 没有控制接口，无法指定其应答";
    MOCK_FOREIGN_DO: "take `gateway.rules` out of the profile, or run on the embedded gateway or on an `assay sandbox`", "请从配置中去掉 `gateway.rules`，或使用内置网关或 `assay sandbox` 运行";
    RULES_ENDED: "a rule of the run ended before the scenario did", "本次运行的一条规则在场景结束之前失效";
    SANDBOX_RULES: "rules in force: {0}; see them with `assay mock list`", "生效的规则：{0}；用 `assay mock list` 查看";
}
