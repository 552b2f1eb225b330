"""The front page of a running Lodestock."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lodestock.kernel.principals import directory

from . import selectors


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, where to go, how it is; figures only for those who may see them."""
    demo = selectors.demo_is_loaded()
    shown = demo or request.user.is_authenticated
    told = demo or selectors.may_see_all_movements(directory().principal_of(request))
    context = {
        "doors": selectors.doors(signed_in=request.user.is_authenticated),
        "health": selectors.health(),
        "demo": demo,
        "figures": selectors.figures() if shown else [],
        "movements": selectors.latest_movements() if told else [],
        "version": selectors.version(),
    }
    return render(request, "shell/home.html", context)
