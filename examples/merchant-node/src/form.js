/** Forms: what calls and notifications are made of. This shop writes and reads UTF-8 alone. */

/** Why bytes are no form. */
export class FormFault extends Error {}

/** @param {string} text */
function escape(text) {
  const rest = /[!'()~]/g;
  const escaped = encodeURIComponent(text).replace(rest, (sign) => {
    return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
  });
  return escaped.replaceAll('%20', '+');
}

/**
 * Writes names and values as `application/x-www-form-urlencoded`.
 *
 * @param {Iterable<[string, string]>} pairs
 */
export function writeForm(pairs) {
  return Array.from(pairs, ([name, value]) => `${escape(name)}=${escape(value)}`).join('&');
}

/** One escaped value, as a form has it. @param {string} value */
export function escaped(value) {
  return escape(value);
}

/** @param {string} raw One character for each byte. */
function unescape(raw) {
  if (/%(?![0-9a-fA-F]{2})/.test(raw)) throw new FormFault('a percent sign without two digits');
  const bytes = raw
    .replaceAll('+', ' ')
    .replace(/%(..)/g, (_, digits) => String.fromCharCode(parseInt(digits, 16)));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Buffer.from(bytes, 'latin1'),
    );
  } catch {
    throw new FormFault('bytes that are no UTF-8');
  }
}

/**
 * Reads a form. A name that comes twice is refused: two readers could see two messages.
 *
 * @param {Buffer | string} bytes
 * @returns {Map<string, string>}
 */
export function readForm(bytes) {
  const text = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes;
  const form = new Map();
  for (const piece of text.toString('latin1').split('&')) {
    if (piece === '') continue;
    const at = piece.includes('=') ? piece.indexOf('=') : piece.length;
    const [name, value] = [unescape(piece.slice(0, at)), unescape(piece.slice(at + 1))];
    if (name === '') throw new FormFault('a value without a name');
    if (form.has(name)) throw new FormFault(`the parameter ${name} comes twice`);
    form.set(name, value);
  }
  const charset = form.get('_input_charset');
  if (charset !== undefined && charset.toUpperCase() !== 'UTF-8') {
    throw new FormFault(`the charset ${charset}, which this shop does not read`);
  }
  return form;
}
