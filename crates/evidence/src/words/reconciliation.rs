//! What checks of report files and their reconciliation expect and find, and how a report names it.

use super::sentences;

sentences! {
    REPORT_THERE: "the gateway writes {0} for {1}", "网关为 {1} 生成 {0}";
    REPORT_MISSING: "no {0} for {1}", "{1} 没有 {0}";
    REPORT_FORM: "{0}: the documented columns in order, readable rows, the end mark at last", "{0}：列名与顺序符合文档，各行可读，末行为结束标记";
    REPORT_FORM_OFF: "{0}: {1}", "{0}：{1}";
    REPORT_HEADER_OFF: "{0} begins with {1}", "{0} 的首行为 {1}";
    REPORT_END_OFF: "{0} ends with {1}", "{0} 的末行为 {1}";
    REPORT_EMPTY: "{0} has no rows", "{0} 没有数据行";
    REPORT_ROWS: "{0} has {1} rows", "{0} 有 {1} 行";
    REPORT_NUMBERS: "files numbered {0}", "文件序号为 {0}";
    REPORT_ROW_COUNT: "{1} of {0} on {2}: {3}", "{2} 的 {0} 的 {1}：{3}";
    REPORT_ROW_NONE: "no row for {0}, which did not succeed that day", "{0} 当日未成功，不应有数据行";
    REPORT_ROW_SOME: "{1} row for {0}", "{0} 有 {1} 行";
    REPORT_VALUES: "{0}: {1}", "{0}：{1}";
    REPORT_TIME: "{0}: a time with offset, in {1}", "{0}：带时区的时间，且在 {1} 当日";
    REPORT_SUMS: "{0}: {1} transactions, {2}", "{0}：{1} 笔，{2}";
    REPORT_BATCH: "the batch of the file's name: {0}", "文件名中的批次：{0}";
    REPORT_BATCH_IS: "batch {0}", "批次 {0}";
    REPORT_UNALTERED: "nothing in the gateway's files could be altered so that the report {0}", "网关文件中没有可供改动之处，无法得到所需的报表：{0}";
    NOTE_CANCEL_ROW: "{0} was cancelled and has rows of its own", "{0} 已撤销，仍有数据行";
    RECONCILED: "{0} of {1}: {2:RECONCILIATION}, {3} differences, {4} rows agree", "{1} 的 {0}：{2:RECONCILIATION}，{3} 处差异，{4} 行一致";
    RECONCILED_NOT: "the merchant tells nothing about {0} of {1}", "商户未给出 {1} 的 {0} 的对账结果";
    VERDICT_NOT_BEFORE: "no verdict on {0} of {1} before its files are whole", "{1} 的 {0} 的文件完整之前不得下结论";
    VERDICT_WITHIN: "{0} of {1} fetched again until whole, and a verdict within 3 days from then", "反复获取 {1} 的 {0} 直至完整，并在其后 3 天内得出结论";
    REPORT_PATH: "the file lies at {0}", "文件位于 {0}";
    REPORT_PATH_IS: "it lies at {0}", "实际位于 {0}";
    RECONCILED_FILES: "read: {0}", "已读取：{0}";
    RECONCILED_WITHOUT: "no difference about anything but {0}", "除 {0} 外没有差异";
    DIFFERENCES_ARE: "differences: {0}", "差异：{0}";
    PAYOUT_IS: "to be received at the bank: {0}", "银行应收：{0}";
    WITNESS_RECONCILIATION: "{0} of {1}: {2} · {3} differences · {4} rows agree", "{1} 的 {0}：{2} · {3} 处差异 · {4} 行一致";
    RECONCILIATION_WAITING: "waiting for the files", "等待文件";
    RECONCILIATION_CLEAN: "clean", "一致";
    RECONCILIATION_DIFFERENCES: "differences", "有差异";
    RECONCILIATION_INCOMPLETE: "incomplete", "文件不完整";
    RECONCILIATION_UNFETCHED: "not fetched", "未能获取文件";
}
