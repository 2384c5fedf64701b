//! Why bytes are no message, no form or no XML. The English is that of the rooms that read them,
//! which tests hold.

use super::sentences;

sentences! {
    UNREADABLE_CUT_OFF: "the connection ended inside a message", "连接在报文中途结束";
    UNREADABLE_HEAD: "the head is not HTTP/1.1: {0}", "报文头不是 HTTP/1.1：{0}";
    UNREADABLE_LONG: "the message is longer than {0} bytes", "报文超过 {0} 字节";
    UNREADABLE_BROKEN: "the connection broke: {0}", "连接中断：{0}";

    UNREADABLE_PLAIN_HERE: "plain HTTP came to a door where TLS is spoken: the address to use begins with https",
        "TLS 入口收到了明文 HTTP：应使用以 https 开头的地址";
    UNREADABLE_TLS_HERE: "TLS came to a door where plain HTTP is spoken: the address to use begins with http",
        "明文 HTTP 入口收到了 TLS：应使用以 http 开头的地址";
    UNREADABLE_REFUSED: "the caller refuses the certificate of the door (its alert: {0}): it has to trust the authority that issued it, and to use a name that stands in it",
        "调用方不接受入口的证书（其告警：{0}）：调用方须信任签发该证书的机构，并使用证书中列出的名称";
    UNREADABLE_UNSPOKEN: "the caller ended its TLS connection without a word, as one does that refuses the certificate of the door: it has to trust the authority that issued it, and to use a name that stands in it",
        "调用方建立 TLS 连接后未发送任何内容就断开，不接受入口证书的程序正是如此：调用方须信任签发该证书的机构，并使用证书中列出的名称";
    UNREADABLE_UNTRUSTED: "the certificate of the other side is not trusted: {0}", "对方的证书不受信任：{0}";
    UNREADABLE_HANDSHAKE: "the TLS handshake failed: {0}", "TLS 握手失败：{0}";
    DOOR_SPEAKS_TLS: "Plain HTTP came to a door where TLS is spoken. Write https in place of http in the address that calls go to, and let the caller trust the authority that issued the certificate of this door.",
        "这里是 TLS 入口，却收到了明文 HTTP。请将调用地址中的 http 改为 https，并让调用方信任签发此入口证书的机构。";

    TLS_NO_CERTIFICATE: "there is no certificate in it, one in PEM was expected", "其中没有证书，应为 PEM 格式的证书";
    TLS_NO_KEY: "there is no private key in it, one in PEM was expected", "其中没有私钥，应为 PEM 格式的私钥";
    TLS_UNUSABLE: "certificate and key cannot be used: {0}", "证书和私钥无法使用：{0}";

    BYTE_OF_QUERY: "byte {0} of the query", "查询串的第 {0} 字节";
    BYTE_OF_BODY: "byte {0} of the body", "报文体的第 {0} 字节";
    NO_CHARSET: "{0} is none of the charsets UTF-8, GBK and GB2312", "{0} 不是 UTF-8、GBK、GB2312 之一";
    NO_FORM_ESCAPE: "a percent sign at {0} is followed by no two hexadecimal digits",
        "{0}处的百分号后面不是两位十六进制数字";
    NO_FORM_TEXT: "{0} begins no character of {1}", "{0}起不是 {1} 的字符";
    NO_FORM_CHARSET: "at {0}, {1}", "{0}处：{1}";
    NO_FORM_REPEATED: "the parameter {0} comes a second time at {1}", "参数 {0} 在{1}处再次出现";
    NO_FORM_NAMELESS: "there is a value without a name at {0}", "{0}处的值没有名称";

    NO_XML_CHARSET: "the XML declaration is wrong: {0}", "XML 声明有误：{0}";
    NO_XML_TEXT: "the answer is not in the charset that it declares: byte {0} begins no character of {1}",
        "应答与其声明的字符集不符：第 {0} 字节起不是 {1} 的字符";
    NO_XML_PAGE: "the answer is an HTML page, XML was expected", "应答是 HTML 页面，应为 XML";
    NO_XML_EMPTY: "the answer holds no element, XML was expected", "应答中没有元素，应为 XML";
    NO_XML_DTD: "the answer has a document type definition, which no answer needs", "应答含有文档类型定义（DTD），任何应答都不需要";
    NO_XML_ENTITY: "the answer refers to the entity {0}, which is none of the five of XML",
        "应答引用了实体 {0}，它不属于 XML 的五个实体";
    NO_XML_TWO_ROOTS: "the answer has a second root element", "应答有第二个根元素";
    NO_XML_DEEP: "the answer's elements are nested more than eight deep", "应答的元素嵌套超过八层";
    NO_XML_MALFORMED: "the answer is no XML: {0}, at byte {1} of its text in UTF-8",
        "应答不是 XML：{0}，位于其 UTF-8 文本的第 {1} 字节";
    NO_XML_ROOT: "the root of the answer is {0}, alipay was expected", "应答的根元素是 {0}，应为 alipay";
    NO_XML_REPEATED: "the element or parameter {0} comes twice", "元素或参数 {0} 重复出现";
    NO_XML_NESTED: "the element {0} holds elements, a text was expected", "元素 {0} 中含有元素，应为文本";
    NO_XML_IS_SUCCESS: "is_success is {0}, T or F was expected", "is_success 为 {0}，应为 T 或 F";
    NO_XML_NO_ERROR: "is_success is F, but there is no error", "is_success 为 F，却没有 error";
    NO_XML_ECHO: "the echo of the call has something else than named parameters",
        "对调用的回显中有命名参数以外的内容";
    NO_XML_RESPONSE: "the response holds {0} elements, one was expected", "response 含有 {0} 个元素，应为一个";
    NO_XML_UNSIGNED: "there is a response, but no {0}", "有 response，却没有 {0}";
}
