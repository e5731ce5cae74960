"""PDF documents: what a PDF holds, taken out in a process of its own."""

from comptroller.adapters.pdf.dissecting import EmbeddedFile, PdfContent, dissect

__all__ = ["EmbeddedFile", "PdfContent", "dissect"]
