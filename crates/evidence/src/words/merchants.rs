//! What checks expect and find about secondary merchants.

use super::sentences;

sentences! {
    MERCHANT_IS: "secondary merchant {0} is {1:REGISTRATION}", "二级商户 {0} 的状态为 {1:REGISTRATION}";
    MERCHANT_UNREAD: "secondary merchant {0} cannot be read in the merchant's books", "无法从商户处读取二级商户 {0}";
    REVIEW_IS: "the review is: {0}", "审核结果为：{0}";
    REVIEW_OTHER: "the review is another one", "审核结果发生了变化";
    WALLET_TAKES: "secondary merchant {0}, wallet {1}: {2:TAKEN}", "二级商户 {0}，钱包 {1}：{2:TAKEN}";
    TAKEN_APPROVED: "approved", "已通过";
    TAKEN_NOT_APPROVED: "not approved", "未通过";
    WALLET_REASONS: "the reasons of wallet {0}: {1}", "钱包 {0} 的原因：{1}";
    REASON_SHOWN: "a reason beside secondary merchant {0}", "二级商户 {0} 附有原因";
    REASON_MISSING: "no reason beside secondary merchant {0}", "二级商户 {0} 没有原因";
    REGISTRATION_UNCHANGED: "the same registration unchanged", "内容不变的同一登记请求";
    REGISTRATION_CHANGED: "a registration with other values", "内容不同的登记请求";
    TEXT_ARRIVES: "{0} holds the text: {1}", "{0} 含有文本：{1}";
    TEXT_MISSING: "{0} does not hold the text: {1}", "{0} 不含文本：{1}";
    NOTE_JUMPED: "days were jumped over, which a merchant of its own time does not see; so this fails nothing here", "期间若干天被跳过，而商户按自己的时间运行；因此在此不判失败";
    NOTE_NO_REGISTRATION_NOTIFY_URL: "registration names no registrationNotifyURL", "登记请求没有 registrationNotifyURL";
}
