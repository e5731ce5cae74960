"""The process that renders one page: a PDF in, the number of its pages and a PNG out."""

import io
import resource
import sys
from typing import Final

MEMORY_BYTES_MAX: Final = 1024**3
CPU_S_MAX: Final = 15


def main() -> int:
    """Render page `argv[1]` at `argv[2]` pixels of width."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S_MAX, CPU_S_MAX))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    import pypdfium2  # type: ignore[import-untyped]  # noqa: PLC0415 - native code is loaded under the limits

    page, width = int(sys.argv[1]), int(sys.argv[2])
    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    if page > len(document):
        return 1
    shown = document[page - 1]
    across, down = shown.get_size()
    scale = min(width / max(across, 1), 4 * width / max(down, 1))
    picture = io.BytesIO()
    shown.render(scale=scale, may_draw_forms=False).to_pil().save(picture, "PNG")
    sys.stdout.buffer.write(f"{len(document)}\n".encode() + picture.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(main())
