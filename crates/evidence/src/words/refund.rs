//! What checks of refunds and cancels expect and find, and how a report names a refund.

use super::sentences;

sentences! {
    ORDER_REFUNDED: "order {0} shows as refunded: {1}", "订单 {0} 显示已退款：{1}";
    SLIP_IS: "refund {0} is shown as {1:REFUND}", "退款 {0} 显示为 {1:REFUND}";
    SLIP_UNREAD: "the merchant shows no refund {0}", "商户未显示退款 {0}";
    SLIP_PROVED: "refund {0} is shown as {1:REFUND} only after a verified answer that proves it", "退款 {0} 在经验证的应答证明之后才显示为 {1:REFUND}";
    SLIP_UNPROVED: "refund {0} is shown as {1:REFUND} before anything verified proved it", "退款 {0} 在任何已验证的证据之前显示为 {1:REFUND}";
    REFUND_LISTED: "the inquiry lists as refunded: {0}", "查询列出的退款：{0}";
    REFUND_INQUIRY_SAYS: "the refund inquiry says {0}", "退款查询结果为 {0}";
    REFUND_INQUIRY_SILENT: "the refund inquiry gives no refund status", "退款查询没有给出退款状态";
    REFUND_INQUIRIES: "the refund inquiries say {0}", "各次退款查询结果为 {0}";
    REFUND_IDS: "{0} refund request ids: {1}", "{0} 个退款请求号：{1}";
    REFUND_IDS_AT_MOST: "at most {0} refund request ids, one for each wish", "最多 {0} 个退款请求号，每笔退款意愿一个";
    REFUND_NUMBER_OWN: "partner_refund_id is another number than partner_trans_id", "partner_refund_id 与 partner_trans_id 不同";
    REFUND_EXECUTED: "the refund is executed at {0} Beijing time", "退款于北京时间 {0} 执行";
    REFUND_UNCHANGED: "the same refund unchanged", "内容不变的同一退款请求";
    REFUND_CHANGED: "a refund with another {0}", "{0} 不同的退款请求";
    REFUND_FINAL: "refund {0} is asked for until its end is known", "退款 {0} 一直查询到有最终结果";
    REFUND_NOT_FINAL: "nobody asked on about refund {0}", "退款 {0} 未继续查询";
    REFUNDS_ALLOWED: "refunds up to {0} and no more", "退款合计不超过 {0}";
    REFUNDS_ANSWERED: "accepted: {0}; refused: {1}", "已受理：{0}；已拒绝：{1}";
    REFUND_UNKNOWN_ONLY: "from an unknown result on, only the same refund unchanged or an inquiry about it", "结果未知期间只允许原样重发同一退款或查询";
    REFUNDS_AGREE: "the refunds of order {0} agree with the gateway at the end: {1}", "订单 {0} 的退款最终与网关一致：{1}";
    REFUND_SHOWN: "{0} {1:REFUND}", "{0} {1:REFUND}";
    REFUNDS_ARE: "the refunds of order {0}: {1}", "订单 {0} 的退款：{1}";
    CANCEL_NAMES: "the cancel names the order's payment", "撤销指明该订单的支付";
    CANCEL_NAMES_OTHER: "the cancel names {0}", "撤销指明的是 {0}";
    CANCEL_UNCHANGED: "the same cancel unchanged", "内容不变的同一撤销请求";
    CANCEL_CHANGED: "a cancel with another {0}", "{0} 不同的撤销请求";
    CALLS_AT_LEAST: "{0}: at least {1} calls", "{0}：至少 {1} 次调用";
    ALARM: "order {0} calls a person", "订单 {0} 已通知人工处理";
    NO_ALARM: "order {0} calls nobody", "订单 {0} 未通知人工处理";
    ORDER_KEEPS: "order {0} stays {1:SHOWN}", "订单 {0} 保持 {1:SHOWN}";
    NOTE_NO_INQUIRY: "the merchant did not inquire in the 5 s before the cancel", "商户在撤销前 5 秒内没有查询";
    WITNESS_REFUND: "order {0}: refund {1} is {2}", "订单 {0}：退款 {1} {2}";
    REFUND_PENDING: "pending", "处理中";
    REFUND_REFUNDED: "refunded", "已退款";
    REFUND_REFUSED: "refused", "被拒绝";
    REFUND_FOR_STAFF: "with staff", "转人工";
}
