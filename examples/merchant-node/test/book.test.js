import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Book } from '../src/book.js';
import { endSlip, hearOfSlip, writeSlip } from '../src/slips.js';

const PRICE = { currency: 'USD', minor: 1231 };
const WISH = { slip: 's-1', amount: { currency: 'USD', minor: 600 }, reason: 'cold' };

function begun() {
  const book = new Book();
  const attempt = book.begin('T-1', 'barcode', PRICE);
  return { book, attempt, order: attempt.order };
}

test("the order's id is the head of its numbers, and each attempt has one of its own", () => {
  const { book, attempt, order } = begun();
  assert.equal(attempt.number, 'T-1-p1');
  attempt.end('failed', 'refused');
  const next = book.begin('T-1', 'barcode', { currency: 'USD', minor: 2000 });
  assert.equal(next.number, 'T-1-p2');
  assert.equal(book.attempt('T-1-p1'), attempt);
  assert.ok(!attempt.isOpen && next.isOpen);
  attempt.paid();
  assert.equal(order.till, 'waiting');
  next.paid();
  assert.deepEqual(order.view().paid, { currency: 'USD', minor: 2000 });
});

test('money is booked once, whoever tells of it and however often', () => {
  const { attempt, order } = begun();
  attempt.paid();
  attempt.paid();
  attempt.end('failed', 'too late');
  const view = order.view();
  assert.equal(view.till, 'paid');
  assert.equal(view.back_office, 'paid');
  assert.deepEqual(view.bookings, [{ amount: PRICE }]);
  assert.equal(view.refunded, null);
  assert.equal(view.shown, null);
});

test('an order that nothing was sent about is cancelled without a word', () => {
  const { book, order } = begun();
  assert.equal(book.beginCancel(order), null);
  assert.equal(order.till, 'cancelled');
  assert.equal(book.beginCancel(order), null);
});

test('while a cancel is under way its answer alone decides', () => {
  for (const [news, told, end] of [
    ['paid', 'cancelled', 'cancelled'],
    ['paid', 'failed', 'for-staff'],
    ['paid', 'for-staff', 'for-staff'],
    ['failed', 'for-staff', 'failed'],
    ['failed', 'cancelled', 'cancelled'],
    [null, 'for-staff', 'for-staff'],
  ]) {
    const { book, attempt, order } = begun();
    attempt.sending();
    assert.equal(book.beginCancel(order), attempt);
    assert.equal(book.beginCancel(order), null);
    if (news === 'paid') attempt.paid();
    if (news === 'failed') attempt.end('failed', '');
    assert.equal(order.till, 'waiting');
    order.endCancel(attempt, told, '');
    assert.equal(order.till, end, `${news} then ${told}`);
    assert.equal(order.view().alarm, end === 'for-staff');
    assert.deepEqual(order.bookings, []);
  }
});

test('a trade that the gateway closed while it was cancelled gave back what was paid', () => {
  const { book, attempt, order } = begun();
  attempt.sending();
  attempt.paid();
  book.beginCancel(order);
  attempt.closed();
  order.endCancel(attempt, 'for-staff', 'no answer');
  assert.equal(order.till, 'cancelled');
  assert.deepEqual(order.view().refunded, PRICE);
});

test('one slip is one refund, and only of what is paid', () => {
  const { attempt, order } = begun();
  assert.equal(writeSlip(order, WISH, 0).state, 'refused');
  attempt.paid();
  const slip = writeSlip(order, { ...WISH, slip: 's-2' }, 0);
  assert.equal(slip.number, 'T-1-r2');
  assert.notEqual(slip.number, attempt.number);
  assert.equal(writeSlip(order, { ...WISH, slip: 's-2' }, 0), null);
  assert.equal(order.view().refunded, null);
  assert.equal(hearOfSlip(slip, { currency: 'USD', minor: 1 }, 'refunded'), false);
  assert.equal(hearOfSlip(slip, WISH.amount, 'refunded'), true);
  endSlip(slip, 'for-staff', 'too late');
  assert.deepEqual(order.view().refunded, WISH.amount);
  assert.equal(order.view().alarm, false);
  assert.equal(hearOfSlip(undefined, WISH.amount, 'refunded'), false);
});

test('a refund that nobody knows the end of calls a person', () => {
  const { attempt, order } = begun();
  attempt.paid();
  endSlip(writeSlip(order, WISH, 0), 'for-staff', 'no answer');
  const { alarm, refunds, till } = order.view();
  assert.deepEqual([alarm, till], [true, 'paid']);
  assert.deepEqual(refunds, [{ slip: 's-1', amount: WISH.amount, state: 'for-staff' }]);
});
