"""Versions by address (``/api/v1/…``) and by header (``Accept: application/json; version=1``)."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import NotAcceptable
from rest_framework.request import Request
from rest_framework.utils.mediatypes import _MediaType
from rest_framework.versioning import BaseVersioning

DEFAULT_VERSION = "1"
KNOWN_VERSIONS = ("1", "2")


class AddressAndHeaderVersioning(BaseVersioning):
    """The address decides; a header must agree with it. ``/api/…`` without a version asks the
    header, and without one means version 1.
    """

    default_version = DEFAULT_VERSION

    def determine_version(self, request: Request, *args: Any, **kwargs: Any) -> str:
        asked = self._from_header(request)
        address = self._from_address(request)
        if asked is not None and asked not in KNOWN_VERSIONS:
            known = ", ".join(KNOWN_VERSIONS)
            raise NotAcceptable(f"There is no API version {asked[:10]!r}; known are: {known}.")
        if asked and address and asked != address:
            raise NotAcceptable(
                f"The address speaks version {address}, the Accept header asks for {asked}."
            )
        return address or asked or DEFAULT_VERSION

    def _from_address(self, request: Request) -> str | None:
        match = getattr(request, "resolver_match", None)
        namespaces = match.namespaces if match else []
        return next((n[1:] for n in namespaces if n[:1] == "v" and n[1:].isdigit()), None)

    def _from_header(self, request: Request) -> str | None:
        found = _MediaType(request.META.get("HTTP_ACCEPT", "").split(",")[0]).params.get("version")
        return found.decode() if isinstance(found, bytes) else found

    def reverse(self, viewname: str, *args: Any, **kwargs: Any) -> str:
        request = kwargs.get("request")
        if request is not None and ":" not in viewname:
            viewname = f"v{request.version}:{viewname}"
        address: str = super().reverse(viewname, *args, **kwargs)
        return address
