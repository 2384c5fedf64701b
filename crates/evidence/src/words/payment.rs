//! What the payment suite says of links, pages, rates and pictures.

use super::sentences;

sentences! {
    PAGE_SAYS: "the merchant's page for a buyer who came back says {0:SHOWN}", "买家返回后的商户页面显示 {0:SHOWN}";
    PAGE_SILENT: "the merchant's page says nothing to a buyer who came back", "买家返回后的商户页面没有显示任何状态";
    QUOTE_COMES_TO: "the quote of {0} comes to {1}", "按报价 {0} 折算为 {1}";
    CANNOT_JUDGE_PICTURE: "a reviewer has to look at the picture", "需由审核人员查看截图";
    CASE_NEEDS_REVIEW: "what a person told, or attached, waits for a reviewer", "测试人员所述内容或所附文件有待评审";
    CASE_NEEDS_TESTER: "it needs a tester who attaches pictures, and this merchant has none", "需要测试人员附上截图，而该商户没有测试人员";
    CASE_NEEDS_NOTICE: "it needs a notification, and none reaches the merchant: name its address in merchant.notify_url, and that of the witness in witness.public_url where the gateway is on another machine", "需要异步通知，而通知无法到达该商户：请在 merchant.notify_url 中写明其地址；网关在另一台机器上时，还须在 witness.public_url 中写明见证器的地址";
    RUN_SKIPPED: "{0} is skipped: {1}", "{0} 被跳过：{1}";
}
