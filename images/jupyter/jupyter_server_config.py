"""JupyterLab for the demo: its token comes from a secret file, and it asks no server outside for anything."""

import os
from pathlib import Path

c = get_config()  # noqa: F821 (the loader defines it)

token_file = Path(os.environ["JUPYTER_TOKEN_FILE"])
token = token_file.read_text(encoding="ascii").strip()
if len(token) < 32:
    raise SystemExit(f"the token in '{token_file}' has {len(token)} characters: expected 32 or more")
c.IdentityProvider.token = token

c.ServerApp.ip = "0.0.0.0"
c.ServerApp.port = 8888
c.ServerApp.port_retries = 0
c.ServerApp.root_dir = "/workspace"
c.ServerApp.open_browser = False
c.ServerApp.terminals_enabled = False
c.ServerApp.quit_button = False
c.ServerApp.jpserver_extensions = {"jupyterlab": True, "jupyter_lsp": False}
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.news_url = None
c.LabApp.extension_manager = "readonly"
# The signatures of trusted notebooks last as long as the container.
c.NotebookNotary.db_file = ":memory:"
c.FileContentsManager.always_delete_dir = False
c.FileContentsManager.delete_to_trash = False
