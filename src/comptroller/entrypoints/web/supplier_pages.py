"""The pages about suppliers: the list, and one supplier with all that is known of it."""

from fastapi import FastAPI
from fastapi.responses import Response
from starlette.requests import Request

from comptroller.application.presenting.supplier import ShowSupplier, ShowSuppliers
from comptroller.entrypoints.web.addresses import Text
from comptroller.entrypoints.web.pages import html
from comptroller.entrypoints.web.visitor import Door


def add_supplier_pages(app: FastAPI, door: Door) -> None:
    """Put the suppliers beside the other pages."""
    pages = SupplierPages(door)
    app.add_api_route("/suppliers", pages.suppliers, methods=["GET"], include_in_schema=False)
    app.add_api_route("/suppliers/{key:key}", pages.supplier, methods=["GET"], include_in_schema=False)


class SupplierPages:
    """The list and the page of one."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def suppliers(self, request: Request, q: Text = "") -> Response:
        """The suppliers under a filter."""
        visitor = self._door.visitor(request)
        return html("suppliers.html", visitor.chrome("suppliers"), visitor.need(ShowSuppliers(q)))

    def supplier(self, request: Request, key: str) -> Response:
        """One supplier."""
        visitor = self._door.visitor(request)
        return html("supplier.html", visitor.chrome("suppliers"), visitor.need(ShowSupplier(key)))
