"""Addresses of this room."""

from .views import (
    ContractVersionViewSet,
    DriftReportViewSet,
    FeedViewSet,
    ImportViewSet,
    QuarantinedRowViewSet,
    RawFileViewSet,
)

routes = [
    ("feeds", FeedViewSet),
    ("contract-versions", ContractVersionViewSet),
    ("raw-files", RawFileViewSet),
    ("imports", ImportViewSet),
    ("drift-reports", DriftReportViewSet),
    ("quarantined-rows", QuarantinedRowViewSet),
]
