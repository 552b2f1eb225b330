"""Sites and departments, calendars, money, units, numbering, reasons, attachments."""

from .attachments import Attachment
from .calendars import Calendar, CalendarDay
from .money import Currency, CurrencyRate
from .numbering import NumberSeries
from .places import Department, Site
from .reasons import ReasonCode
from .units import Uom

__all__ = [
    "Attachment",
    "Calendar",
    "CalendarDay",
    "Currency",
    "CurrencyRate",
    "Department",
    "NumberSeries",
    "ReasonCode",
    "Site",
    "Uom",
]
