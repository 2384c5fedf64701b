"""Who sells in which store: the shop itself, and the secondary merchants that it registered."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Seller:
    """A merchant in one of its stores."""

    merchant_id: str
    name: str
    mcc: str
    store_id: str
    store_name: str
    store_mcc: str
    terminal: str
    approved: bool = True


def _own(store_id, store_name, terminal):
    return Seller("seller-0815", "Harbour Teahouse", "5812", store_id, store_name, "5812", terminal)


OWN = (
    _own("store-1", "Teahouse at the Harbour", "till-11"),
    _own("store-2", "Teahouse on the Hill", "till-21"),
)
