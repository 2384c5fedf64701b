/**
 * Mistakes that real integrations make. Each can be switched on with `--defect NAME`; the case is
 * one of those that should notice it.
 *
 * @type {Record<string, { does: string, case: string }>}
 */
export const KNOWN = {
  'signs-unsorted': {
    does: 'signs the parameters in the order in which they are sent',
    case: 'LEG-PAY-001',
  },
  'signs-encoded': {
    does: 'signs percent-encoded values',
    case: 'LEG-PAY-031',
  },
  'float-amount': {
    does: 'cuts 4.35 to 4.34 by way of binary fractions',
    case: 'LEG-PAY-031',
  },
  'forgets-store': {
    does: 'names no store in payments',
    case: 'LEG-PAY-001',
  },
  'forgets-secondary-merchant': {
    does: 'names no secondary merchant in payments',
    case: 'LEG-PAY-001',
  },
  'cuts-code': {
    does: "keeps 18 digits of the buyer's code",
    case: 'LEG-PAY-002',
  },
  'unknown-is-paid': {
    does: 'shows paid when the answer to a payment is UNKNOW',
    case: 'LEG-PAY-003',
  },
  'query-ok-is-paid': {
    does: "takes a query's result_code SUCCESS for a payment",
    case: 'LEG-PAY-003',
  },
  'polls-hard': {
    does: 'asks every 100 ms',
    case: 'LEG-PAY-003',
  },
  'never-cancels': {
    does: 'gives an unpaid order up without cancelling it',
    case: 'LEG-PAY-004',
  },
  'system-error-is-failed': {
    does: 'takes SYSTEM_ERROR for a refusal of the payment',
    case: 'LEG-PAY-005',
  },
  'silence-is-failed': {
    does: 'takes a payment without an answer for refused',
    case: 'LEG-PAY-006',
  },
  'new-number-after-timeout': {
    does: 'pays again under a new number when the answer does not come',
    case: 'LEG-PAY-006',
  },
  'reuses-number': {
    does: "charges the buyer's next code under the number of the attempt that is over",
    case: 'LEG-PAY-015',
  },
  'number-per-press': {
    does: 'begins another payment each time the key is pressed',
    case: 'LEG-PAY-022',
  },
  'believes-any-answer': {
    does: 'does not verify answers',
    case: 'LEG-PAY-052',
  },
  'code-is-paid': {
    does: 'takes the SUCCESS of precreate for a payment',
    case: 'LEG-PAY-071',
  },
  'utc-timestamp': {
    does: 'writes timestamps in UTC',
    case: 'LEG-PAY-071',
  },
  'waits-for-notice': {
    does: 'never asks and relies on notifications',
    case: 'LEG-PAY-073',
  },
  'redirect-is-paid': {
    does: 'books the order when the browser leaves for the cashier',
    case: 'LEG-PAY-081',
  },
  'trusts-return': {
    does: 'does not verify what the browser brings back',
    case: 'LEG-PAY-083',
  },
  'acknowledges-in-json': {
    does: 'answers notifications with JSON in place of the word success',
    case: 'LEG-PAY-091',
  },
  'acknowledges-with-bom': {
    does: 'puts a byte-order mark before the word success',
    case: 'LEG-PAY-091',
  },
  'believes-any-notice': {
    does: 'does not verify notifications',
    case: 'LEG-PAY-092',
  },
  'ignores-notified-amount': {
    does: 'does not compare the notified amount with the order',
    case: 'LEG-PAY-094',
  },
  'books-copies': {
    does: 'books each copy of a notification',
    case: 'LEG-PAY-095',
  },
  'refund-result-unread': {
    does: "takes is_success=T for the refund's success",
    case: 'LEG-RFC-003',
  },
  'refund-number-per-press': {
    does: 'refunds again each time the key is pressed for one slip',
    case: 'LEG-RFC-004',
  },
  'refund-number-per-try': {
    does: 'repeats a refund without an answer under a new number',
    case: 'LEG-RFC-005',
  },
  'refunds-after-cancel': {
    does: 'refunds what the cancel has given back already',
    case: 'LEG-RFC-011',
  },
  'silence-is-cancelled': {
    does: 'takes a cancel without an answer for done',
    case: 'LEG-RFC-015',
  },
  'file-until-today': {
    does: 'asks for files until today',
    case: 'LEG-REC-001',
  },
  'adds-refunds': {
    does: 'adds refunds to what is paid out',
    case: 'LEG-REC-012',
  },
  'no-arithmetic': {
    does: 'does not work out what is paid out for a row',
    case: 'LEG-REC-012',
  },
  'file-error-as-empty': {
    does: 'takes each sentence in the place of a file for nothing to report',
    case: 'LEG-REC-003',
  },
  'file-nothing-is-error': {
    does: 'takes the sentence that there is nothing to report for an error',
    case: 'LEG-REC-003',
  },
  'ignores-count': {
    does: 'does not count the rows of a file',
    case: 'LEG-REC-013',
  },
  'reads-files-only': {
    does: 'does not look for what files lack',
    case: 'LEG-REC-021',
  },
  'overlooks-cents': {
    does: 'overlooks a difference of 0.01',
    case: 'LEG-REC-022',
  },
  'absent-is-empty': {
    does: 'takes a file that is not there for one without rows',
    case: 'LEG-REC-032',
  },
  'accepted-is-approved': {
    does: 'takes the SUCCESS of a registration for approval',
    case: 'LEG-MER-001',
  },
  'sells-unapproved': {
    does: 'sells for a secondary merchant that is not approved',
    case: 'LEG-MER-031',
  },
};

/** The mistakes that are switched on. */
export class Defects {
  /** @param {string[]} names */
  constructor(names = []) {
    for (const name of names) {
      if (!Object.hasOwn(KNOWN, name)) {
        throw new Error(`no defect '${name}'; --list-defects has them`);
      }
    }
    this.names = new Set(names);
  }

  /** @param {keyof typeof KNOWN} name */
  has(name) {
    if (!Object.hasOwn(KNOWN, name)) throw new Error(`no defect '${name}'`);
    return this.names.has(name);
  }
}

/** All mistakes, a line for each. */
export function listOfDefects() {
  const lines = Object.entries(KNOWN).map(([name, { does, case: noticed }]) => {
    return `${name.padEnd(28)}${noticed.padEnd(13)}${does}`;
  });
  return `${lines.join('\n')}\n`;
}
