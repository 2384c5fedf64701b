"""The mistakes that this shop can be told to make, as real integrations make them."""

DEFECTS = {
    "accepts-forged-notification": "No notification is verified.",
    "accepts-unsigned-notification": "A notification is verified only if it is signed.",
    "acks-forged-notification": "What does not verify is acknowledged and thrown away.",
    "reserialises-signed-json": "Signatures are verified over JSON that was parsed and written "
    "again.",
    "skips-answer-verification": "No answer of the gateway is verified.",
    "ignores-notified-amount": "The amount of a notification is not compared with the order.",
    "books-duplicate-twice": "Every copy of a notification is booked.",
    "late-notice-revives": "A notification makes a cancelled order paid again.",
    "legacy-ack": "A notification is acknowledged with the bare word success.",
    "paid-for-unknown": "An unknown result of pay, or silence, counts as a payment.",
    "failed-for-unknown": "An unknown result of pay, or silence, counts as a failure.",
    "inquiry-S-is-paid": "An inquiry that worked counts as a payment, whatever it says.",
    "new-id-after-timeout": "After one inquiry in vain the order is paid again under a new id.",
    "never-cancels": "When the inquiries are used up the order is dropped without a cancel.",
    "polls-every-100ms": "Inquiries follow each other ten times a second.",
    "waits-a-minute": "The answer to pay is waited for during a minute.",
    "order-code-S-is-paid": "A code or a link that was made counts as paid.",
    "return-is-paid": "A buyer who comes back from the wallet counts as having paid.",
    "payment-per-press": "Each press of the key starts a payment of its own.",
    "forgets-store-id": "Pay names neither the store nor the terminal.",
    "one-store-for-all": "Every till sells in the name of the first store.",
    "yen-has-cents": "Every currency is taken to have a hundredth.",
    "floats-for-cents": "Prices go through floating arithmetic and are cut off.",
    "refund-id-per-try": "An unanswered refund is sent again under a new id.",
    "refund-unknown-is-done": "An unknown result of a refund counts as money given back.",
    "cancel-assumed": "A cancel that was never confirmed counts as done.",
    "registered-is-approved": "A registration that was taken counts as approved.",
    "ignores-end-mark": "Nobody looks for the line that ends a report file.",
    "reads-the-file-only": "What a report file lacks goes unseen.",
}


class Switches:
    """Which of the mistakes are switched on."""

    def __init__(self, names=()):
        unknown = [name for name in names if name not in DEFECTS]
        if unknown:
            raise ValueError(f"no defect '{unknown[0]}'; --list-defects tells which there are")
        self._on = frozenset(names)

    def has(self, name):
        """Whether a mistake is to be made; a name that is not in the table is a slip of ours."""
        if name not in DEFECTS:
            raise KeyError(name)
        return name in self._on
