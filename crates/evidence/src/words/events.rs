//! What the events of a record, and the faults of the witness, are called. In English as the record
//! has them, so that they are found there.

use super::sentences;

sentences! {
    EVENT_CONTRACT: "contract", "约定";
    EVENT_ANSWER_ON_DEMAND: "answer on demand", "指定应答";
    EVENT_BUYER: "buyer", "买家";
    EVENT_CODE: "code", "付款码";
    EVENT_DAY: "day", "日期";
    EVENT_EXPIRY: "expiry", "失效时间";
    EVENT_FAULT: "fault", "故障";
    EVENT_ORDER: "order", "订单";
    EVENT_RATE: "rate", "汇率";
    EVENT_REFUND_PACE: "refund pace", "退款进度";
    EVENT_REPORTS_CUT: "reports cut", "对账文件分卷";
    EVENT_REVIEW: "review", "审核";
    EVENT_SELLER: "seller", "卖方";
    EVENT_SIGN: "sign", "签名";
    EVENT_SETTINGS: "settings", "设置";
    EVENT_TIME_PASSES: "time passes", "时间推移";
    EVENT_TIME_RUNS_OUT: "time runs out", "超时";
    EVENT_SALE: "sale", "收款";
    EVENT_BUYER_OPENS: "buyer opens", "买家打开";
    EVENT_BUYER_LOGS_IN: "buyer logs in", "买家登录";
    EVENT_BROWSER_CLOSED: "browser closed", "浏览器已关闭";
    EVENT_BUYER_SCANS: "buyer scans", "买家扫码";
    EVENT_BUYER_COMES_BACK: "buyer comes back", "买家返回";
    EVENT_BUYER_CONFIRMS: "buyer confirms", "买家确认";
    EVENT_CLERK_CANCELS: "clerk cancels", "店员撤销";
    EVENT_REFUND: "refund", "退款";
    EVENT_REGISTERS: "registers", "登记";
    EVENT_MERCHANT_REFUSED: "merchant refused", "商户拒绝";
    EVENT_LOOKED_FOR: "looked for", "查找";
    EVENT_NOTICES_LET_THROUGH: "notices let through", "放行通知";
    EVENT_OWN_PAY: "own pay", "运行器的支付";
    EVENT_PICTURES: "pictures", "截图";
    EVENT_GATEWAY_FILES: "gateway files", "网关文件";
    EVENT_GATEWAY_FILES_FETCHED: "gateway files fetched", "已获取网关文件";
    EVENT_DELIVERED: "delivered", "已送达";
    EVENT_RECONCILE: "reconcile", "对账";
    EVENT_REPORT_ALTERATION: "report alteration", "对账文件改动";
    EVENT_REPORT_ARRIVAL: "report arrival", "对账文件到达";
    EVENT_RUNNER_SENDS: "runner sends", "运行器发出";
    EVENT_GATEWAY_SENDS_NOTICE: "gateway sends notice", "网关发出通知";
    EVENT_NO_ANSWER: "no answer", "无应答";
    EVENT_UNREADABLE: "unreadable", "无法读取";
    EVENT_CUT_OFF: "cut off", "中途截断";

    FAULT_ACK_SPOILT: "ack-spoilt", "回执被损坏";
    FAULT_AMOUNT_CHANGED: "amount-changed", "金额被改动";
    FAULT_ANSWER_BROKEN: "answer-broken", "应答被损坏";
    FAULT_ANSWER_HELD: "answer-held", "应答被扣住";
    FAULT_ANSWER_LOST: "answer-lost", "应答丢失";
    FAULT_SYSTEM_ERROR: "system-error", "应答被替换为 SYSTEM_ERROR";
    FAULT_ANSWER_OF_ANOTHER_ORDER: "answer-of-another-order", "另一订单的应答";
    FAULT_CANCEL_HELD: "cancel-held", "撤销被扣住";
    FAULT_CANCEL_LOST: "cancel-lost", "撤销丢失";
    FAULT_DELIVERED_AGAIN: "delivered-again", "重复送达";
    FAULT_DELIVERED_LATER: "delivered-later", "稍后再次送达";
    FAULT_BLANK_FOR_PLUS: "blank-for-plus", "加号变为空格";
    FAULT_FORGED_NOTICE: "forged-notice", "伪造的通知";
    FAULT_FORGED_RETURN: "forged-return", "伪造的浏览器返回";
    FAULT_FORGED_REVIEW: "forged-review", "伪造的审核通知";
    FAULT_INQUIRY_LOST: "inquiry-lost", "查询丢失";
    FAULT_LINE_CUT: "line-cut", "线路中断";
    FAULT_NOTICE_HELD_BACK: "notice-held-back", "通知被暂扣";
    FAULT_PAY_HELD: "pay-held", "支付被扣住";
    FAULT_PAY_LOST: "pay-lost", "支付丢失";
    FAULT_PROCESSING_INTO_SUCCESS: "processing-into-success", "处理中被改为成功";
    FAULT_REFUND_LOST: "refund-lost", "退款丢失";
    FAULT_REFUSAL_TURNED_INTO_SUCCESS: "refusal-turned-into-success", "拒绝被改为成功";
    FAULT_REGISTRATION_LOST: "registration-lost", "登记丢失";
    FAULT_RETRANSMITTED: "retransmitted", "重发";
    FAULT_REVIEW_DELIVERED_AGAIN: "review-delivered-again", "审核通知重复送达";
    FAULT_STRANGER_SUCCESS: "stranger-success", "他人密钥签名的成功应答";
    FAULT_UNSIGNED_SUCCESS: "unsigned-success", "未签名的成功应答";
}
