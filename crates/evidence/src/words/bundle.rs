//! Why a bundle or a record is not believed, and what an intact one is like.

use super::sentences;

sentences! {
    SAID_ELSEWHERE: "{0}", "{0}";

    ZIP_END: "the last {0} bytes must be the end record without a comment", "最后 {0} 个字节须为不带注释的结束记录";
    ZIP_LONG: "the end record must name one disk and no ZIP64 values", "结束记录须只涉及一个磁盘且不含 ZIP64 值";
    ZIP_DIRECTORY: "the directory must stand between the last file and the end record", "中央目录须位于最后一个文件与结束记录之间";
    ZIP_HEADER: "a file header is expected at byte {0}", "第 {0} 字节处应为文件头";
    ZIP_COUNT: "1 to {0} files are expected, there are {1}", "应有 1 至 {0} 个文件，实有 {1} 个";
    ZIP_FIRST: "the first file must be {0}", "第一个文件须为 {0}";
    ZIP_ORDER: "the files after the first must be sorted by name, {0} is not in place", "第一个之后的文件须按名称排序，{0} 的位置不对";
    ZIP_DUPLICATE: "the name {0} stands twice", "名称 {0} 重复出现";
    ZIP_TWIN: "the name {0} differs from another only in upper and lower case", "名称 {0} 与另一名称仅大小写不同";
    ZIP_NAME: "the name {0} {1}", "名称 {0} {1}";
    ZIP_NAME_LENGTH: "must have 1 to 200 characters", "须为 1 至 200 个字符";
    ZIP_NAME_SLASH: "must not begin with a slash", "不得以斜线开头";
    ZIP_NAME_FOLDER: "must not be a directory", "不得为目录";
    ZIP_NAME_LETTERS: "must consist of lower-case letters, digits and . _ / -", "只能由小写字母、数字和 . _ / - 组成";
    ZIP_NAME_PARTS: "must not have empty, . or .. parts", "不得含有空的、. 或 .. 部分";
    ZIP_NOT_PLAIN: "{0} must be a plain file without attributes", "{0} 须为不带属性的普通文件";
    ZIP_EXTRA: "{0} must have no extra field and no comment", "{0} 不得带有扩展字段或注释";
    ZIP_FLAGS: "{0} must have no flags, it {1}", "{0} 不得设有标志位，而它{1}";
    ZIP_FLAGS_ENCRYPTED: "says that it is encrypted", "声明已加密";
    ZIP_FLAGS_SIZE: "tells its size only after its data", "在数据之后才给出大小";
    ZIP_FLAGS_OTHER: "has others", "设有其他标志";
    ZIP_METHOD: "{0} must be stored or deflated, its method is {1}", "{0} 须为存储或 deflate 压缩，其方法为 {1}";
    ZIP_FIXED: "{0} must have the format version 2.0 and the time 1980-01-01", "{0} 的格式版本须为 2.0，时间须为 1980-01-01";
    ZIP_DIFFER: "the two headers of {0} differ", "{0} 的两个文件头不一致";
    ZIP_GAP: "{0} must begin where the file before ends", "{0} 须紧接前一个文件的末尾";
    ZIP_FILE_SIZE: "{0} is larger than {1} bytes", "{0} 大于 {1} 字节";
    ZIP_TOTAL_SIZE: "the files together are larger than {0} bytes", "所有文件合计大于 {0} 字节";
    ZIP_RATIO: "{0} unpacks to more than {1} times its size", "{0} 解压后超过其大小的 {1} 倍";
    ZIP_DATA: "the data of {0} does not unpack to the size that its header tells", "{0} 的数据解压后与文件头所述大小不符";
    ZIP_CHECKSUM: "the checksum of {0} does not fit its data", "{0} 的校验和与数据不符";
    ZIP_PACK: "{0} could not be packed", "无法压缩 {0}";

    JSON_TWICE: "the name {0} stands twice in one object", "名称 {0} 在同一对象中重复出现";
    JSON_NOT: "it is not JSON: {0}", "不是 JSON：{0}";

    SEAL_KEY_SIZE: "a report key of 2048, 3072 or 4096 bits is expected, this one has {0}", "报告密钥应为 2048、3072 或 4096 位，此密钥为 {0} 位";
    SEAL_JSON: "the envelope: {0}", "信封：{0}";
    SEAL_SHAPE: "an envelope of payload, payloadType and signatures is expected: {0}", "信封应由 payload、payloadType 和 signatures 组成：{0}";
    SEAL_COUNT: "one signature is expected, there are {0}", "应有一个签名，实有 {0} 个";
    SEAL_BASE64: "{0} is not strict base64: padded, without blanks and spare bits", "{0} 不是严格的 base64：须有填充，且无空白和多余位";
    SEAL_KEY_ID: "the envelope names the key {0}, the trusted one is {1}", "信封所指密钥为 {0}，受信任的密钥为 {1}";
    SEAL_REWRITTEN: "the envelope is not written compactly, on one line, with its names in order", "信封不是按顺序紧凑地写在一行内";
    SEAL_SIGNATURE: "the signature is not the trusted key's over this payload", "签名不是受信任的密钥对此内容所作";
    SEAL_PAYLOAD_TYPE: "the payload type {0} is expected, it is {1}", "内容类型应为 {0}，实为 {1}";

    STATEMENT_JSON: "the statement: {0}", "声明：{0}";
    STATEMENT_SHAPE: "the statement has another shape than expected: {0}", "声明的结构与预期不同：{0}";
    STATEMENT_KIND: "{0} is expected, it is {1}", "应为 {0}，实为 {1}";
    STATEMENT_SCHEMA: "an acceptance report of schema {0} is expected, it is {1}", "验收报告的模式版本应为 {0}，实为 {1}";
    STATEMENT_EMPTY: "the statement is about no file", "声明未涉及任何文件";
    STATEMENT_NAME: "{0} is no name for a file of a bundle", "{0} 不是报告包中允许的文件名";
    STATEMENT_TWICE: "the file {0} is named twice", "文件 {0} 被列出两次";
    STATEMENT_HEX: "the digest of {0} is not 64 lower-case hexadecimal digits", "{0} 的摘要不是 64 位小写十六进制";

    FILES_MISSING: "the statement names {0}, which is not in the bundle", "声明列出了 {0}，而报告包中没有";
    FILES_DIGEST: "{0} must have the digest {1}, it has {2}", "{0} 的摘要应为 {1}，实为 {2}";
    FILES_LENGTH: "{0} must have {1} bytes, it has {2}", "{0} 应为 {1} 字节，实为 {2} 字节";
    FILES_UNLISTED: "{0} is in the bundle and not in the statement", "{0} 在报告包中，而声明未列出";
    FILES_CONFIGURATION: "the configuration names {0} otherwise than the list of files does", "配置清单中的 {0} 与文件列表不一致";

    PART_ZIP: "zip", "zip 容器";
    PART_ENVELOPE: "envelope", "信封";
    PART_SIGNATURE: "signature", "签名";
    PART_PAYLOAD_TYPE: "payload-type", "内容类型";
    PART_STATEMENT: "statement", "声明";
    PART_DIGEST: "digest", "文件摘要";
    EXPECT_ZIP: "a zip of plain files back to back, the envelope first, the others sorted, with nothing before, between or after them", "由普通文件首尾相接组成的 zip：信封在前，其余按名称排序，之前、之间、之后均无他物";
    EXPECT_ENVELOPE: "a compact envelope of one payload and one signature", "含一个内容和一个签名的紧凑信封";
    EXPECT_SIGNATURE: "a signature by the trusted key over this payload", "受信任的密钥对此内容的签名";
    EXPECT_PAYLOAD_TYPE: "an in-toto statement as payload", "以 in-toto 声明为内容";
    EXPECT_STATEMENT: "an in-toto test result with an acceptance report", "带有验收报告的 in-toto 测试结果";
    EXPECT_DIGEST: "exactly the files of the statement, each with its digest", "恰为声明所列的文件，且摘要一致";

    REPLAY_MISSING: "{0} is missing", "缺少 {0}";
    REPLAY_UNREAD: "{0}: {1}", "{0}：{1}";
    REPLAY_SUITE: "the bundle was judged by suite {0}", "此报告包由测试集 {0} 判定";
    REPLAY_NOT_PINNED: "{0} is not the pinned one", "{0} 与固定版本不同";
    REPLAY_NO_STRAYS: "{0} is no list of what came to the witness, as it writes it", "{0} 不是见证代理写出的到达列表";
    REPLAY_FOREIGN: "{0} is no feature of the suite", "{0} 不属于测试集";
    REPLAY_OWN_GATEWAY: "the record and the keys disagree about whether the gateway is assay's own", "记录与密钥对网关是否为 assay 自带说法不一";
    REPLAY_STATE: "{0} line {1}: the signature is not in the recorded state", "{0} 第 {1} 行：签名与记录的状态不符";
    REPLAY_FINGERPRINT: "the key has another fingerprint than told", "密钥的指纹与所述不同";
    REPLAY_FACT: "the statement tells another {0:FACT} than the bundle holds", "声明中的{0:FACT}与报告包内容不同";
    FACT_RUN_ID: "run id", "运行编号";
    FACT_SEED: "seed", "随机种子";
    FACT_DRIVER: "driver", "驱动";
    FACT_GATEWAY: "gateway", "网关";
    FACT_GENERATION: "generation", "世代";
    FACT_SUITE: "suite", "测试集";
    FACT_BEGINNING: "beginning", "开始时间";
    FACT_CLIENT_ID: "client id", "客户端编号";
    FACT_DRIVER_OF_PROFILE: "driver of the profile", "配置中的驱动";
    FACT_ENVIRONMENT: "environment", "环境";
    FACT_REPORT_KEY: "report key", "报告密钥";
    FACT_CATALOGUE_DIGEST: "catalogue digest", "目录摘要";
    FACT_PRODUCTS: "products", "产品";
    FACT_WAY_OF_PLAYING: "way of playing, all at once or one after the other", "执行方式（同时或逐一）";
    FACT_PRODUCTS_OF_PROFILE: "products of the profile", "配置中的产品";
    REPLAY_CONDITIONS: "the record and the profile disagree about the conditions that hold", "记录与配置对所适用的条件说法不一";
    REPLAY_IMPOSSIBLE: "the statement tells a suite or a driver that cannot be", "声明中的测试集或驱动不可能存在";
    REPLAY_SIMULATED: "the statement and the record disagree about whether the run is simulated", "声明与记录对运行是否为模拟说法不一";
    REPLAY_EVIDENCE: "the statement counts other evidence than the record holds", "声明统计的证据与记录内容不同";
    REPLAY_KEY_HIDDEN: "keys.json lacks a key that the profile's sign_type has", "keys.json 缺少配置的 sign_type 所用的密钥";
    REPLAY_KEY_KIND: "the key is of another kind than generation {0} and the profile's sign_type have", "密钥类型与 {0} 世代及配置的 sign_type 不符";
    REPLAY_KEYS: "the statement names other keys than keys.json", "声明中的密钥与 keys.json 不同";
    REPLAY_SUITE_DIGEST: "the statement names another suite digest", "声明中的测试集摘要不同";
    REPLAY_STATEMENT: "the statement is not the one that the record gives", "声明与根据记录得出的不同";
    REPLAY_NOT_GIVEN: "{0} is not what the record gives", "{0} 与根据记录得出的不同";
    REPLAY_OUTCOME: "{0} is told as {1:OUTCOME} and judged as {2:OUTCOME}", "{0} 所述结果为 {1:OUTCOME}，判定结果为 {2:OUTCOME}";
    REPLAY_VERDICT: "the verdict is not the one that the record gives", "结论与根据记录得出的不同";

    ATTEMPT_SIMULATED: "the embedded gateway is told as a real one", "内置网关被说成真实网关";
    ATTEMPT_NO_SEED: "the first line has no seed", "首行没有随机种子";
    ATTEMPT_NO_RUN: "{0} is no run", "{0} 不是测试集中的执行";
    ATTEMPT_LINE: "{0} line {1}: {2}", "{0} 第 {1} 行：{2}";
    ATTEMPT_CONTRACT: "the contract is not the one that the bundle tells", "约定与报告包所述不同";
    ATTEMPT_ORDER: "the order was sold in another attempt", "订单是在另一次尝试中售出的";
    ATTEMPT_OWN: "a message is told as the runner's own and is not", "报文被说成运行器自己的，而实际不是";
    ATTEMPT_DATED: "the signed time is not the recorded one", "签名中的时间与记录的不同";

    RECORD_MALFORMED: "record line {0}: {1}", "记录第 {0} 行：{1}";
    RECORD_NOT_UTF8: "it is no UTF-8", "不是 UTF-8 编码";
    RECORD_NO_HEADER: "a header {0} is expected", "应为首部 {0}";
    RECORD_LAST: "one entry, or the heads as the last line", "应为一条记录，或作为末行的链首汇总";
    RECORD_FORMAT: "the record has format {0}, this program reads formats 1 to {1}", "记录的格式为 {0}，本程序可读取格式 1 至 {1}";
    RECORD_NO_FORMAT: "none", "无";
    RECORD_CHAIN: "record line {0}: the hash chain is broken: a line was changed, dropped, added or moved", "记录第 {0} 行：哈希链断裂：有行被修改、删除、增加或移动";
    RECORD_ORDER: "record line {0}: attempts of a case are numbered from 1, and the lines of each stand together and are numbered from 0", "记录第 {0} 行：用例的各次尝试从 1 编号，每次的各行须相连并从 0 编号";
    RECORD_CLOSED: "record line {0}: the attempt was closed before it", "记录第 {0} 行：该次尝试在此之前已封闭";
    RECORD_EXCHANGE: "record line {0}: an exchange goes one way, from its call to its answer, each leg once", "记录第 {0} 行：一次交互只有一个方向，从请求到应答，每段一次";
    RECORD_TIME: "record line {0}: time runs backwards within the attempt, or is none", "记录第 {0} 行：该次尝试中的时间倒退，或不是有效时间";
    RECORD_HEADS: "the record's last line does not chain the heads of its cases", "记录末行未能串联各用例的链首";
    RECORD_UNREADABLE: "the record cannot be read: {0}", "无法读取记录：{0}";

    REPORT_PAGE: "the page could not be written: {0}", "无法写出页面：{0}";
    REPORT_JUNIT: "the JUnit file could not be written: {0}", "无法写出 JUnit 文件：{0}";
    REPORT_NOT_UTF8: "the JUnit file is not UTF-8", "JUnit 文件不是 UTF-8 编码";
    REPORT_MOMENT: "'{0}' is no moment: RFC 3339 in UTC is expected, such as 2026-11-21T19:00:00Z", "“{0}”不是时间：应为 UTC 的 RFC 3339 格式，例如 2026-11-21T19:00:00Z";
}
