"""Who may order, approve and receive; everybody inside the company may look."""

from __future__ import annotations

from lodestock.accounts.types import Role

ADD = "purchasing.add_purchaseorder"
SUBMIT = "purchasing.submit_purchaseorder"
APPROVE = "purchasing.approve_purchaseorder"
SEND = "purchasing.send_purchaseorder"
REVISE = "purchasing.revise_purchaseorder"
CANCEL = "purchasing.cancel_purchaseorder"
CLOSE = "purchasing.close_purchaseorder"
RECEIVE = "purchasing.add_receipt"
PUT_AWAY = "purchasing.put_away_receiptline"
REPORT = "purchasing.view_purchaseorder"

#: Any of these works on an order, and so on its files: offers, delivery notes, photos.
WRITES = (ADD, REVISE, RECEIVE)

_BUYING = (ADD, SUBMIT, SEND, REVISE, CANCEL, CLOSE)
_DOCK = (RECEIVE, PUT_AWAY)

GRANTS = {
    Role.PLANT_MANAGER: (*_BUYING, APPROVE, *_DOCK),
    Role.PURCHASER: (*_BUYING, RECEIVE),
    Role.FINANCE: (APPROVE,),
    Role.STOCK_KEEPER: _DOCK,
    Role.DEPT_SK: _DOCK,
    Role.OPERATOR: (PUT_AWAY,),
    Role.FORKLIFT_DRIVER: (PUT_AWAY,),
    Role.INTEGRATOR: (*_BUYING, RECEIVE),
}
