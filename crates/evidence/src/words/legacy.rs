//! What checks of the older generation alone expect and find.

use super::sentences;

sentences! {
    ORDER_SETTLED_WITHIN: "order {0} is settled at most {1} s after the payment was sent", "订单 {0} 在支付发出后至多 {1} 秒内了结";
    ORDER_SETTLED_AFTER: "order {0} is settled {1} s after the payment was sent", "订单 {0} 在支付发出 {1} 秒后才了结";
    SIGN_PLUS_ENCODED: "the + of sign travels as %2B", "sign 中的 + 以 %2B 传输";
    SIGN_PLUS_BARE: "sign holds a bare +, which a form reads as a blank", "sign 中有未编码的 +，表单会将其读作空格";
    NOTE_KEY_SMALL: "the key has 1024 bits; keys of 2048 bits are usual", "密钥为 1024 位，通常应为 2048 位";
    NOTE_DSA_RAW: "the DSA signature is two numbers side by side, not DER", "DSA 签名为并列的两个数，而不是 DER";
    SIGN_VERIFIES: "{0} verifies under the contract's key", "{0} 能用合同密钥验签";
    SIGN_VERIFIES_NOT: "{0} does not verify under the contract's key", "{0} 不能用合同密钥验签";
    KEY_HIDDEN: "the shared key stands in no message", "任何报文都不含共享密钥";
    KEY_SHOWN: "{0} holds the shared key", "{0} 含有共享密钥";
    ANSWER_READS: "{0}: the answer reads in the charset that it declares", "{0}：应答能按其声明的字符集读取";
    ANSWER_READS_NOT: "{0}: the answer does not read in the charset that it declares", "{0}：应答不能按其声明的字符集读取";
    VOUCHED_FIRST: "the gateway is asked about the notice before its payment is booked", "入账前先向网关核实通知";
    VOUCHED_LATE: "it is booked first", "先入账";
    VOUCHED_NEVER: "it is never asked", "从未核实";
    BOOKED_PROVED: "the payment is booked when the gateway has called the notice its own, or a query or a return has told of it", "网关确认通知属实，或查询、同步返回告知付款之后才入账";
    BOOKED_NEVER: "it is never booked", "始终没有入账";
    BOOKED_UNPROVED: "it is booked before", "在此之前已入账";
    DISOWNED_REFUSED: "a notice that the gateway disowns is not answered success", "网关否认的通知不得答复 success";
    DISOWNED_TAKEN: "it is answered success", "答复了 success";
    OWN_LACKS: "a call of the runner's own lacks {0}", "运行器自己的调用缺少 {0}";
    OWN_NO_SERVICE: "no call of the runner's own asks for {0} here", "此处没有运行器自己的 {0} 调用";
    UNMAPPABLE: "{0} has no character U+{1}", "{0} 没有字符 U+{1}";
    ORDER_NOT_SETTLED: "order {0} is never settled", "订单 {0} 始终没有了结";
    REFUNDS_APART: "refunds of one partner go out at least {0} ms apart", "同一合作伙伴的退款请求至少间隔 {0} 毫秒";
    REFUND_AFTER: "a refund goes out {0} ms after the one before", "一次退款请求在前一次之后 {0} 毫秒发出";
    ANSWER_BARE: "{0} is answered with is_success=T and nothing more", "{0} 的应答只有 is_success=T";
    ANSWER_MORE: "{0} is answered with a response as well", "{0} 的应答另含 response";
    REFUND_ENDS: "refund {0} ends refunded, or with a person where a repeat was refused", "退款 {0} 最终已退款；仅当重发被拒绝时可交由人工处理";
    REFUND_NOT_BEFORE: "a refund goes out again at {0} Beijing time or later", "退款请求最早于北京时间 {0} 再次发出";
    REFUND_WENT_OUT: "a refund goes out again at {0} Beijing time", "退款请求于北京时间 {0} 再次发出";
    GIVEN_BACK_NOT_BEFORE: "nothing is given back before the refund can run", "在退款可以执行之前不退回任何款项";
    GIVEN_BACK_BEFORE: "given back {0} s before the refund could run", "在退款可以执行之前 {0} 秒已退回";
    CODES_AT_MOST: "at most {0} codes of the sale are shown", "该笔销售至多展示 {0} 个交易码";
    CODES_SHOWN: "{0} codes of the sale are shown", "该笔销售展示了 {0} 个交易码";
}
