"""The requests of the shop, as objects of the SDK."""

import json
from dataclasses import dataclass

from com.alipay.ams.api.model.address import Address
from com.alipay.ams.api.model.amount import Amount as WireAmount
from com.alipay.ams.api.model.contact_info import ContactInfo
from com.alipay.ams.api.model.contact_type import ContactType
from com.alipay.ams.api.model.env import Env
from com.alipay.ams.api.model.merchant import Merchant
from com.alipay.ams.api.model.merchant_registration_info import MerchantRegistrationInfo
from com.alipay.ams.api.model.order import Order
from com.alipay.ams.api.model.payment_method import PaymentMethod
from com.alipay.ams.api.model.product_code_type import ProductCodeType
from com.alipay.ams.api.model.registration_detail import RegistrationDetail
from com.alipay.ams.api.model.store import Store
from com.alipay.ams.api.model.terminal_type import TerminalType
from com.alipay.ams.api.model.web_site import WebSite
from com.alipay.ams.api.request.merchant import (
    alipay_merchant_registration_request as registering,
)
from com.alipay.ams.api.request.merchant import (
    alipay_merchant_registration_status_query_request as asking,
)
from com.alipay.ams.api.request.pay.alipay_inquiry_refund_request import AlipayInquiryRefundRequest
from com.alipay.ams.api.request.pay.alipay_pay_cancel_request import AlipayPayCancelRequest
from com.alipay.ams.api.request.pay.alipay_pay_query_request import AlipayPayQueryRequest
from com.alipay.ams.api.request.pay.alipay_pay_request import AlipayPayRequest
from com.alipay.ams.api.request.pay.alipay_refund_request import AlipayRefundRequest
from com.alipay.ams.api.request.pay.entry_code_payment_request import EntryCodePaymentRequest
from com.alipay.ams.api.request.pay.order_code_payment_request import OrderCodePaymentRequest
from com.alipay.ams.api.request.pay.user_presented_code_payment_request import (
    UserPresentedCodePaymentRequest,
)

from shop.moments import iso8601


@dataclass(frozen=True)
class Sale:
    """What is sold, by whom, and where its end is told."""

    text: str
    seller: object
    notify_url: str
    return_url: str


def _wire(amount):
    return WireAmount(amount.currency, str(amount.minor))


def _order(ticket, sale):
    """The order of a pay request. The shop's own order id goes with it."""
    seller = sale.seller
    store = Store()
    store.reference_store_id = seller.store_id
    store.store_name = seller.store_name
    store.store_mcc = seller.store_mcc
    # Nobody is signed in at the till. Official clients send such an empty value as well.
    store.store_operator_id = ""
    merchant = Merchant()
    merchant.reference_merchant_id = seller.merchant_id
    merchant.merchant_name = seller.name
    merchant.merchant_mcc = seller.mcc
    merchant.store = store
    order = Order()
    order.reference_order_id = ticket.order
    order.order_description = sale.text
    order.order_amount = _wire(ticket.bill)
    order.merchant = merchant
    extension = {"till": seller.terminal, "text": sale.text}
    order.extend_info = json.dumps(extension, ensure_ascii=False)
    return order


def pay_by_scanned_code(ticket, sale, code, now, forgets_store):
    """Charges the code that the buyer's wallet shows."""
    order = _order(ticket, sale)
    order.env = Env()
    order.env.store_terminal_id = sale.seller.terminal
    order.env.store_terminal_request_time = iso8601(now)
    order.merchant.store.store_terminal_id = sale.seller.terminal
    amount = str(ticket.bill.minor)
    request = UserPresentedCodePaymentRequest(
        ticket.request_id, order, ticket.bill.currency, amount, code, sale.notify_url
    )
    if forgets_store:
        order.env = order.merchant.store = None
        # The SDK's general class of pay asks for neither, and is what many a shop takes.
        request._validate_ = lambda: None
    return request


def pay_by_order_code(ticket, sale):
    """Asks for a code that the till shows and the buyer scans."""
    amount = str(ticket.bill.minor)
    return OrderCodePaymentRequest(
        ticket.request_id, _order(ticket, sale), ticket.bill.currency, amount, sale.notify_url
    )


