//! What checks of the older generation alone expect and find.

use super::sentences;

sentences! {
    ORDER_SETTLED_WITHIN: "order {0} is settled at most {1} s after the payment was sent", "订单 {0} 在支付发出后至多 {1} 秒内了结";
    ORDER_SETTLED_AFTER: "order {0} is settled {1} s after the payment was sent", "订单 {0} 在支付发出 {1} 秒后才了结";
    ORDER_NOT_SETTLED: "order {0} is never settled", "订单 {0} 始终没有了结";
}
