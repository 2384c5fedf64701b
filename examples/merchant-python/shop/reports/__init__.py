"""Reconciliation: the shop's own transactions of a day against the report files of the gateway."""
