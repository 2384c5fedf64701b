//! TLS at the doors of the witness: the authority of a profile, and what to do with it.

use super::sentences;

sentences! {
    CA_FINGERPRINT: "fingerprint of the certificate", "证书指纹";
    CA_NEXT_PROFILE: "In the profile, with paths that are relative to it:", "在配置中写入（路径相对于配置文件）：";
    CA_NEXT_TRUST: "Let the system under test trust {0}, in its trust store or for its calls to the gateway alone, and call https:// at the address of the witness.",
        "请让被测系统信任 {0}（加入其信任库，或仅用于调用网关），并以 https:// 调用见证器的地址。";
    CA_NEXT_AFTER: "Whoever has {0} can pass for any server towards those who trust it: keep it to yourself, and withdraw the trust after the tests.",
        "持有 {0} 的人可以向信任该证书的程序冒充任何服务器：请妥善保管，测试结束后撤销信任。";

    TLS_KEY_FORM: "this is no private key of a local authority, one in PEM was expected", "这不是本地证书机构的私钥，应为 PEM 格式的私钥";
    TLS_CERTIFICATE_FORM: "this is no certificate, one in PEM was expected", "这不是证书，应为 PEM 格式的证书";
    TLS_NOT_AUTHORITY: "this is no certificate of a local authority", "这不是本地证书机构的证书";
    TLS_FOREIGN: "key and certificate do not belong together", "私钥与证书不配套";
    TLS_NOT_NOW: "this certificate of a local authority does not hold at this moment", "该本地证书机构的证书当前不在有效期内";
    TLS_NAMELESS: "a certificate has to name a host, but there is none", "证书须包含主机名，但此处没有";
    TLS_NAME_FORM: "a host name or an IP address was expected, this is {0}", "应为主机名或 IP 地址，此处为 {0}";
    TLS_MOMENT: "no certificate can be made at this moment", "当前时刻无法生成证书";
    TLS_FAILED: "the certificate could not be made", "无法生成证书";
    TLS_AUTHORITY_DO: "make a new pair, `assay keys ca --out keys/ca`, and let the system under test trust its certificate",
        "请用 `assay keys ca --out keys/ca` 重新生成一对，并让被测系统信任其证书";
    TLS_FILE_DO: "paths are relative to the profile; `assay keys ca --out keys/ca` makes both files",
        "路径相对于配置文件；可用 `assay keys ca --out keys/ca` 生成这两个文件";
    TLS_FOREIGN_DO: "name the key and the certificate that `assay keys ca` wrote together", "请填写 `assay keys ca` 同时写出的私钥与证书";
    TLS_NAMES_DO: "write names or addresses without port or path, such as `names: [witness.test, 10.0.0.7]`",
        "请写不含端口和路径的名称或地址，例如 `names: [witness.test, 10.0.0.7]`";
    GATEWAY_NO_TLS: "the gateway at {0} cannot be spoken to under TLS: {1}", "无法以 TLS 与网关 {0} 通信：{1}";
    GATEWAY_NO_TLS_DO: "correct gateway.url, whose host has to stand in the gateway's certificate; where a private authority issued that, name the authority's certificate in gateway.ca", "请更正 gateway.url，其主机名须与网关证书一致；若证书由私有机构签发，请在 gateway.ca 中填写该机构的证书";
    CA_PLAIN: "gateway.ca is of use where gateway.url begins with https:// alone", "仅当 gateway.url 以 https:// 开头时才使用 gateway.ca";
    CA_DO: "name a file with certificates in PEM, or take `ca` out: then the public authorities are believed", "请填写 PEM 证书文件，或删去 `ca`，此时信任公共证书机构";
    TLS_PLAIN_GATEWAY: "a gateway that speaks plain HTTP brings no notifications to a door under TLS",
        "使用明文 HTTP 的网关无法把通知送到 TLS 入口";
    TLS_PLAIN_GATEWAY_DO: "test against the embedded gateway, or take `tls` out", "请使用内置网关测试，或删去 `tls`";

    PROVE_TLS: "the witness can speak TLS under its names", "见证器可以其各名称使用 TLS";
    WITNESS_STANDS_TLS: "the witness takes the merchant's calls at {0} and the gateway's notices at {1}, for who trusts {2}",
        "见证器在 {0} 接收商户的调用，在 {1} 接收网关的通知，调用方须信任 {2}";
    WITNESS_NO_TLS: "the witness cannot speak TLS: {0}", "见证器无法使用 TLS：{0}";
    PROOF_OTHER_CALL: "the merchant took a sale, and no call came to the witness at {0}; what came instead: {1}",
        "商户接受了一笔销售，但见证器在 {0} 没有收到调用，而是：{1}";
    PROOF_TLS_DO: "let the merchant's gateway URL be {0}, and let its client trust {1}; a host name that it uses has to stand in `witness.tls.names`",
        "请把商户的网关地址设为 {0}，并让其客户端信任 {1}；所用的主机名须列入 `witness.tls.names`";
    PROOF_PLAIN_DO: "let the merchant's gateway URL be {0}; for https give the witness an authority, `witness.tls` in the profile, which `assay keys ca` makes",
        "请把商户的网关地址设为 {0}；如需 https，请用 `assay keys ca` 生成证书机构并写入配置的 `witness.tls`";
}
