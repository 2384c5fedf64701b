//! What `--help` says, and why a command line means nothing. The English of `HELP_…` is that of the
//! commands themselves, which a test holds.

use super::sentences;

sentences! {
    HELP_ASSAY: "Acceptance tests for integrations with Alipay's global payment gateway", "支付宝全球支付网关接入的验收测试";
    HELP_INIT: "Write a commented profile and fresh keys", "写出带注释的配置和新密钥";
    HELP_CHECK: "Prove profile, keys, features and clock without calling a gateway", "验证配置、密钥、特性文件和时钟，不调用网关";
    HELP_LIST: "List suites and cases", "列出测试集和用例";
    HELP_RUN: "Run the suites, and write the sealed bundle", "运行测试集，并写出加封的报告包";
    HELP_VERIFY: "Verify bundles: seal, digests, suite, record, signatures, and every verdict judged again", "验证报告包：封签、摘要、测试集、记录、签名，并重新判定全部结果";
    HELP_MERGE: "Join runs of one merchant, as shards or stages, into one sealed bundle", "将同一商户的多次运行（分片或阶段）合并为一个加封的报告包";
    HELP_SANDBOX: "Serve the embedded gateway, with its control API under /_sandbox/", "启动内置网关服务，控制接口位于 /_sandbox/";
    HELP_KEYS: "Make keys, and find out what a key is", "生成密钥，识别密钥";
    HELP_KEYS_NEW: "Make a fresh RSA key pair", "生成新的 RSA 密钥对";
    HELP_KEYS_CA: "Make a local authority, so that a system under test can call the witness by https", "生成本地证书机构，供被测系统以 https 调用见证器";
    HELP_KEYS_INSPECT: "Say what a text is, and whether it will do as a key", "识别一段文本，并判断能否用作密钥";
    HELP_HELP: "Print this message or the help of the given subcommand(s)", "显示本说明，或指定命令的说明";

    HELP_ANY_HELP: "Print help", "显示帮助";
    HELP_ANY_VERSION: "Print version", "显示版本";
    HELP_ANY_LANG: "The language of what is said: en or zh", "所用语言：en（英文）或 zh（中文）";
    HELP_ANY_SUBCOMMAND: "Print help for the subcommand(s)", "要显示说明的命令";
    HELP_INIT_DIR: "The folder to write to", "写入的目录";
    HELP_INIT_FORCE: "Write over files that are there already, keys included", "覆盖已有文件，包括密钥";
    HELP_CHECK_PROFILE: "The profile; without one, the built-in profile is proved", "配置；不指定时验证内置配置";
    HELP_LIST_JSON: "Write a JSON array instead of a table", "输出 JSON 数组而不是表格";
    HELP_LIST_PROFILE: "Mark what this profile makes mandatory; without one, what a run without one plays", "标出此配置的必测用例；不指定时标出无配置运行所执行的用例";
    HELP_LIST_SUITE: "Only this suite", "仅此测试集";
    HELP_LIST_LEVEL: "Only this level", "仅此级别";
    HELP_LIST_PRODUCT: "Only cases for this product", "仅适用于此产品的用例";
    HELP_LIST_TAG: "Only what this expression over tags fits: '@payment and not @optional'", "仅符合此标签表达式的用例：'@payment and not @optional'";
    HELP_RUN_WANTED: "Suites, cases, aliases or single runs; without any, all that the profile makes mandatory", "测试集、用例、别名或单次执行；不指定时为配置要求的全部必测用例";
    HELP_RUN_PROFILE: "What is tested; without one, the reference merchant on the embedded sandbox", "被测对象；不指定时为内置沙箱上的参考商户";
    HELP_RUN_GATEWAY: "Where the gateway is: embedded, or http with host and port. Beats the profile", "网关位置：embedded，或 http 加主机与端口。优先于配置";
    HELP_RUN_ATTACH: "Attach a screenshot or a receipt to a case, which a reviewer then decides; repeatable. PNG, JPEG or PDF of at most 4 MiB", "为用例附上截图或小票，由评审人裁定；可重复。不超过 4 MiB 的 PNG、JPEG 或 PDF";
    HELP_RUN_MERCHANT: "Who is tested: reference, the address of your own system's adapter, or manual for a till that a person operates. Beats the profile", "被测商户：reference，自有系统适配接口的地址，或 manual（由人操作收银台）。优先于配置";
    HELP_RUN_CONTROL_TOKEN: "What the gateway's control API asks for", "网关控制接口所要求的令牌";
    HELP_RUN_OUT: "Where the bundle goes; by default reports/runs/ and the run's id", "报告包的目录；默认为 reports/runs/ 加运行编号";
    HELP_RUN_JOBS: "How many scenarios play at once; by default one on each core",
        "同时进行的场景数；默认每个处理器核心一个";
    HELP_RUN_SEED: "What ids are drawn from: the same seed and keys give the same record. By default 1 on the embedded gateway, and another each time elsewhere and with a person at the till, where earlier payments are remembered", "编号的随机种子：种子和密钥相同，记录就相同。内置网关默认为 1；其他网关和由人操作的收银台会记住以前的支付，因此每次不同";
    HELP_RUN_SHARD: "Play only this share of the cases, such as 1/4; `assay merge` joins the shares", "只执行这一份用例，例如 1/4；各份可用 `assay merge` 合并";
    HELP_RUN_RESUME: "Go on with the run in this folder, which was interrupted", "继续此目录中被中断的运行";
    HELP_RUN_GATE: "What exit code 0 is about: the whole run, or what was selected", "退出码 0 的含义：run 指整次运行的结论，selection 指所选用例全部通过（报告包仍为不完整）";
    HELP_RUN_QUIET: "Say nothing but the verdict", "只输出结论";
    HELP_VERIFY_BUNDLES: "The bundles", "报告包";
    HELP_VERIFY_TRUST: "The public key that you trust to seal them, from your own store", "您信任其封签的公钥，须来自您自己的存储";
    HELP_VERIFY_GATEWAY_KEY: "Public keys of gateways, from your own store; the embedded sandbox's is known", "网关公钥，须来自您自己的存储；内置沙箱的公钥已知";
    HELP_VERIFY_MD5_KEY: "The key that merchant and gateway share for MD5, from your own store", "商户与网关共用的 MD5 密钥，须来自您自己的存储";
    HELP_MERGE_RUNS: "The folders of the runs, or their bundles", "各次运行的目录，或其报告包";
    HELP_MERGE_PROFILE: "The profile of the runs: its report key has sealed them, and seals the merged bundle", "这些运行的配置：其报告密钥已为各次运行加封，并为合并报告包加封";
    HELP_MERGE_GATEWAY: "Where the gateway was, if `run` was told so: it beats the profile. It is not called", "网关位置，如 `run` 时另行指定：优先于配置。不会调用该网关";
    HELP_MERGE_OUT: "Where the bundle goes; by default reports/runs/ and an id of the runs together", "报告包的目录；默认为 reports/runs/ 加合并编号";
    HELP_MERGE_QUIET: "Say nothing but the verdict", "只输出结论";
    HELP_SANDBOX_LISTEN: "Where to listen", "监听地址";
    HELP_SANDBOX_GENERATION: "The messages that it speaks: ams is JSON, legacy is forms and XML at /gateway.do", "所用报文：ams 为 JSON，legacy 为 /gateway.do 的表单和 XML";
    HELP_SANDBOX_PARTNER: "The partner that it knows under legacy, by its PID", "legacy 代所接受的合作方，按 PID";
    HELP_SANDBOX_MD5_KEY: "The key of 32 letters and digits that both sides share for MD5, under legacy", "legacy 代双方共用的 32 位 MD5 密钥";
    HELP_SANDBOX_MERCHANT_DSA_KEY: "The public DSA key that calls are checked with, under legacy", "legacy 代用于验证调用的 DSA 公钥";
    HELP_SANDBOX_GATEWAY_DSA_KEY: "The private DSA key that answers and notices are signed with, under legacy", "legacy 代用于签名应答和通知的 DSA 私钥";
    HELP_SANDBOX_CLIENT_ID: "The client id that it knows", "所接受的客户端编号";
    HELP_SANDBOX_MERCHANT_PUBLIC_KEY: "The key that the client's calls are checked with", "用于验证客户端调用的公钥";
    HELP_SANDBOX_GATEWAY_KEY: "The private key that answers and notices are signed with", "用于签名应答和通知的私钥";
    HELP_SANDBOX_CONTROL_TOKEN: "What the control API asks for, in the header x-control-token", "控制接口在请求头 x-control-token 中要求的令牌";
    HELP_SANDBOX_REPORTS: "Where the report files of each day are written when it is over", "每日结束后写出对账文件的目录";
    HELP_SANDBOX_SWITCHES: "Decide otherwise where the gateway's documents leave a choice; repeatable", "对网关文档未定之处另作选择；可重复";
    HELP_KEYS_NEW_BITS: "Its size: 2048, 3072 or 4096", "长度：2048、3072 或 4096";
    HELP_KEYS_NEW_OUT: "The file for the private key; the public key goes beside it, with .pub at the end", "私钥文件；公钥写在旁边，文件名以 .pub 结尾";
    HELP_KEYS_NEW_SHOW_PRIVATE: "Also print the private key on one line, as some kits want it pasted", "同时以单行打印私钥，供某些工具粘贴";
    HELP_KEYS_CA_OUT: "Where both files go: the private key with .pem at the end, the certificate with .crt", "两个文件的位置：私钥以 .pem 结尾，证书以 .crt 结尾";
    HELP_KEYS_INSPECT_FILE: "The file with the text, or - for standard input", "文本所在文件，- 表示标准输入";

    HELP_EXAMPLE: "Example:", "示例：";
    HELP_EXAMPLES: "Examples:", "示例：";
    HELP_EXAMPLE_SWITCH: "Every notice is told once, and only a signed ack ends it:", "每条通知只发送一次，且只有带签名的回执能结束它：";
    HELP_EXAMPLE_LEGACY: "The messages of the older generation, with an MD5 key:", "旧一代报文，使用 MD5 密钥：";
    HELP_EXAMPLE_INIT: "write a profile and keys", "写出配置和密钥";
    HELP_EXAMPLE_CHECK: "prove them", "验证它们";
    HELP_EXAMPLE_LIST: "see every case", "查看全部用例";
    HELP_EXIT_CODES: "Exit codes:", "退出码：";
    HELP_EXIT_GOOD: "0 acceptable, 1 rejected, 2 incomplete, 64 usage, 65 bundle or seal broken, 66 profile or key", "0 可验收，1 不通过，2 不完整，64 用法错误，65 报告包或封签损坏，66 配置或密钥";
    HELP_EXIT_BAD: "unusable, 69 gateway unavailable, 70 bug of assay, 74 cannot write, 130 interrupted", "不可用，69 网关不可用，70 assay 自身缺陷，74 无法写入，130 已中断";

    HELP_USAGE: "Usage:", "用法：";
    HELP_COMMANDS: "Commands", "命令";
    HELP_ARGUMENTS: "Arguments", "参数";
    HELP_OPTIONS: "Options", "选项";
    HELP_ANY_OPTIONS: "[OPTIONS]", "[选项]";
    HELP_A_COMMAND: "COMMAND", "命令";
    HELP_DEFAULT: "[default: {0}]", "[默认：{0}]";
    HELP_VARIABLE: "[env: {0}]", "[环境变量：{0}]";
    HELP_VALUES: "[possible values: {0}]", "[可选值：{0}]";
    HELP_ALIAS: "[alias: ", "[别名：";

    MISUSE_UNKNOWN: "unexpected argument '{0}' found", "不识别的参数“{0}”";
    MISUSE_COMMAND: "unrecognized subcommand '{0}'", "不识别的命令“{0}”";
    MISUSE_VALUE: "invalid value '{0}' for '{1}'", "“{1}”的值“{0}”无效";
    MISUSE_VALUE_WHY: "invalid value '{0}' for '{1}': {2}", "“{1}”的值“{0}”无效：{2}";
    MISUSE_NO_VALUE: "a value is required for '{0}' but none was supplied", "“{0}”需要一个值，但没有给出";
    MISUSE_NO_MORE: "unexpected value '{0}' for '{1}' found; no more were expected", "“{1}”不接受值“{0}”";
    MISUSE_UTF8: "invalid UTF-8 was detected in one or more arguments", "一个或多个参数不是有效的 UTF-8";
    MISUSE_REQUIRED: "the following required arguments were not provided: {0}", "缺少必需的参数：{0}";
    MISUSE_CONFLICT: "the argument '{0}' cannot be used with '{1}'", "参数“{0}”不能与“{1}”同时使用";
    MISUSE_TWICE: "the argument '{0}' cannot be used multiple times", "参数“{0}”不能重复使用";
    MISUSE_NO_COMMAND: "a command is missing", "缺少命令";
    MISUSE_OTHER: "the command line means nothing; in the words of the library that reads it:", "无法理解命令行；解析库的原文为：";
    MISUSE_NEAR: "did you mean '{0}'?", "是否想输入“{0}”？";
    MISUSE_MORE: "For more information, try '--help'.", "更多信息请使用“--help”。";
    MISUSE_BITS: "2048, 3072 or 4096 is expected", "应为 2048、3072 或 4096";
    MISUSE_SHARD: "a share and how many there are is expected, such as 1/4, at most {0}", "应为份号与总份数，例如 1/4，最多 {0} 份";
    MISUSE_NUMBER: "a whole number from {0} to {1} is expected", "应为 {0} 至 {1} 的整数";
    MISUSE_LISTEN: "an address with a port is expected, as in 127.0.0.1:8090", "应为带端口的地址，例如 127.0.0.1:8090";
    MISUSE_SWITCH: "expected a switch and its position, as in A7=once", "应为开关及其位置，例如 A7=once";
    SWITCH_UNKNOWN: "'{0}' is no switch of the embedded gateway: it has {1} and {2}", "“{0}”不是内置网关的开关：可用的有 {1} 和 {2}";
    SWITCH_CHOICE: "switch {0} knows no '{1}': expected one of {2}", "开关 {0} 没有“{1}”：应为 {2} 之一";
}