def pay_by_entry_code(ticket, sale, user_agent):
    """Asks for a link for a wallet that opened the shop's page."""
    order = _order(ticket, sale)
    order.env = Env()
    order.env.user_agent = user_agent
    amount = str(ticket.bill.minor)
    return EntryCodePaymentRequest(
        ticket.request_id,
        order,
        ticket.bill.currency,
        amount,
        sale.notify_url,
        sale.return_url,
    )


def pay_by_cashier(ticket, sale, device, user_agent, expires):
    """Asks for the address of the wallet's own page. The SDK has one class of pay for online
    products, which asks for nothing."""
    request = AlipayPayRequest()
    request.product_code = ProductCodeType.CASHIER_PAYMENT
    request.payment_request_id = ticket.request_id
    request.order = _order(ticket, sale)
    request.payment_amount = _wire(ticket.bill)
    request.payment_method = PaymentMethod()
    request.payment_method.payment_method_type = "ALIPAY_CN"
    request.payment_notify_url = sale.notify_url
    request.payment_redirect_url = sale.return_url
    if expires is not None:
        request.payment_expiry_time = iso8601(expires)
    request.env = Env()
    request.env.terminal_type = TerminalType.value_of(device.upper())
    request.env.user_agent = user_agent
    return request


def inquiry(ticket):
    """Asks for the state of a payment."""
    request = AlipayPayQueryRequest()
    request.payment_request_id = ticket.request_id
    return request


def cancel(ticket):
    """Cancels a payment."""
    request = AlipayPayCancelRequest()
    request.payment_request_id = ticket.request_id
    return request


def refund(ticket, notify_url):
    """Gives money of a payment back, which the gateway's own id of it names."""
    request = AlipayRefundRequest()
    request.refund_request_id = ticket.request_id
    request.payment_id = ticket.payment_id
    request.refund_amount = _wire(ticket.amount)
    if ticket.reason:
        request.refund_reason = ticket.reason
    if ticket.notified:
        request.refund_notify_url = notify_url
    return request


def refund_inquiry(ticket):
    """Asks for the state of a refund."""
    request = AlipayInquiryRefundRequest()
    request.refund_request_id = ticket.request_id
    return request


class _Registration(registering.AlipayMerchantRegistrationRequest):
    """A registration with the store that in-store products need and the SDK does not know of."""

    store_info = None

    def to_ams_json(self):
        body = json.loads(super().to_ams_json())
        if self.store_info:
            body["storeInfo"] = self.store_info
        return json.dumps(body)


def registration(wish, store, request_id, notify_url, region):
    """Registers a secondary merchant with one of its stores."""
    address = Address()
    address.region, address.address1 = region, wish["address"]
    contact = ContactInfo()
    contact.contact_no = wish["contact"]
    email = "@" in wish["contact"]
    contact.contact_type = ContactType.EMAIL if email else ContactType.PHONE_NO
    detail = RegistrationDetail()
    detail.legal_name = wish["name"]
    detail.registration_type = "ENTERPRISE_REGISTRATION_NO"
    detail.registration_no = wish["id"]
    detail.registration_address = address
    detail.business_type = "ENTERPRISE"
    detail.contact_info = [contact]
    merchant = MerchantRegistrationInfo()
    merchant.reference_merchant_id = wish["id"]
    merchant.merchant_display_name = wish["name"]
    merchant.merchant_mcc = wish["mcc"]
    merchant.merchant_address = address
    merchant.registration_detail = detail
    if wish.get("website"):
        site = WebSite()
        site.url, site.type = wish["website"], "COMPANY_INTRODUCE"
        merchant.websites = [site]
    request = _Registration()
    request.product_codes = ["IN_STORE_PAYMENT"]
    request.registration_request_id = request_id
    request.registration_notify_url = notify_url
    request.merchant_info = merchant
    request.pass_through_info = json.dumps({"desk": "onboarding", "for": wish["id"]})
    if store:
        request.store_info = {
            "referenceStoreId": store["id"],
            "storeName": store["name"],
            "storeMCC": store["mcc"],
            "storeAddress": address.to_ams_dict(),
        }
    return request


def review_inquiry(merchant_id, request_id):
    """Asks how far the review of one registration of a merchant is."""
    request = asking.AlipayMerchantRegistrationStatusQueryRequest()
    request.reference_merchant_id = merchant_id
    request.registration_request_id = request_id
    return request
