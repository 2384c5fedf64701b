/**
 * Files of a day as tables: text, an optional head, columns by their names, rows.
 *
 * @typedef {'transactions' | 'settlement' | 'website' | 'batches' | 'download'} Layout
 * @typedef {{ line: number, cells: string[] }} Row
 * @typedef {{ partner: string, day: string, count: string }} Head
 * @typedef {{ head: Head | null, columns: string[], rows: Row[] }} Table
 */

/** The documented columns of each layout, in their order. @type {Record<Layout, string[]>} */
const COLUMNS = {
  transactions: words(`partner_transaction_id transaction_id transaction_amount charge_amount
    currency payment_time transaction_type remark secondary_merchant_industry
    secondary_merchant_name operator_name order_scene trans_currency trans_amount
    trans_forex_rate`),
  settlement: words(`partner_transaction_id transaction_id amount rmb_amount fee settlement
    rmb_settlement currency rate payment_time settlement_time type status remarks
    secondary_merchant_industry secondary_merchant_name operator_name order_scene trans_currency
    trans_amount trans_forex_rate`),
  website: words(`partner_transaction_id transaction_id amount rmb_amount fee distribute_amount
    distribute_rmb_amount settlement rmb_settlement currency rate payment_time settlement_time
    type status remarks`),
  batches: words('settle_batch_no settle_date amount fee settlement currency'),
  download: words(`partner_transaction_id amount currency payment_time settlement_time type
    service_charge status remarks`),
};

/** @param {string} text */
function words(text) {
  return text.split(/\s+/);
}

/** The text of a file: UTF-8, with a mark before it or without, or else GBK; null for neither. */
export function decodeFile(bytes) {
  for (const charset of ['utf-8', 'gbk']) {
    try {
      return new TextDecoder(charset, { fatal: true }).decode(bytes);
    } catch {
      // The other one may read it.
    }
  }
  return null;
}

/** @param {string} line @returns {Head} */
function readHead(line) {
  const parts = line.split('|').map((part) => part.trim());
  const part = (name) => {
    const found = parts.find((text) => text.startsWith(name));
    return found === undefined ? '' : found.slice(name.length).trim();
  };
  return { partner: part('Partner:'), day: part('Payment_time:'), count: part('Total_count:') };
}

/** The values of a line. Files called csv have been seen with strokes as well. */
function split(line) {
  return line.split(line.includes('|') ? '|' : ',').map((cell) => cell.trim());
}

/**
 * Takes a text apart. A line that names the columns counts for what it says; without one they are
 * the documented ones. Blank lines are none.
 *
 * @param {string} text
 * @param {Layout} layout
 * @returns {Table}
 */
export function readTable(text, layout) {
  const documented = COLUMNS[layout];
  /** @type {Table} */
  const table = { head: null, columns: documented, rows: [] };
  text.split('\n').forEach((raw, index) => {
    const line = raw.replace(/\r+$/, '');
    if (line.trim() === '') return;
    if (table.rows.length === 0 && line.startsWith('Partner:')) {
      table.head = readHead(line);
      return;
    }
    const cells = split(line);
    if (table.rows.length === 0 && cells[0].toLowerCase() === documented[0]) {
      table.columns = cells.map((cell) => cell.toLowerCase());
      return;
    }
    table.rows.push({ line: index + 1, cells });
  });
  return table;
}

/**
 * What a row says in the first column that goes by one of these names; empty where there is none.
 *
 * @param {Table} table
 * @param {Row} row
 * @param {string[]} names
 */
export function cellOf(table, row, ...names) {
  const place = table.columns.findIndex((column) => names.includes(column));
  return row.cells[place] ?? '';
}
