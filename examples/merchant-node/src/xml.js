/** A strict reader of the small XML that the gateway answers with. */

/** Why a text is no answer. */
export class XmlFault extends Error {}

/**
 * An element: its texts, or the elements in it, never both.
 *
 * @typedef {{ name: string, text: string, children: Element[] }} Element
 */

/** Elements within elements: an answer has four. */
const DEEPEST = 8;
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
const ATTRIBUTES = /^(\s+[A-Za-z_][A-Za-z0-9_.-]*\s*=\s*("[^"<&]*"|'[^'<&]*'))*\s*$/;
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const NO_CHARACTER = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u;

/** Cuts white space as the clients do. @param {string} text */
export function trimmed(text) {
  return text.replace(/^[\u0000-\u0020]+|[\u0000-\u0020]+$/g, '');
}

/**
 * Decodes bytes by their XML declaration, UTF-8 where it names no charset.
 *
 * @param {Uint8Array} bytes
 */
export function decode(bytes) {
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const named = /^(?:\u00EF\u00BB\u00BF)?<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)["']/.exec(head);
  const charset = (named?.[1] ?? 'utf-8').toLowerCase();
  if (!['utf-8', 'gbk', 'gb2312'].includes(charset)) {
    throw new XmlFault(`the charset ${charset}`);
  }
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    throw new XmlFault(`bytes that are no ${charset}`);
  }
}

/** @param {string} raw */
function resolved(raw) {
  const text = raw.replace(/\r\n?/g, '\n').replace(/&([^;&\s]*);?/g, (all, name) => {
    if (!all.endsWith(';')) throw new XmlFault('an ampersand that begins no entity');
    const [, hex, digits] = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name) ?? [];
    const point = hex === undefined ? Number(digits) : parseInt(hex, 16);
    if (point <= 0x10ffff) return String.fromCodePoint(point);
    if (!Object.hasOwn(ENTITIES, name)) throw new XmlFault(`the entity ${name}`);
    return ENTITIES[name];
  });
  if (NO_CHARACTER.test(text)) throw new XmlFault('a character that XML does not have');
  return text;
}

/** Walks through a text from tag to tag. */
class Reader {
  /** @type {Element[]} */
  #open = [];
  /** @type {Element | null} */
  #root = null;
  #at = 0;

  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }

  read() {
    const declaration = /^<\?xml\s[^?]*\?>/.exec(this.text);
    this.#at = declaration?.[0].length ?? 0;
    while (this.#at < this.text.length) {
      const next = this.text.indexOf('<', this.#at);
      const end = next < 0 ? this.text.length : next;
      this.#take(resolved(this.text.slice(this.#at, end)));
      this.#at = end;
      if (next >= 0) this.#markup();
    }
    if (this.#open.length > 0) throw new XmlFault('an element that is not closed');
    if (this.#root === null) throw new XmlFault('no element');
    return this.#root;
  }

  /** The text up to an end mark, behind which the reader stands then. @param {string} mark */
  #upTo(mark) {
    const end = this.text.indexOf(mark, this.#at);
    if (end < 0) throw new XmlFault(`no ${mark}`);
    const inside = this.text.slice(this.#at, end);
    this.#at = end + mark.length;
    return inside;
  }

  #markup() {
    const rest = this.text.startsWith.bind(this.text);
    if (rest('<!--', this.#at)) {
      this.#at += 4;
      this.#upTo('-->');
    } else if (rest('<![CDATA[', this.#at)) {
      this.#at += 9;
      const inside = this.#upTo(']]>').replace(/\r\n?/g, '\n');
      if (NO_CHARACTER.test(inside)) throw new XmlFault('a character that XML does not have');
      if (this.#open.length === 0) throw new XmlFault('text outside of the root');
      this.#take(inside);
    } else if (rest('<!', this.#at) || rest('<?', this.#at)) {
      throw new XmlFault('a document type or an instruction, which no answer needs');
    } else if (rest('</', this.#at)) {
      this.#at += 2;
      this.#close(this.#upTo('>').trimEnd());
    } else {
      this.#at += 1;
      this.#begin(this.#upTo('>'));
    }
  }

  /** @param {string} tag */
  #begin(tag) {
    const empty = tag.endsWith('/');
    const inside = empty ? tag.slice(0, -1) : tag;
    const [name] = /^\S*/.exec(inside);
    if (!NAME.test(name)) throw new XmlFault(`the element ${name}`);
    if (!ATTRIBUTES.test(inside.slice(name.length))) throw new XmlFault(`attributes of ${name}`);
    if (this.#open.length === 0 && this.#root !== null) throw new XmlFault('a second root');
    if (this.#open.length === DEEPEST) throw new XmlFault('elements nested too deep');
    this.#open.push({ name, text: '', children: [] });
    if (empty) this.#close(name);
  }

  /** @param {string} name */
  #close(name) {
    const element = this.#open.pop();
    if (element?.name !== name) throw new XmlFault(`the end of ${name}, which is not open`);
    element.text = trimmed(element.text);
    if (element.text !== '' && element.children.length > 0) {
      throw new XmlFault(`text between the elements of ${name}`);
    }
    const parent = this.#open.at(-1);
    if (parent) parent.children.push(element);
    else this.#root = element;
  }

  /** @param {string} text */
  #take(text) {
    const element = this.#open.at(-1);
    if (element) element.text += text;
    else if (trimmed(text) !== '') throw new XmlFault('text outside of the root');
  }
}

/**
 * Reads a text with one root.
 *
 * @param {string} text
 * @returns {Element}
 */
export function readXml(text) {
  return new Reader(text).read();
}

/**
 * The texts of the elements in an element, by their names; none may come twice or hold elements.
 *
 * @param {Element} element
 * @returns {Map<string, string>}
 */
export function textsOf(element) {
  const texts = new Map();
  for (const child of element.children) {
    if (texts.has(child.name)) throw new XmlFault(`${child.name} comes twice`);
    if (child.children.length > 0) throw new XmlFault(`elements in ${child.name}`);
    texts.set(child.name, child.text);
  }
  return texts;
}
