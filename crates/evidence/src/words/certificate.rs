//! The reviewer's certificate: the command that writes it, its page, and why one does not hold.

use super::sentences;

sentences! {
    HELP_CERTIFY: "Verify the bundle of an acceptable submission, and certify it", "验证可接受的正式提交报告包，并签发证书";
    HELP_CERTIFY_BUNDLE: "The bundle", "报告包";
    HELP_CERTIFY_TRUST: "The public key that you trust to seal them, from your own store", "您信任其封签的公钥，须来自您自己的存储";
    HELP_CERTIFY_GATEWAY_KEY: "Public keys of gateways, from your own store; the embedded sandbox's is known", "网关公钥，须来自您自己的存储；内置沙箱的公钥已知";
    HELP_CERTIFY_GATEWAY_LOG: "What the gateway's log has of its messages, in lines of JSON: it proves those in which a buyer's data was replaced", "网关日志中的报文，每行一个 JSON：用于证明被替换了买家数据的报文";
    HELP_CERTIFY_MD5_KEY: "The key that merchant and gateway share for MD5, from your own store", "商户与网关共用的 MD5 密钥，须来自您自己的存储";
    HELP_CERTIFY_KEY: "Your own private key, which signs the certificate", "您自己的私钥，用于签署证书";
    HELP_CERTIFY_REVIEWER: "Your name, as it shall stand on the certificate", "您的姓名，将写在证书上";
    HELP_CERTIFY_OUT: "The folder that the certificate and its page are written to", "写入证书及其页面的目录";
    HELP_VERIFY_CERTIFICATE: "A reviewer's certificate, which has to be about this bundle", "评审人的证书，须针对此报告包";
    HELP_VERIFY_CERTIFIER: "The public key of the reviewer, from your own store", "评审人的公钥，须来自您自己的存储";

    CERTIFY_NAME: "a reviewer's name has 1 to 200 characters on one line", "评审人姓名须为单行 1 至 200 个字符";
    CERTIFY_NAME_DO: "say who you are with --reviewer", "请用 --reviewer 说明您的身份";
    CERTIFY_NOT: "not certified: only an acceptable submission is, which is a run of the integrator's own merchant on a gateway that is not assay's", "未签发证书：只有可接受的正式提交才予签发，即接入方自有商户在非 assay 网关上的运行";
    CERTIFY_OTHERS: "the key is one of those in the bundle, or one that everybody has: nobody certifies what they sealed", "该密钥出现在报告包中，或人人皆有：任何人都不能为自己封签的内容签发证书";
    CERTIFY_OTHERS_DO: "make a key of your own of 2048, 3072 or 4096 bits with `assay keys new`", "请用 `assay keys new` 生成您自己的 2048、3072 或 4096 位密钥";
    CERTIFY_TAKEN_DO: "choose another folder with --out: a certificate is never written over", "请用 --out 指定其他目录：证书不会被覆盖";
    CERTIFY_VERIFY_WITH: "anybody verifies both with: assay verify {0} --certificate {1}, and the keys from their own store", "任何人都可用自有存储中的密钥同时验证两者：assay verify {0} --certificate {1}";
    VERIFY_NAMES_CHALLENGE: "it names the challenge that the run answers, with the nonce {0}", "其中写明运行所应答的挑战，随机数为 {0}";
    VERIFY_CERTIFIED: "certified by {0} on {1} under key {2}; the certificate has the fingerprint {3}", "由 {0} 于 {1} 用密钥 {2} 签发证书；证书指纹为 {3}";
    CERTIFICATE_ONE: "a certificate is about one bundle", "一份证书只针对一个报告包";
    CERTIFICATE_ONE_DO: "name the bundle that it is about, and no other", "请只指定该证书所针对的报告包";
    CERTIFICATE_FORM: "it is no certificate as assay writes it", "不是 assay 所写的证书";
    CERTIFICATE_OTHER: "it is about another bundle", "它针对的是另一个报告包";
    CERTIFICATE_TALE: "it says something else of the bundle than the bundle does", "它对报告包的描述与报告包内容不同";
    CERTIFICATE_NEVER: "it is about a bundle that is no acceptable submission", "它所针对的报告包不是可接受的正式提交";
    PART_CERTIFICATE: "certificate", "证书";
    EXPECT_CERTIFICATE: "the certificate of this bundle, signed by the key given with --certifier", "此报告包的证书，由 --certifier 所给密钥签署";

    CERT_TITLE: "Certificate of acceptance", "验收证书";
    CERT_SAYS: "The reviewer named below verified the bundle named below with assay: its seal holds, every signature of the gateway was checked, every verdict was judged again from the record, and all mandatory cases for the declared products passed.", "下列评审人已用 assay 验证下列报告包：封签有效，网关的每个签名均已核验，每个结果均已根据记录重新判定，所声明产品的全部必测用例均已通过。";
    CERT_INTEGRATOR: "Integrator", "接入方";
    CERT_MERCHANT: "Merchant and products", "商户与产品";
    CERT_GATEWAY: "Gateway and its key", "网关及其密钥";
    CERT_SUITE: "Suite", "测试集";
    CERT_PASSED: "Mandatory cases passed", "通过的必测用例";
    CERT_RUN: "Run", "运行编号";
    CERT_CHALLENGE: "Nonce of the reviewer's challenge that the run answers", "运行所应答的评审人挑战的随机数";
    CERT_BUNDLE: "SHA-256 of the bundle", "报告包的 SHA-256";
    CERT_REVIEWER: "Reviewer", "评审人";
    CERT_KEY: "Reviewer's key", "评审人密钥";
    CERT_DATE: "Verified at", "验证时间";
    CERT_FINGERPRINT: "Fingerprint of the certificate", "证书指纹";
    CERT_CHECK: "This page is a copy for people. What counts is the file certificate.dsse.json, whose SHA-256 the code holds: assay verify checks it together with the bundle, under the reviewer's key from your own store, and tells the same fingerprint.", "本页仅供阅读。有效的是文件 certificate.dsse.json，二维码内容为其 SHA-256：assay verify 用您自有存储中的评审人公钥与报告包一并验证，并给出相同的指纹。";
}
