//! Why report files did not come, and what to do about it. The English of `FETCH_…` is that of
//! `crates/delivery`, which a test holds.

use super::sentences;

sentences! {
    FETCH_TROUBLE: "files cannot be fetched from {0}: {1}; {2}", "无法从{0}获取文件：{1}；{2}";
    SOURCE_FOLDER: "the folder", "目录";
    SOURCE_SERVER: "{0}", " {0} ";

    DOING_CONNECTING: "connecting", "连接";
    DOING_LOGGING_IN: "logging in", "登录";
    DOING_LISTING: "listing a directory", "列出目录";
    DOING_READING: "reading a file", "读取文件";
    DOING_DELIVERING: "delivering", "传输";

    FETCH_REFUSED: "{0} refuses the connection", "{0} 拒绝连接";
    FETCH_REFUSED_DO: "start the server, or correct its port", "请启动服务器，或更正端口";
    FETCH_UNREACHABLE: "{0} cannot be reached: {1}", "无法连接 {0}：{1}";
    FETCH_UNREACHABLE_DO: "correct its name, or open the way there", "请更正其名称，或打通网络";
    FETCH_HOST_KEY: "{0} shows the host key {1}, and the pinned one is {2}", "{0} 出示的主机密钥为 {1}，而固定的是 {2}";
    FETCH_HOST_KEY_DO: "pin the key that whoever runs the server tells you, or find out who answers in its place",
        "请固定服务器运营者告知的密钥，或查明是谁在冒充应答";
    FETCH_LOGIN: "{0} refuses the login of '{1}'", "{0} 拒绝“{1}”登录";
    FETCH_LOGIN_DO: "have this user let in with this key or password, or correct them",
        "请让服务器允许该用户以此密钥或密码登录，或更正它们";
    FETCH_STALLED: "{0} kept silent for too long while {1:DOING}", "{0} 在{1:DOING}时长时间没有应答";
    FETCH_DROPPED: "the connection to {0} broke while {1:DOING}", "与 {0} 的连接在{1:DOING}时中断";
    FETCH_BETWEEN_DO: "look into the log of the server and at what lies between, then try again",
        "请查看服务器日志和中间网络，然后重试";
    FETCH_NO_ROOT: "{0} shows no folder '{1}'", "{0} 上没有目录“{1}”";
    FETCH_NO_ROOT_DO: "name the path under which the server shows the folder that is delivered to",
        "请填写服务器上对应于写入目录的路径";
    FETCH_NO_FILE: "there is no {0}", "{0} 不存在";
    FETCH_NO_FILE_DO: "wait until it is delivered", "请等待文件送达";
    FETCH_DENIED: "{0} is not given out: {1}", "不予提供 {0}：{1}";
    FETCH_DENIED_DO: "let this user read what lies there", "请让该用户有权读取其中的内容";
    FETCH_PROTOCOL: "{0} does not follow the protocol while {1:DOING}: {2}", "{0} 在{1:DOING}时不遵守协议：{2}";
    FETCH_PROTOCOL_DO: "make sure that an SFTP server answers there", "请确认应答的是 SFTP 服务器";
    FETCH_ENDLESS: "{0} lists a directory without an end", "{0} 列出的目录没有尽头";
    FETCH_TOO_LARGE: "{0} is larger than {1} bytes", "{0} 超过 {1} 字节";
    FETCH_TOO_LARGE_DO: "find out what lies there: no reconciliation file is so large",
        "请查明其内容：对账文件不会如此之大";
    FETCH_LOCAL: "{0} cannot be kept on this machine: {1}", "无法在本机保存 {0}：{1}";
    FETCH_LOCAL_DO: "make room in the folder for temporary files", "请在临时文件目录中腾出空间";
}
