//! What the command line says.

use super::sentences;

sentences! {
    INTERRUPTED: "interrupted: the record so far is kept in {0}", "已中断：目前的记录保存在 {0}";

    YAML_LARGE: "the file is larger than the {0} bytes that are read; they end in this line", "文件超过可读取的 {0} 字节，该上限落在此行";
    YAML_LARGE_DO: "keep to settings, and put keys into files of their own",
        "只保留设置项，密钥另存为文件";
    YAML_UTF8: "the file is not UTF-8", "文件不是 UTF-8 编码";
    YAML_UTF8_DO: "save it as UTF-8", "请以 UTF-8 保存";
    YAML_ANCHOR: "an anchor (&) is not read", "不支持锚点（&）";
    YAML_ALIAS: "an alias (*) is not read", "不支持别名（*）";
    YAML_TAG: "a tag (!) is not read", "不支持标签（!）";
    YAML_MERGE: "a merge key (<<) is not read", "不支持合并键（<<）";
    YAML_DIRECTIVE: "a directive (%) is not read", "不支持指令（%）";
    YAML_WRITE_OUT_DO: "write the value out where it belongs; text that begins with such a sign goes into quotation marks",
        "请在原处写出完整的值；以该符号开头的文本请加引号";
    YAML_BLOCK_TEXT: "block text (| or >) is not read", "不支持块文本（| 或 >）";
    YAML_LINES: "text that goes on over a line break is not read: a value ends on its line",
        "不支持跨行文本：一个值须在同一行结束";
    YAML_ONE_LINE_DO: "put the text into quotation marks on one line", "请把文本放在同一行的引号内";
    YAML_CHARACTER: "a control character or unusual line break is not read", "不支持控制字符或特殊换行符";
    YAML_CHARACTER_DO: "remove the character; line ends are LF or CR LF", "请删除该字符；换行须为 LF 或 CR LF";
    YAML_DUPLICATE: "the key '{0}' stands here for the second time", "键“{0}”在此处重复出现";
    YAML_DUPLICATE_DO: "keep one of the two", "请只保留其中一个";
    YAML_OPEN: "the bracket that opens here is not closed before the next key", "此处的括号在下一个键之前没有闭合";
    YAML_OPEN_DO: "close it on its line", "请在同一行闭合";
    YAML_SECOND: "a second document begins here", "此处开始了第二个文档";
    YAML_SECOND_DO: "keep one, and remove the line with ---", "只保留一个文档，并删除含 --- 的行";
    YAML_SHAPE: "{0}", "{0}";
    YAML_AT: "{0}: {1}", "{0}：{1}";
    YAML_MISSING: "missing field {0}", "缺少字段 {0}";
    YAML_FIELD: "unknown field {0}, expected {1}", "未知的字段 {0}，应为 {1}";
    YAML_VARIANT: "unknown variant {0}, expected {1}", "未知的值 {0}，应为 {1}";
    YAML_TYPE: "invalid type: {0}, expected {1}", "类型错误：{0}，应为 {1}";
    YAML_VALUE: "invalid value: {0}, expected {1}", "值错误：{0}，应为 {1}";
    YAML_ONE_OF: "one of {0}", "{0} 之一";
    YAML_EITHER: "{0} or {1}", "{0} 或 {1}";
    YAML_STRING: "string {0}", "字符串 {0}";
    YAML_INTEGER: "integer {0}", "整数 {0}";
    YAML_FLOAT: "floating point {0}", "小数 {0}";
    YAML_BOOLEAN: "boolean {0}", "布尔值 {0}";
    YAML_SEQUENCE: "sequence", "列表";
    YAML_MAP: "map", "映射";
    YAML_UNIT: "unit value", "空值";
    YAML_WANTS_STRING: "a string", "字符串";
    YAML_WANTS_SEQUENCE: "a sequence", "列表";
    YAML_WANTS_BOOLEAN: "a boolean", "布尔值";
    YAML_WANTS_PROFILE: "the settings of a profile", "配置的各项设置";
    YAML_WANTS_CONDITIONS: "settings such as `expiry: true`", "`expiry: true` 之类的设置";
    YAML_WANTS_MERCHANT: "settings such as `driver: reference`", "`driver: reference` 之类的设置";
    YAML_WANTS_GATEWAY: "settings such as `url: embedded`", "`url: embedded` 之类的设置";
    YAML_WANTS_RECONCILIATION: "`folder: PATH` or the settings of `sftp`", "`folder: 路径` 或 `sftp` 的各项设置";
    YAML_WANTS_SFTP: "settings such as `host: sftp.example.com`", "`host: sftp.example.com` 之类的设置";
    YAML_WANTS_REPORT: "settings such as `integrator: ACME Pay`", "`integrator: ACME Pay` 之类的设置";
    YAML_WANTS_KEY: "`file: keys/name.pem` or `env: NAME`", "`file: keys/name.pem` 或 `env: NAME`";
    YAML_SHAPE_DO: "correct the line", "请更正该行";

    CATALOGUE_EMPTY: "{0} is empty", "{0} 为空";
    CATALOGUE_STANDING: "the standing checks are not {0}, in this order", "常设检查不是按此顺序的 {0}";
    CATALOGUE_TWICE: "{0} stands twice", "{0} 重复出现";
    CATALOGUE_SECTION: "{0} stands apart from the other cases of {1} {2}", "{0} 未与 {1} {2} 的其他用例排在一起";
    CATALOGUE_UNKNOWN: "'{0}' is not known here; {1} is expected", "此处不识别“{0}”；应为 {1}";
    CATALOGUE_ROW: "{0} has no row {1}", "{0} 没有第 {1} 行";
    CATALOGUE_NO_RULE: "{0} rests on the rule '{1}', which the table of rules does not have",
        "{0} 所依据的规则“{1}”不在规则表中";
    CATALOGUE_CHECK: "the mutant {0} names the check '{1}', which the case does not have",
        "变异体 {0} 指向用例中不存在的检查“{1}”";
    CATALOGUE_DO: "correct features/catalogue.yaml", "请更正 features/catalogue.yaml";

    LINT_UNREADABLE: "the file is no Gherkin from here on, or from one or two lines above: '{0}'",
        "文件从此处（或上方一两行）起不是有效的 Gherkin：“{0}”";
    LINT_UNREADABLE_DO: "look for a misspelt keyword, a table row of another length or text outside a scenario",
        "请检查拼错的关键字、列数不同的表格行或场景之外的文本";
    LINT_BOM: "the file begins with a byte order mark", "文件以字节顺序标记开头";
    LINT_BOM_DO: "save it as UTF-8 without the mark", "请保存为不带该标记的 UTF-8";
    LINT_LARGE: "the file has {0} bytes, at most {1} are allowed", "文件有 {0} 字节，最多允许 {1} 字节";
    LINT_MANY: "the file has {0} scenarios, at most {1} are allowed", "文件有 {0} 个场景，最多允许 {1} 个";
    LINT_SPLIT_DO: "split the file", "请拆分文件";
    LINT_PROSE: "'{0}' is no keyword and would be passed over", "“{0}”不是关键字，会被忽略";
    LINT_PROSE_DO: "correct the keyword; prose stands below Feature only, each line behind '> '",
        "请更正关键字；说明文字只能位于 Feature 之下，每行以“> ”开头";
    LINT_NO_THEN: "the scenario checks nothing", "场景没有任何检查";
    LINT_NO_THEN_DO: "add a Then step", "请添加 Then 步骤";
    LINT_FIRST_STEP: "the first step is And or But", "第一个步骤是 And 或 But";
    LINT_FIRST_STEP_DO: "begin with Given, When or Then", "请以 Given、When 或 Then 开头";
    LINT_STAR: "a step with * counts as Given, wherever it stands", "带 * 的步骤无论位置都被当作 Given";
    LINT_STAR_DO: "write Given, When, Then, And or But", "请写 Given、When、Then、And 或 But";
    LINT_ORDER: "something is arranged or done after a Then step, when the record is closed",
        "在 Then 步骤之后（记录已关闭）还有安排或操作";
    LINT_ORDER_DO: "move the step before the first Then", "请将该步骤移到第一个 Then 之前";
    LINT_THEN_IN_BACKGROUND: "a background checks something", "背景中包含检查";
    LINT_THEN_IN_BACKGROUND_DO: "move the Then step into the scenarios", "请将 Then 步骤移到各场景中";
    LINT_COMMENT: "'{0}' holds a #, which is part of the step and no comment",
        "“{0}”含有 #，它属于步骤而不是注释";
    LINT_COMMENT_DO: "put the comment on a line of its own", "请将注释单独成行";
    LINT_MEDIA_TYPE: "the document has the media type '{0}', which would become part of its text",
        "文档带有媒体类型“{0}”，它会成为文本的一部分";
    LINT_MEDIA_TYPE_DO: "leave the opening quotation marks alone on their line", "起始引号所在行请勿写其他内容";
    LINT_DOCUMENT_PLACE: "a document in an outline holds <, which would be taken for a place",
        "场景大纲中的文档含有 <，会被当作占位符";
    LINT_DOCUMENT_PLACE_DO: "use a plain scenario, or a document without it", "请使用普通场景，或去掉该符号";
    LINT_NO_EXAMPLES: "the outline has no examples", "场景大纲没有例子";
    LINT_NO_ROWS: "the examples have no row below their head, so nothing would run",
        "例子在表头之下没有数据行，不会运行任何内容";
    LINT_NO_EXAMPLES_DO: "add Examples with a head and at least one row", "请添加含表头和至少一行的 Examples";
    LINT_EXAMPLES_TAGS: "the examples have tags", "例子带有标签";
    LINT_EXAMPLES_TAGS_DO: "tag the scenario instead", "请改为标记场景";
    LINT_COLUMN_TWICE: "the column '{0}' stands twice", "列“{0}”重复出现";
    LINT_COLUMN_UNUSED: "no step uses the column '{0}'", "没有步骤使用列“{0}”";
    LINT_PLACE_UNKNOWN: "no column fills the place '{0}'", "没有列填入占位符“{0}”";
    LINT_OUTLINE_DO: "give each column a name of its own and use it in the steps",
        "请为每列取不同的名称并在步骤中使用";
    LINT_NO_SCENARIOS: "the file has no scenario", "文件没有场景";
    LINT_ONE_ID: "the scenario has {0} case ids, one is expected", "场景有 {0} 个用例编号，应为一个";
    LINT_CASE_TWICE: "{0} has a scenario already, at {1}", "{0} 已在 {1} 有场景";
    LINT_CASE_UNKNOWN: "{0} does not stand in the catalogue", "{0} 不在目录中";
    LINT_CASE_MISSING: "{0} has no scenario", "{0} 没有场景";
    LINT_CASE_DO: "give every case of the catalogue one scenario, tagged with its id",
        "目录中每个用例须有一个以其编号标记的场景";
    LINT_ROWS: "the scenario has {0} rows, the catalogue says {1}", "场景有 {0} 行，目录为 {1} 行";
    LINT_ROWS_DO: "make Examples and `rows` agree", "请使 Examples 与 `rows` 一致";
    LINT_CHECKS: "the scenario has {0} Then steps, the catalogue says {1} checks",
        "场景有 {0} 个 Then 步骤，目录为 {1} 项检查";
    LINT_CHECKS_DO: "write one Then (or And, But below it) for each check of the catalogue",
        "目录中的每项检查对应一个 Then（或其后的 And、But）";
    LINT_ENGINE_TAG: "@{0} would change how the engine runs the scenario", "@{0} 会改变引擎运行场景的方式";
    LINT_TAG: "@{0} is no tag of ours", "@{0} 不是本项目的标签";
    LINT_TAG_DIFFERS: "@{0} contradicts the catalogue, which says otherwise of {1}",
        "@{0} 与目录中的 {1} 不一致";
    LINT_TAG_DO: "tags are the case id, its suite, level and products", "标签只能是用例编号及其测试集、级别和产品";
    LINT_MEANING_NONE: "no sentence of the vocabulary reads '{0}'", "词汇中没有句子匹配“{0}”";
    LINT_MEANING_SEVERAL: "'{0}' has more than one meaning: {1}", "“{0}”有多种含义：{1}";
    LINT_MEANING_DO: "use a sentence that is defined once", "请使用只有一个定义的句子";

    NOT_FOR_PRODUCTS: "only for {0}", "仅适用于 {0}";
    NO_SUCH_CASE: "no suite or case is called '{0}'", "没有名为“{0}”的测试集或用例";
    NO_SUCH_CASE_DO: "see `assay list`", "请查看 `assay list`";
    NO_SUCH_CASE_NEAR: "did you mean {0}? See `assay list`", "是否想输入 {0}？请查看 `assay list`";
    NO_SUCH_TAGS: "'{0}' is no expression over the tags of the features", "“{0}”不是有效的标签表达式";
    NO_SUCH_TAGS_DO: "join suites, levels, products and case ids with and, or, not: '@payment and not @optional'",
        "请用 and、or、not 连接测试集、级别、产品和用例编号：'@payment and not @optional'";

    PROFILE_UNREADABLE: "the profile cannot be read: {0}", "无法读取配置：{0}";
    PROFILE_UNREADABLE_DO: "`assay init` writes one", "可用 `assay init` 生成";
    GENERATION_UNKNOWN: "generation '{0}' is not known", "未知的世代“{0}”";
    GENERATION_DO: "write `generation: ams` or `generation: legacy`", "请写 `generation: ams` 或 `generation: legacy`";
    PRODUCTS_NONE: "no product is declared", "没有声明任何产品";
    PRODUCT_TWICE: "the product {0} is declared twice", "产品 {0} 重复声明";
    PRODUCT_LATER: "the product {0} is not supported by this version", "此版本不支持产品 {0}";
    PRODUCT_OF_OTHER: "the product {0} is one of the generation {1}", "产品 {0} 属于 {1} 世代";
    PRODUCT_UNKNOWN: "the product '{0}' is not known", "未知的产品“{0}”";
    PRODUCTS_DO: "declare some of user-presented, order-code, entry-code, cashier, or in the generation legacy of barcode, transaction-qr, website, once each",
        "请从 user-presented、order-code、entry-code、cashier 中声明，legacy 世代则从 barcode、transaction-qr、website 中声明，各一次";
    IDENTITY_MISSING: "in the generation {0} the gateway needs {1}", "{0} 世代的网关需要 {1}";
    IDENTITY_FOREIGN: "{0} does not belong to the generation {1}", "{0} 不属于 {1} 世代";
    IDENTITY_DO: "write `client_id` for the generation ams and `partner` for the generation legacy",
        "ams 世代请写 `client_id`，legacy 世代请写 `partner`";
    PARTNER_FORM: "'{0}' is no partner id", "“{0}”不是合作伙伴编号（PID）";
    PARTNER_FORM_DO: "copy it from the merchant portal: 16 digits that begin with 2088, in quotes",
        "请从商户门户复制：以 2088 开头的 16 位数字，并加引号";
    URL_AMS: "{0} speaks the generation ams", "{0} 使用 ams 世代的协议";
    URL_AMS_DO: "write a host of the generation legacy, such as https://mapi.alipaydev.com",
        "请写 legacy 世代的主机，例如 https://mapi.alipaydev.com";
    DRIVER_UNKNOWN: "the driver '{0}' is not known", "未知的驱动“{0}”";
    DRIVER_DO: "write `driver: reference`, `http`, `command` or `manual`", "请写 `driver: reference`、`http`、`command` 或 `manual`";
    COMMAND_FORM: "the driver command has no program to start", "驱动 command 没有可启动的程序";
    COMMAND_FORM_DO: "write the program and its arguments, such as `command: [python3, adapter.py]`", "请写程序及其参数，例如 `command: [python3, adapter.py]`";
    MERCHANT_FOREIGN: "'{0}' belongs to the driver {1}", "“{0}”属于驱动 {1}";
    MERCHANT_FOREIGN_DO: "take the line out, or name that driver", "请删去该行，或改用该驱动";
    LISTEN_FORM: "'{0}' is no address to listen on", "“{0}”不是可监听的地址";
    LISTEN_FORM_DO: "write a number and a port of this machine, such as 127.0.0.1:8980, another one for notices", "请写本机的 IP 与端口，例如 127.0.0.1:8980，通知用另一个";
    LISTEN_SAME: "calls and notices cannot both come in at {0}", "调用与通知不能共用 {0}";
    NOTIFY_URL_FORM: "'{0}' is no address for notifications", "“{0}”不是通知地址";
    URL_FORM: "'{0}' is neither `embedded` nor scheme and host of a gateway",
        "“{0}”既不是 `embedded`，也不是网关的协议和主机";
    URL_DO: "write http:// or https:// and a host, for the gateway without a path, which the merchant adds",
        "请写 http:// 或 https:// 加主机；网关地址不含路径，路径由商户添加";
    URL_LEGACY: "{0} speaks the generation legacy", "{0} 使用 legacy 世代的协议";
    URL_LEGACY_DO: "write a host of the generation ams, such as open-sea-global.alipay.com",
        "请写 ams 世代的主机，例如 https://open-sea-global.alipay.com";
    URL_PLAIN: "{0} would be called without encryption", "将以未加密方式调用 {0}";
    URL_PLAIN_DO: "write https://", "请写 https://";
    CLIENT_ID_FORM: "'{0}' is no client id", "“{0}”不是客户端编号";
    CLIENT_ID_FORM_DO: "copy it from the merchant console: letters, digits and underscores",
        "请从商户控制台复制：由字母、数字和下划线组成";
    CLIENT_ID_PRODUCTION: "{0} is no sandbox client id: at a host of Alipay real money moves",
        "{0} 不是沙箱客户端编号：在支付宝主机上会发生真实资金流动";
    CLIENT_ID_PRODUCTION_DO: "unless this is a pilot, use the id that begins with SANDBOX_",
        "除非是试点，请使用以 SANDBOX_ 开头的编号";
    CLIENT_ID_SANDBOX: "{0} is a sandbox client id at a production host: every call must go to the sandbox path",
        "{0} 是沙箱客户端编号而主机为生产主机：每次调用都须使用沙箱路径";
    CLIENT_ID_SANDBOX_DO: "make sure that the merchant calls /ams/sandbox/api, as the official SDKs do for such an id",
        "请确认商户调用 /ams/sandbox/api，官方 SDK 对此类编号会自动如此";
    TEXT_FORM: "`{0}` is empty, longer than 200 characters or holds control characters",
        "`{0}` 为空、超过 200 个字符或含有控制字符";
    TEXT_FORM_DO: "write a name or an address on one line", "请在一行内填写名称或地址";
    KEY_FILE_UNREADABLE: "{0} cannot be read: {1}", "无法读取 {0}：{1}";
    KEY_FILE_UNREADABLE_DO: "paths are relative to the profile; `assay keys new` makes a key",
        "路径相对于配置文件；可用 `assay keys new` 生成密钥";
    KEY_ENV_MISSING: "the environment variable {0} is not set", "未设置环境变量 {0}";
    KEY_ENV_MISSING_DO: "set it to the key (in PEM or base64; for MD5 its 32 characters), or name a file", "请将其设为密钥（PEM 或 base64 格式；MD5 为 32 个字符），或改用文件";
    KEY_ONE_SOURCE: "a key is named by `file` or by `env`, and by one of them", "密钥须由 `file` 或 `env` 之一指定";
    KEY_ITSELF: "a key itself stands here; it is not shown", "此处写的是密钥本身，不予显示";
    KEY_ONE_SOURCE_DO: "write `file: keys/name.pem` or `env: NAME`; a key never stands in the profile itself",
        "请写 `file: keys/name.pem` 或 `env: NAME`；密钥本身不写入配置";
    KEY_UNUSABLE: "{0}: {1}", "{0}：{1}";
    KEY_UNUSABLE_DO: "`assay keys inspect` says more about it", "`assay keys inspect` 可查看详情";
    KEY_BUILT_IN: "built in", "内置密钥";
    KEY_THROWN_AWAY: "made for this run", "为本次运行生成的密钥";
    KEY_BUILT_IN_DO: "this is a bug of assay: please report it", "这是 assay 的缺陷，请反馈";
    KEY_MISSING: "with sign_type {0} the gateway needs {1}", "sign_type 为 {0} 时，gateway 需要 {1}";
    KEY_FOREIGN: "{1} does not belong to sign_type {0}", "{1} 不属于 sign_type {0}";
    KEY_SLOT_DO: "write `merchant_key` and `gateway_public_key`, or with sign_type MD5 `md5_key` alone; the public key of the embedded gateway may be left out",
        "请写 `merchant_key` 与 `gateway_public_key`；sign_type 为 MD5 时只写 `md5_key`；内置网关的公钥可以省略";
    KEY_SHARED_DO: "the file has to hold 32 letters and digits, as the merchant portal shows them, and nothing else", "文件中应只有商户后台显示的 32 位字母和数字";
    KEY_DSA_DO: "a DSA key of 1024, 2048 or 3072 bits is meant: PKCS#8 or the traditional form for the private one, SPKI for the public one",
        "此处应为 1024、2048 或 3072 位的 DSA 密钥：私钥为 PKCS#8 或传统格式，公钥为 SPKI";
    SIGN_TYPE_SHARED: "with MD5 both sides hold the key, so that no message proves who sent it", "MD5 的密钥由双方共同持有，任何报文都不能证明由谁发出";
    SIGN_TYPE_WEAK: "{0} signs over SHA-1, which is broken", "{0} 基于已被攻破的 SHA-1";
    SIGN_TYPE_DO: "where the contract allows it, sign with RSA2", "合同允许时，请使用 RSA2";
    KEY_READABLE_BY_OTHERS: "{0} can be read by other users of this computer", "本机其他用户可以读取 {0}";
    KEY_READABLE_BY_OTHERS_DO: "take the right away: `chmod 600`", "请收回权限：`chmod 600`";
    KEY_OWN_IN_SLOT: "the public half of `merchant_key` stands where the gateway's public key belongs",
        "网关公钥的位置填的是 merchant_key 的公钥";
    KEY_OWN_IN_SLOT_DO: "take the Alipay public key from the merchant console; your own public key is uploaded there",
        "请从商户控制台获取支付宝公钥；您自己的公钥应上传到那里";
    KEY_NOT_THE_GATEWAYS: "the embedded gateway signs with a key of its own, and this is another",
        "内置网关使用自己的密钥签名，此处不是该密钥";
    KEY_NOT_THE_GATEWAYS_DO: "leave `gateway_public_key` out, or use keys/alipay.pub as `assay init` writes it", "请省略 `gateway_public_key`，或使用 `assay init` 写出的 keys/alipay.pub";
    KEY_REPORT_SAME: "the report key is the key that signs the merchant's calls",
        "报告密钥与商户调用签名密钥相同";
    KEY_REPORT_SAME_DO: "make another one: `assay keys new --out keys/report.pem`",
        "请另行生成：`assay keys new --out keys/report.pem`";
    KEY_REPORT_SMALL: "the report key has {0} bits, at least {1} are expected", "报告密钥为 {0} 位，至少应为 {1} 位";
    KEY_REPORT_SMALL_DO: "make a larger one: `assay keys new --bits 3072 --out keys/report.pem`",
        "请生成更长的密钥：`assay keys new --bits 3072 --out keys/report.pem`";
    KEY_WORTHLESS: "this key ships with assay, so the whole world has it", "此密钥随 assay 发布，任何人都拥有";
    KEY_WORTHLESS_DO: "use a key of your own; the built-in ones are for the embedded gateway alone",
        "请使用自己的密钥；内置密钥仅用于内置网关";

    REPORTS_ONE: "report files come from `folder` or from `sftp`, and from one of them", "对账文件须来自 `folder` 或 `sftp` 之一";
    REPORTS_ONE_DO: "write `folder: PATH`, or `sftp` with host, user, key, `known_host` and serves",
        "请写 `folder: 路径`，或写 `sftp` 及其 host、user、key、`known_host` 与 serves";
    REPORTS_FOLDER: "{0} is no folder", "{0} 不是目录";
    REPORTS_FOLDER_DO: "make it first: report files are delivered into it; paths are relative to the profile",
        "请先建立该目录：对账文件将写入其中；路径相对于配置文件";
    REPORTS_FOLDER_SHUT: "nothing can be written into it: {0}", "无法写入：{0}";
    SFTP_FIELD: "`{0}` cannot be '{1}'", "`{0}` 不能为“{1}”";
    SFTP_FIELD_DO: "write the host's name or address, a port, the user, and in `root` the path under which the server shows the folder",
        "请填写主机名或地址、端口、用户，并在 `root` 中填写服务器上该目录的路径";
    SFTP_LOGIN: "the login is by `key` or by `password_env`, and by one of them", "须用 `key` 或 `password_env` 之一登录";
    SFTP_LOGIN_DO: "write `file: keys/sftp` below `key`, or `password_env: NAME`; a password never stands in the profile itself",
        "请在 `key` 下写 `file: keys/sftp`，或写 `password_env: 名称`；密码本身不写入配置";
    SSH_KEY_DO: "make one for this login: `ssh-keygen -t ed25519 -N '' -f keys/sftp`", "请为此登录生成密钥：`ssh-keygen -t ed25519 -N '' -f keys/sftp`";
    HOST_KEY_DO: "take it from `/etc/ssh/ssh_host_ed25519_key.pub` on the server, or from `ssh-keyscan` and compare its fingerprint",
        "请取自服务器的 `/etc/ssh/ssh_host_ed25519_key.pub`，或用 `ssh-keyscan` 获取并核对指纹";
    PASSWORD_MISSING: "the environment variable {0} is not set, or empty", "环境变量 {0} 未设置或为空";
    PASSWORD_MISSING_DO: "set it to the password, or log in with a key", "请将其设为密码，或改用密钥登录";
    PASSWORD_SHORT: "the password in {0} has fewer than {1} bytes, so that nobody could tell whether a bundle holds it",
        "{0} 中的密码少于 {1} 字节，无法判断报告包是否泄露了它";
    PASSWORD_SHORT_DO: "give the user a longer one, or log in with a key", "请换用更长的密码，或改用密钥登录";

    LABEL_ERROR: "error", "错误";
    LABEL_WARNING: "warning", "警告";
    LABEL_TRY: "try", "建议";
    FILE_DO: "check the name and the rights of the file", "请检查文件名和权限";
    WRITE_FAILED: "{0} cannot be written: {1}", "无法写入 {0}：{1}";
    WRITE_DO: "check that the folder exists, has room and is yours to write to", "请检查目录是否存在、有空间且可写";
    BUG_SERVER: "the server ended by itself", "服务器自行结束";
    BUG_THREAD: "a thread panicked", "线程发生崩溃";
    BUG_DO: "this is a bug of assay: please report it with the command line and this message",
        "这是 assay 的缺陷：请附上命令行和此消息反馈";

    INIT_EXISTS: "{0} is there already", "{0} 已存在";
    INIT_EXISTS_DO: "choose another folder with --dir, or add --force to write over profile and keys",
        "请用 --dir 选择其他目录，或加 --force 覆盖配置和密钥";
    INIT_EXISTS_ELSE_DO: "choose another name: a key is never written over", "请换一个文件名：密钥不会被覆盖";
    INIT_WROTE: "wrote {0}", "已写入 {0}";
    INIT_WROTE_PRIVATE: "wrote {0} (private, for its owner alone)", "已写入 {0}（私钥，仅所有者可读）";
    INIT_NEXT: "What to do next:", "接下来：";

    PROVE_PROFILE: "the profile reads and makes sense", "配置可读且有效";
    PROVE_CLIENT: "the client id suits the gateway", "客户端编号与网关相符";
    PROVE_KEYS: "every key reads and is large enough", "各密钥可读且长度足够";
    PROVE_PRIVATE: "private keys are private", "私钥仅所有者可读";
    PROVE_OWN_KEY: "the platform's slot holds the platform's key", "平台公钥位置填的是平台公钥";
    PROVE_REPORT_KEY: "the report has a key of its own", "报告使用独立的密钥";
    PROVE_WORTHLESS: "no key that the whole world has stands in for a secret", "没有把公开的密钥当作机密使用";
    PROVE_ROUND_TRIP: "each key pair verifies what it signed", "各密钥对能验证自己的签名";
    PROVE_ROUND_TRIP_FAILED: "the pair does not verify what it signed", "密钥对无法验证自己的签名";
    PROVE_ROUND_TRIP_DO: "make a new key: `assay keys new`", "请生成新密钥：`assay keys new`";
    PROVE_SUITE: "catalogue and features agree, and every sentence has one meaning",
        "目录与特性文件一致，每个句子只有一个含义";
    PROVE_CLOCK: "the clock is believable", "系统时钟可信";
    PROVE_CLOCK_ODD: "the clock of this computer is not between 2024 and 2100", "本机时钟不在 2024 年至 2100 年之间";
    PROVE_CLOCK_DO: "set the clock: messages carry the time and are refused when it is off",
        "请校准时钟：报文携带时间，偏差过大会被拒绝";
    PROVE_DEPOT: "report files can be delivered", "对账文件可以写入";
    PROVE_OPEN: "{0}: not proved, because of the above", "{0}：因上述问题未验证";
    PROVE_DONE: "everything holds", "全部通过";
    PROVE_WARNED: "everything holds, {0} with a warning", "全部通过，其中 {0} 项有警告";
    PROVE_FAILED: "{0} do not hold, {1} could not be proved", "{0} 项未通过，{1} 项无法验证";

    LIST_ID: "case", "用例";
    LIST_SUITE: "suite", "测试集";
    LIST_LEVEL: "level", "级别";
    LIST_PRODUCTS: "products", "产品";
    LIST_TITLE: "title", "标题";
    LIST_NONE: "no case fits", "没有符合条件的用例";
    LIST_PILOT: "{0} of them (◆) may be played in production, in a pilot", "其中 {0} 个（◆）可在生产环境试点执行";
    LINT_PILOT: "{0} may move real money, and does what no shop does every day: {1}", "{0} 可能动用真实资金，但包含非日常操作：{1}";
    LINT_PILOT_DO: "take `pilot` out, or write the scenario with plain sales, refunds and cancels", "请删去 `pilot`，或只用普通的销售、退款与撤销编写场景";
    LIST_FOOT: "{0} cases, {1} of them mandatory ({3}) for {2}", "共 {0} 个用例，其中 {1} 个（{3}）对 {2} 为必测";
}
