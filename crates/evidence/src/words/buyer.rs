//! What a buyer is told and asked who is a person, and what is said of a gateway whose buyers are.

use super::sentences;

sentences! {
    BUYER_CODE: "On the buyer's phone: open the wallet's payment code, and type it in here; {0}",
        "在买家手机上：打开钱包的付款码，并在此输入；{0}";
    BUYER_CODE_EXPECTS: "the till charges the code within its minute", "收银台在付款码有效期内完成收款";
    BUYER_CODE_OF: "On the buyer's phone: open a payment code of {0} digits that begins with {1}, and type it in here; {2}",
        "在买家手机上：打开以 {1} 开头的 {0} 位付款码，并在此输入；{2}";
    BUYER_SCANS: "On the buyer's phone: scan the code below with the wallet; {0}", "在买家手机上：用钱包扫描下面的二维码；{0}";
    BUYER_OPENS: "On the buyer's phone or computer: open the address below; {0}", "在买家的手机或电脑上：打开下面的地址；{0}";
    BUYER_OFFER_EXPECTS: "the wallet shows the order's amount, and does as it is told", "钱包显示订单金额，并按指示操作";
    BUYER_CONFIRMS: "On the buyer's phone: try now to pay what was offered before", "在买家手机上：现在尝试支付先前出示的订单";
    BUYER_CONFIRMS_EXPECTS: "whatever the wallet says: what is judged is the gateway's answer at the end", "钱包可能显示任何结果：以网关最后的应答为准";
    BUYER_PAYS: "let it be paid at once, and confirm where the wallet asks", "立即支付，钱包要求确认时予以确认";
    BUYER_APPROVES: "confirm {0} s after the sale began, and not before", "在收款开始 {0} 秒后确认，不要提前";
    BUYER_DECLINES: "decline {0} s after the sale began, and not before", "在收款开始 {0} 秒后拒绝，不要提前";
    BUYER_IGNORES: "do nothing when the wallet asks", "钱包要求确认时不做任何操作";
    BUYER_POOR: "have less money in the wallet than the amount, and {0}", "钱包余额须少于订单金额；{0}";
    BUYER_HOLDS: "take a wallet that holds {0}, and {1}", "使用余额为 {0} 的钱包；{1}";
    BUYER_COMES_BACK: "{0}; when it is paid, let the browser go back to the shop", "{0}；支付完成后，让浏览器返回商户网站";
    BUYER_CLOSES: "{0}; as soon as it is paid, close the browser, before it goes back to the shop", "{0}；支付完成后立即关闭浏览器，不要等它返回商户网站";
    BUYER_NOT_BACK: "the buyer's browser did not come back to the shop with order {0}", "买家的浏览器未携带订单 {0} 返回商户网站";
    BUYER_CAME_BACK: "the browser went back to the shop, although the buyer was to close it before", "买家本应先关闭浏览器，但浏览器仍返回了商户网站";
    BUYER_OFFERED: "to scan or to open", "扫描或打开";
    BUYER_TYPES: "the digits below the code", "付款码下方的数字";
    BUYER_NOBODY: "nobody is there with a wallet of this gateway", "没有人持有该网关的钱包";
    BUYER_CANNOT: "the buyer could not do it: {0}", "买家无法完成：{0}";
    PERSON_WANTS_CODE: "a payment code was expected: 16 to 64 letters and digits", "应为付款码：16 至 64 位字母和数字";
    PERSON_WANTS_CODE_OF: "a payment code of {0} digits that begins with {1} was expected", "应为以 {1} 开头的 {0} 位付款码";
    CASE_EMBEDDED_ONLY: "it needs the gateway's own key or control over it; play it on the embedded sandbox with: assay run {0} --gateway embedded --profile assay.yaml",
        "它需要网关自身的密钥或对网关的控制；请在内置沙箱上运行：assay run {0} --gateway embedded --profile assay.yaml";
    CASE_NEEDS_CONTROL: "it rests on something that this gateway does for nobody who asks, such as a review, a file or a day that passes; play it on the embedded sandbox with: assay run {0} --gateway embedded --profile assay.yaml",
        "它依赖该网关不会应要求提供的内容，例如审核、对账文件或日期推移；请在内置沙箱上运行：assay run {0} --gateway embedded --profile assay.yaml";
    NOTE_GATEWAYS_WORD: "no wallet can be asked here: what the money did is judged by the gateway's own signed answers", "此处无法查询钱包：资金变动以网关自身的签名应答为准";
    CONTROL_NONE: "this gateway answers no control API", "该网关不提供控制接口";
    RUN_FOREIGN: "the gateway at {0} is nobody's simulation: its buyers are people with wallets, and all time is real", "{0} 处的网关并非模拟：买家是持有钱包的真人，所有时间均为真实时间";
    RUN_FOREIGN_TAKES: "{0} runs with a person as the buyer, one after the other: about {1} minutes", "{0} 次执行由真人充当买家，逐一进行：约需 {1} 分钟";
    RUN_FOREIGN_SKIPS: "{0} runs need the embedded sandbox and are skipped here; 'assay merge' joins both", "{0} 次执行需要内置沙箱，在此跳过；用 assay merge 合并两者";
    PAYMENT_CODE_FORM: "{0} is no payment code", "{0} 不是付款码";
    PAYMENT_CODE_DO: "write each code in quotes as the wallet shows it, 16 to 64 letters and digits, or leave gateway.payment_codes out and type them in when asked",
        "请按钱包所示将每个付款码写在引号内（16 至 64 位字母和数字），或省略 gateway.payment_codes，在运行时输入";
    BUYER_PAGE: "what the buyer is asked for is also shown at {0}", "对买家的指示同时显示在 {0}";
    BUYER_PAGE_TITLE: "assay: the buyer", "assay：买家";
    BUYER_PAGE_IDLE: "Nothing is asked of the buyer now.", "目前不需要买家操作。";
    BUYER_AWAY_DO: "run it on a terminal where somebody holds a wallet of this gateway, and without CI set; '--gateway embedded' needs nobody", "请在终端上运行（不要设置 CI），并由持有该网关钱包的人操作；--gateway embedded 不需要任何人";
    ATTEMPT_EMBEDDED_ONLY: "no gateway without a control API plays this run", "没有控制接口的网关无法执行该用例";
    ATTEMPT_WALLET: "no wallet can be asked at a gateway without a control API", "没有控制接口的网关无法查询钱包";
    GATEWAY_SLOW: "it did not answer within {0} s", "{0} 秒内没有应答";
    GATEWAY_MD5_ALONE: "under MD5 nobody could tell later whether the gateway at {0} or the merchant signed", "使用 MD5 时，事后无法区分签名出自 {0} 处的网关还是商户";
    GATEWAY_MD5_ALONE_DO: "sign with RSA2 there (conditions.sign_type), or run on the embedded sandbox", "请在该网关使用 RSA2（conditions.sign_type），或使用内置沙箱";
}
