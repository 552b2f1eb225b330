"""Answers kept so that a request sent twice is carried out once."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from lodestock.kernel.models import Projection


class IdempotencyKey(Projection):
    """One request of one principal on one route, and the answer it got.

    The key itself is stored as its sha256. The row is written in the transaction of the work it
    guards: both are there, or neither.
    """

    id = models.BigAutoField(primary_key=True)
    principal = models.CharField(max_length=120)
    route = models.CharField(max_length=200)
    key_hash = models.CharField(max_length=64)
    request_hash = models.CharField(max_length=64)
    status = models.SmallIntegerField(null=True)
    content_type = models.CharField(max_length=100, blank=True, default="")
    headers = models.JSONField(default=dict)
    body = models.BinaryField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()

    class Meta(Projection.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["principal", "route", "key_hash"], name="idempotency_once"
            )
        ]
        indexes = [models.Index(fields=["expires_at"], name="idempotency_expiry")]

    def __str__(self) -> str:
        return f"{self.route} {self.key_hash[:8]}"
