"""The start page. Replace it by your own: nothing else in the site uses this application."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .status import site_status


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "welcome/index.html", {"status": site_status(request.META)})
