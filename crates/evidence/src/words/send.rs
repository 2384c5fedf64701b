//! What `assay send` says.

use super::sentences;

sentences! {
    SEND_NO_ACCOUNT: "{0} is a call of the generation {1}, in which the profile has no account", "{0} 属于 {1} 代，而配置中没有这一代的账户";
    SEND_NO_ACCOUNT_DO: "name a call of the profile's own generation; `assay send --help` has examples of both", "请使用配置所属一代的调用；`assay send --help` 有两代的示例";
    SEND_UNSIGNED: "{0} cannot be signed: {1}", "{0} 无法签名：{1}";
    SEND_UNSIGNED_DO: "write the fields in characters that conditions.charset has, and check the merchant's key with `assay check`", "字段请使用 conditions.charset 所含的字符，并用 `assay check` 检查商户密钥";
    SEND_NO_TEXT: "the body holds bytes that cannot be printed as they are", "报文体含有无法原样打印的字节";
    SEND_NO_TEXT_DO: "use --as curl, which writes them as escapes", "请使用 --as curl，以转义形式写出";
    SEND_SET_FORM: "'{0}' gives no field a value", "“{0}”没有给字段赋值";
    SEND_SET_FORM_DO: "write it as order.orderDescription=Tea, or with JSON as order.goods:=[]", "请写成 order.orderDescription=Tea，或用 JSON 写成 order.goods:=[]";
    SEND_SET_JSON: "what stands behind {0}:= is no JSON: {1}", "{0}:= 之后不是 JSON：{1}";
    SEND_SET_TEXT: "{0} is a parameter of a form, which holds text alone", "{0} 是表单参数，只能是文本";
    SEND_FIELD_UNKNOWN: "{0} has no field '{1}' in the documents", "文档中 {0} 没有字段“{1}”";
    SEND_FIELD_NEAR_DO: "did you mean {0}? To send it all the same, put the body into a file and name it with --body", "是否想输入 {0}？如仍要发送，请将报文体写入文件并用 --body 指定";
    SEND_FIELD_DO: "look at the fields with `--as http`; to send others, put the body into a file and name it with --body", "可用 `--as http` 查看字段；如要发送其他字段，请将报文体写入文件并用 --body 指定";
    SEND_FIELD_OWN: "{0} is made from the profile when the call is signed", "{0} 在签名时由配置生成";
    SEND_FIELD_OWN_DO: "change the profile instead; what a wrong signature does is shown by `assay mock`", "请修改配置；错误签名的效果可用 `assay mock` 演示";
    SEND_FIELD_STUCK: "{0} cannot be set: {1} has no members", "无法设置 {0}：{1} 没有成员";
    SEND_UNSET_ABSENT: "{0} is not there to be left out", "没有可去掉的 {0}";
    SEND_BODY_JSON: "the body is no JSON object, so no field of it can be changed", "报文体不是 JSON 对象，无法修改字段";
    SEND_BODY_JSON_DO: "leave --set and --unset out to send it byte for byte", "如要逐字节发送，请去掉 --set 和 --unset";
    SEND_BODY_FORM: "the body is no form: {0}", "报文体不是表单：{0}";
    SEND_BODY_FORM_DO: "write parameters as name=value with & between them, percent-encoded in UTF-8", "请以 name=value 书写参数，以 & 分隔，按 UTF-8 百分号编码";
    SEND_BODY_LARGE: "the body is longer than {0} bytes", "报文体超过 {0} 字节";
    SEND_BODY_LARGE_DO: "no call of the gateway is as long: name the file of one call's body", "网关没有这样长的调用：请指定一次调用的报文体文件";
    SEND_PRODUCTION: "{0} is production: a call there may take a real buyer's money", "{0} 是生产环境：调用可能动用真实买家的资金";
    SEND_PRODUCTION_DO: "use a sandbox, or --gateway embedded; if it has to be this gateway, add --i-know-this-moves-money", "请使用沙箱或 --gateway embedded；如确需调用此网关，请加 --i-know-this-moves-money";
    SEND_NO_AMOUNT: "nobody can see how much money this call moves, and it would go to production", "无法看出此调用涉及的金额，而它将发往生产环境";
    SEND_NO_AMOUNT_DO: "give it an amount and a currency, or send it to a sandbox", "请给出金额和货币，或发往沙箱";
    SEND_CURRENCY: "the call is about {0}, and gateway.cap is in {1}", "此调用的货币为 {0}，而 gateway.cap 的货币为 {1}";
    SEND_ABOVE: "the call is about {0}, which is above the cap of {1}", "此调用的金额为 {0}，超过上限 {1}";
    SEND_ABOVE_DO: "set a smaller amount, or raise gateway.cap", "请减小金额，或提高 gateway.cap";
    SEND_BEFORE: "before it, on the embedded sandbox: {0} → {1} {2}", "此前在内置沙箱上：{0} → {1} {2}";
    SEND_HOW_SIGNED: "how the call was signed", "调用的签名过程";
    SEND_TEXT: "text to sign ('·' is a blank, '\\n' a line feed): {0}", "待签名文本（“·”为空格，“\\n”为换行）：{0}";
    SEND_DIGEST: "digest ({0}): {1}", "摘要（{0}）：{1}";
    SEND_NO_DIGEST: "digest: {0}, so it is the signature itself", "摘要：{0}，即签名本身";
    SEND_SIGNATURE: "signature: {0}", "签名：{0}";
    SEND_SENT_AS: "as it is sent: {0}", "发送时的形式：{0}";
    SEND_RESULT: "result: {0} {1}", "结果：{0} {1}";
    SEND_ANSWER: "the body of the answer, {0} bytes:", "应答报文体，{0} 字节：";
    SEND_CUT: "(the rest is left out after {0} characters; --json has all of it)", "（{0} 个字符之后省略；--json 有全部内容）";
}
