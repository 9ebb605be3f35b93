"""How `make lab` starts JupyterLab: an unchanged notebook is saved without a difference, whatever the Python."""

c = get_config()  # noqa: F821  Jupyter's own


def without_version(model, **_):
    """JupyterLab writes of which Python the kernel is; the committed notebooks do not say so."""
    if model["type"] == "notebook":
        model["content"]["metadata"].get("language_info", {}).pop("version", None)


c.FileContentsManager.pre_save_hook = without_version
