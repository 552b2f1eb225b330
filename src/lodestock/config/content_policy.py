"""The content security policy, a little wider where the back office needs it."""

from __future__ import annotations

from csp.constants import UNSAFE_EVAL
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponseBase

BACK_OFFICE = "/admin/"


class ContentPolicyMiddleware(CSPMiddleware):
    """Alpine, inside the back office theme, compiles its attributes: eval is allowed there only."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.path_info.startswith(BACK_OFFICE):
            response._csp_update = {"script-src": [UNSAFE_EVAL]}  # type: ignore[attr-defined]
        answered: HttpResponseBase = super().process_response(request, response)
        return answered
