"""Registering secondary merchants: asked for under one id, and followed until it is decided."""

from shop import messages

# How long an answer is waited for.
_PATIENCE = 10_000
_DAY = 24 * 3_600_000


def register(shop, wish):
    """Takes a wish to register a merchant."""
    for application in shop.registrar.begin(wish):
        shop.start(_apply, shop, application)


def _apply(shop, application):
    """Sends the same registration until it is taken or refused, then follows the review."""
    wish = shop.registrar.wish(application.merchant)
    region = wish.get("country") or "SG"
    request = messages.registration(
        wish, application.store, application.request_id, shop.setup.notify_url, region
    )
    pause = shop.setup.registration_again * 1_000
    while True:
        said = shop.gateway.ask(request, _PATIENCE)
        if said and said.status == "S":
            break
        if said and said.status == "F":
            return shop.registrar.refused(application, f"{said.code}: {said.message}")
        shop.clock.sleep(pause)
        if not shop.registrar.is_pending(application):
            return None
        pause = min(2 * pause, _DAY)
    shop.registrar.taken(application)
    if shop.switches.has("registered-is-approved"):
        wallet = {"wallet": "ALIPAYCN", "approved": True, "status": "APPROVED"}
        return shop.registrar.decide(application, [wallet])
    return _follow_review(shop, application)


def _follow_review(shop, application):
    """Asks once a day until the review is over; a notification may tell so before."""
    due = shop.clock.now()
    while True:
        due += shop.setup.review_every * 1_000
        shop.clock.sleep_until(due)
        if not shop.registrar.is_pending(application):
            return
        request = messages.review_inquiry(application.merchant, application.request_id)
        said = shop.gateway.ask(request, _PATIENCE)
        if said and said.status == "S":
            take_review(shop, application, said.fields)


def take_review(shop, application, fields):
    """Takes over what a verified answer or notification says about a review. That it is completed
    is no approval: each wallet decides for itself."""
    if fields.text("registrationResult.registrationStatus") != "COMPLETED":
        return
    listed = fields.at("pspRegistrationResultList")
    count = len(listed) if isinstance(listed, list) else 0
    wallets = [_approval(fields, f"pspRegistrationResultList.{place}") for place in range(count)]
    shop.registrar.decide(application, wallets)


def _approval(fields, path):
    status = fields.text(f"{path}.registrationResult.registrationStatus")
    reasons = fields.at(f"{path}.registrationResult.rejectReasons")
    # The pages name the reasons in the plural and show them nowhere: one text, or a list of them.
    reasons = [reasons] if isinstance(reasons, str) else reasons or []
    approval = {"wallet": fields.text(f"{path}.pspName") or "", "approved": status == "APPROVED"}
    if status is not None:
        approval["status"] = status
    if reasons:
        approval["reasons"] = [str(reason) for reason in reasons]
    return approval
