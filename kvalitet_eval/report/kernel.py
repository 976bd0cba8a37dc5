"""The kernel that report notebooks run in: this interpreter, pinned numerics, nothing of the user's own set-up.

A kernel specification installed in somebody's home folder would otherwise win over the project's environment, and
start-up files there would run before the notebook. Sockets are files with a path of their own: ports are handed out
twice about once in a thousand kernels.
"""

from __future__ import annotations

import sys
import tempfile
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

KERNEL_NAME = "python3"
_PINNED = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "TZ": "UTC",
    "PYTHONUTF8": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


class PinnedKernelManager(AsyncKernelManager):
    """Starts one kernel with a private folder, which goes when the kernel has ended."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "kernel_name": KERNEL_NAME})
        self._private = tempfile.TemporaryDirectory(prefix="kvalitet-", ignore_cleanup_errors=True)
        folder = self._private.name
        self.transport = "ipc"
        self.ip = f"{folder}/socket"
        self.connection_file = f"{folder}/connection.json"
        self._kernel_spec = KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            env={**_PINNED, "IPYTHONDIR": folder, "JUPYTER_CONFIG_DIR": folder},
            display_name="Python 3",
            language="python",
        )

    async def cleanup_resources(self, restart: bool = False) -> None:
        """Remove what the kernel leaves behind: sockets, connection file and its private folder."""
        await super().cleanup_resources(restart=restart)
        if not restart:
            self._private.cleanup()
