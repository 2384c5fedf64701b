//! What a person at the till is told and asked.

use super::sentences;

sentences! {
    PERSON_CHARGE: "At the till: ring the order up under the number below, and scan or type in the buyer's code",
        "在收银台：以下列订单号录入订单，并扫描或输入买家的付款码";
    PERSON_CHARGE_EXPECTS: "the till takes the code, and shows the order as waiting until it knows how the payment ended",
        "收银台接受付款码，在得知支付结果之前显示订单为等待";
    PERSON_PRESENT: "At the till or in the shop: offer the order to the buyer under the number below",
        "在收银台或商城：以下列订单号向买家出示订单";
    PERSON_PRESENT_EXPECTS: "a code or a page to pay with is shown, and the order waits to be paid",
        "显示付款用的二维码或页面，订单等待付款";
    PERSON_RETURN: "In the browser: open the address below, where the buyer comes back to from the wallet",
        "在浏览器中：打开下列地址，即买家从钱包返回的页面";
    PERSON_RETURN_EXPECTS: "the page says of the order what the merchant knows, and no more",
        "页面只显示商户所知的订单状态";
    PERSON_CANCEL: "At the till: cancel the order as a whole", "在收银台：整单撤销该订单";
    PERSON_CANCEL_EXPECTS: "the till takes the wish, and says so when the order is cancelled",
        "收银台接受撤销操作，撤销完成后予以显示";
    PERSON_REFUND: "At the till: give money of the order back, with the return slip below",
        "在收银台：按下列退货单号为该订单退款";
    PERSON_REFUND_EXPECTS: "the till takes the slip, and shows the refund as pending until it knows how it ended",
        "收银台接受退货单，在得知退款结果之前显示为处理中";
    PERSON_REGISTER: "In the back office: register the secondary merchant below", "在后台：登记下列二级商户";
    PERSON_REGISTER_EXPECTS: "the registration is taken, and shown as pending until it is decided",
        "登记被接受，在得到审核结果之前显示为待审核";
    PERSON_PICTURES: "Take pictures of the checkout, of the success page and of the order page, and attach the three of them here",
        "分别截取收银页、支付成功页与订单页，并在此附上这三张截图";
    PERSON_PICTURES_EXPECTS: "the wallet's mark on the first, the amount on the second, and the order shipped or delivered on the third",
        "第一张有钱包标识，第二张有金额，第三张显示订单已发货或已交付";
    PERSON_LOOK: "Look the order up at the till and in the back office", "在收银台和后台查看该订单";
    PERSON_LOOK_MERCHANT: "Look the secondary merchant up in the back office", "在后台查看该二级商户";
    PERSON_LOOK_EXPECTS: "tell what is shown now, whatever it should be", "请如实填写当前所显示的内容，而非应显示的内容";

    PERSON_ORDER: "order", "订单号";
    PERSON_AMOUNT: "amount", "金额";
    PERSON_TEXT: "goods", "商品";
    PERSON_STORE: "store", "门店";
    PERSON_CODE: "the buyer's code", "买家付款码";
    PERSON_DEVICE: "the buyer's device", "买家设备";
    PERSON_AGENT: "the buyer's browser", "买家浏览器";
    PERSON_ADDRESS: "address", "地址";
    PERSON_SLIP: "return slip", "退货单号";
    PERSON_REASON: "reason", "原因";
    PERSON_MERCHANT: "secondary merchant", "二级商户";
    PERSON_NAME: "name", "名称";
    PERSON_MCC: "category code", "行业代码";
    PERSON_PLACE: "place", "地点";
    PERSON_CONTACT: "contact", "联系方式";
    PERSON_WEBSITE: "website", "网站";
    PERSON_SITES: "further sites", "其他网站";
    PERSON_COUNTRY: "country", "国家或地区";
    PERSON_OF_STORE: "store (id · name · category · terminal)", "门店（编号 · 名称 · 行业代码 · 终端）";
    PERSON_TAXI: "driver (number · name · contact)", "司机（编号 · 姓名 · 电话）";

    PERSON_SHOWN_CODE: "the text of the code that is shown, as a scanner reads it (empty if there is none)",
        "所显示二维码的文本，以扫码所得为准（无则留空）";
    PERSON_SHOWN_LINK: "the address that the buyer is sent to (empty if there is none)", "买家被引导至的地址（无则留空）";
    PERSON_OFFERED: "the code or the page is still there to pay with", "二维码或页面是否仍可用于付款";
    PERSON_YES: "yes", "是";
    PERSON_NO: "no", "否";
    PERSON_PAGE: "what the page says of the order", "页面所显示的订单状态";
    PERSON_TILL: "the till shows the order as", "收银台显示订单为";
    PERSON_BACK_OFFICE: "the back office has it as", "后台记录为";
    PERSON_BOOKINGS: "money booked as received, each booking, with ; between (empty if there is none)",
        "已入账的收款，逐笔填写，以 ; 分隔（无则留空）";
    PERSON_REFUNDED: "money booked as given back, all together (empty if there is none)",
        "已入账的退款总额（无则留空）";
    PERSON_SLIP_STATE: "the refund of {1} with slip {0} is", "退货单 {0}（{1}）的退款状态为";
    PERSON_REGISTRATION: "the registration is shown as", "登记状态显示为";
    PERSON_WALLETS: "the wallets that take the merchant, with commas between (empty if there is none)",
        "已接受该商户的钱包，以逗号分隔（无则留空）";
    PERSON_WHY: "why it was refused, as it is shown (empty if it was not)", "所显示的拒绝原因（未被拒绝则留空）";

    PERSON_WAITING: "waiting: not decided yet", "等待：尚无结果";
    PERSON_PAID: "paid", "已付";
    PERSON_FAILED: "failed for good", "最终失败";
    PERSON_CANCELLED: "cancelled", "已撤销";
    PERSON_FOR_STAFF: "handed to a person, who was called", "已转人工处理并已通知人员";
    PERSON_NO_ORDER: "there is no such order", "没有该订单";
    PERSON_NO_SLIP: "there is no such slip", "没有该退货单";
    PERSON_NO_MERCHANT: "there is no such merchant", "没有该商户";

    PERSON_WANTS_CHOICE: "a number from 1 to {0} was expected", "应为 1 至 {0} 的数字";
    PERSON_WANTS_AMOUNT: "amounts such as `{0} 12.31` were expected, with ; between several",
        "应为 `{0} 12.31` 形式的金额，多笔以 ; 分隔";

    PERSON_TROUBLE: "'{1}' to the tester at the till{0}: {2}; {3} was expected; {4}",
        "对收银台测试人员{0}的“{1}”：{2}；预期：{3}；{4}";
    PERSON_AWAY: "nobody answers any more", "已无人应答";
    PERSON_WANTS_ANSWER: "an answer at the prompt", "在提示处作答";
    PERSON_AWAY_DO: "run it again when somebody is at the till", "待收银台有人时重新运行";

    PROMPT_WIDE: "its code is wider than a terminal: the page beside shows it", "二维码宽于终端，请在旁边的页面上查看";
    PROMPT_EXPECTED: "expected: {0}", "预期：{0}";
    PROMPT_COMMANDS: "`attach FILE` adds a screenshot or a receipt (PNG, JPEG, PDF); Ctrl-D or Ctrl-C leaves, and --resume goes on",
        "`attach 文件` 可附上截图或小票（PNG、JPEG、PDF）；Ctrl-D 或 Ctrl-C 退出，之后可用 --resume 继续";
    PROMPT_DONE: "Enter when it is done; `refused WHY` if the till refuses it, `lacking WHY` if there is no such thing",
        "完成后按回车；收银台拒绝时输入 `refused 原因`，没有该功能时输入 `lacking 原因`";
    PROMPT_LOOKED: "Answer each question:", "请逐项作答：";
    PROMPT_ATTACHED: "attached {0}, SHA-256 {1}", "已附上 {0}，SHA-256 {1}";
    PROMPT_NOBODY: "the driver manual asks a person, and nobody is at a terminal here", "驱动 manual 需要有人作答，而此处没有终端前的人员";
    PROMPT_NOBODY_DO: "run it on a terminal, without CI in the environment, or drive the merchant by `http` or `command`",
        "请在终端中运行，且环境中不设 CI；或改用 `http` 或 `command` 驱动商户";
    PROMPT_TRIAL: "first a trial sale, which counts for nothing: it shows whether the merchant's calls arrive here",
        "首先试收一笔，不计入结果：用于确认商户的调用能够到达此处";
    PROMPT_RUNS: "runs to play: {0}, at once: {1}; each case that passes still waits for a reviewer", "随后执行 {0} 次，同时 {1} 次；通过的用例仍须评审";

    ATTACH_PAIR: "a case and a file were expected, as in AMS-PAY-001=receipt.png", "应为用例与文件，如 AMS-PAY-001=receipt.png";
    ATTACH_NO_RUN: "a file is attached to '{0}', which is not played", "文件所附的“{0}”不在执行之列";
    ATTACH_NO_RUN_DO: "name a case or a run that is played, such as AMS-PAY-001 or AMS-PAY-021/order-code#3", "请指定将执行的用例或单次执行，如 AMS-PAY-001 或 AMS-PAY-021/order-code#3";
    ATTACH_UNREAD: "{0} cannot be attached: {1}", "无法附上 {0}：{1}";
    ATTACH_NOT_YET: "nothing can be attached to the trial sale", "试收时不能附上文件";
    ATTACH_FULL: "a run cannot have more than {0} attachments", "一次运行最多附 {0} 个文件";
    ATTACH_DO: "attach a PNG, JPEG or PDF of at most 4 MiB", "请附上不超过 4 MiB 的 PNG、JPEG 或 PDF";
    ATTACH_CHANGED: "{0} is no longer what was attached", "{0} 已不是当时所附的文件";
    ATTACH_CHANGED_DO: "put the file back as it was, or run the case again", "请恢复该文件的原内容，或重新执行该用例";
    ATTACH_EMPTY: "the file is empty", "文件为空";
    ATTACH_LARGE: "the file is larger than {0} MiB", "文件大于 {0} MiB";
    ATTACH_FORM: "the file is no PNG, JPEG or PDF", "文件不是 PNG、JPEG 或 PDF";
}
