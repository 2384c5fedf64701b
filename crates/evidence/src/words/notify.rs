//! What `assay notify` says of how a merchant handles notifications.

use super::sentences;

sentences! {
    NOTIFY_URL: "'{0}' is no address that takes notifications", "“{0}”不是可接收通知的地址";
    NOTIFY_URL_DO: "give one with --to, as in http://127.0.0.1:8000/alipay/notify, or merchant.notify_url in the profile", "请用 --to 给出，例如 http://127.0.0.1:8000/alipay/notify，或在配置中填写 merchant.notify_url";
    NOTIFY_AMOUNT: "'{0}' is no amount", "“{0}”不是金额";
    NOTIFY_AMOUNT_DO: "write currency and amount, as in USD 12.31", "请写货币和金额，例如 USD 12.31";
    NOTIFY_KEY: "the profile's gateway signs with a key of its own, whose private half is not here", "配置中的网关使用自己的密钥签名，此处没有其私钥";
    NOTIFY_KEY_DO: "name the private key of your own sandbox with --gateway-key; without a profile the embedded sandbox's is used", "请用 --gateway-key 指定您自己沙箱的私钥；不指定配置时使用内置沙箱的密钥";
    NOTIFY_SHARED: "under MD5 both sides sign with the key that they share, so the gateway has none of its own", "MD5 下双方使用同一共享密钥签名，网关没有自己的密钥";
    NOTIFY_SHARED_DO: "leave --gateway-key out: the profile's md5_key signs", "请去掉 --gateway-key，使用配置中的 md5_key 签名";
    NOTIFY_NO_NEWS: "the older generation tells no merchant of a registration, and an account of the generation is needed", "旧一代不通知注册结果，且需要该代的账户";
    NOTIFY_NO_NEWS_DO: "tell of a payment or a refund, or use --generation ams", "请通知付款或退款，或使用 --generation ams";
    NOTIFY_UNSIGNED: "the notification cannot be signed: {0}", "通知无法签名：{0}";
    NOTIFY_SILENT: "nobody takes the notification at {0}: {1}", "{0} 无人接收通知：{1}";
    NOTIFY_SILENT_DO: "start your system, or correct the address of --to", "请启动您的系统，或更正 --to 的地址";
    NOTIFY_NO_TLS: "{0} cannot be spoken to under TLS: {1}", "无法以 TLS 与 {0} 通信：{1}";
    NOTIFY_NO_TLS_DO: "let the certificate name the host, and name a private authority's certificate with --ca", "证书须包含该主机名；私有机构的证书请用 --ca 指定";
    NOTIFY_NO_WATCH: "nobody tells the state of an order: the profile has no adapter by HTTP", "无法得知订单状态：配置中没有 HTTP 适配接口";
    NOTIFY_NO_WATCH_DO: "leave --watch out, or name a profile with `driver: http`", "请去掉 --watch，或指定含 `driver: http` 的配置";
    NOTIFY_WATCH: "the adapter does not tell the state of order {0}: {1}", "适配接口未给出订单 {0} 的状态：{1}";
    NOTIFY_WATCH_DO: "start the adapter of merchant.url; `assay check` says more", "请启动 merchant.url 的适配接口；`assay check` 有更多说明";
    NOTIFY_SENT: "notice POST {0} → {1}, after {2} ms", "通知 POST {0} → {1}，用时 {2} 毫秒";
    NOTIFY_ACKED: "acknowledged as documented", "已按文档回执";
    NOTIFY_ACK_HTTP: "not acknowledged: the HTTP status is {0}", "未回执：HTTP 状态为 {0}";
    NOTIFY_ACK_BODY: "not acknowledged: {0}", "未回执：{0}";
    NOTIFY_NOT_ACKED_DO: "answer HTTP 200 with the documented body and not a byte before or behind it", "请以 HTTP 200 回复文档规定的内容，前后不得有多余字节";
    NOTIFY_ACKED_WRONG: "acknowledged, though its signature is not the gateway's", "已回执，但其签名并非网关所签";
    NOTIFY_ACKED_WRONG_DO: "verify the signature over the raw bytes before anything else, and answer no success where it fails", "请先对原始字节验签；验签失败时不得回复成功";
    NOTIFY_REFUSED: "not acknowledged, as it has to be", "未回执，符合要求";
    NOTIFY_EITHER: "acknowledged; the documents leave that open, what counts is the order", "已回执；文档未作规定，以订单状态为准";
    NOTIFY_NOT_ACKED: "not acknowledged; the documents leave that open, what counts is the order", "未回执；文档未作规定，以订单状态为准";
    NOTIFY_SLOW: "the acknowledgement took {0} ms: the gateway waits 10 s and then sends again", "回执用时 {0} 毫秒：网关等待 10 秒，之后重发";
    NOTIFY_SLOW_DO: "store the notification, answer, and do the rest afterwards", "请先保存通知并回执，其余事项随后处理";
    ACKSIGN_VALID: "holds", "有效";
    ACKSIGN_WRONG: "does not hold", "无效";
    ACKSIGN_UNSIGNED: "is missing", "缺失";
    NOTIFY_SIGNATURE: "the signature of the acknowledgement {0:ACKSIGN}", "回执的签名{0:ACKSIGN}";
    NOTIFY_SIGNATURE_DO: "sign the acknowledgement with the merchant's key over the path of the notification, or leave the signature out where none is asked for", "请用商户密钥按通知的路径对回执签名；未要求签名时可不签";
    NOTIFY_BYTES: "the acknowledgement, {0} bytes: {1}", "回执，{0} 字节：{1}";
    NOTIFY_BOOKED: "the order is paid, and booked once", "订单已付，且只入账一次";
    NOTIFY_NOT_BOOKED: "the order is not paid exactly once: state and bookings are {0}", "订单并非恰好付款一次：状态和入账次数为 {0}";
    NOTIFY_NOT_BOOKED_DO: "let the order be waiting, tell its own number with --about and its amount with --amount, and book each notification once", "请使订单处于待付状态，用 --about 给出其编号、用 --amount 给出金额，且每条通知只入账一次";
    NOTIFY_STAYED: "the order stayed as it was", "订单状态未变";
    NOTIFY_CHANGED: "the order changed: state and bookings are {0}", "订单发生变化：状态和入账次数为 {0}";
    NOTIFY_CHANGED_DO: "compare signature, order number, amount and currency with the order before it is booked", "入账前请核对签名、订单号、金额和货币";
    NOTIFY_NO_ORDER: "the adapter knows no such order", "适配接口没有此订单";
    NOTIFY_NO_ORDER_DO: "give the order's number at the adapter with --watch", "请用 --watch 给出适配接口中的订单号";
    NOTIFY_UNASKED: "the order was not looked at: --watch names one at the adapter of the profile", "未查看订单：可用 --watch 指定配置中适配接口的订单";
}
