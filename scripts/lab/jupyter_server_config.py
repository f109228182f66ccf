# Settings of the Jupyter server that `npm run lab` starts; it copies this file into the environment's etc/jupyter.

import warnings

PLOTLY = "application/vnd.plotly.v1+json"


def drop_what_only_the_page_knows(model, **_):
    """Saves a notebook as its test runs it.

    JupyterLab's Plotly extension adds to every figure it draws a picture of it, as wide as the page happens to be.
    Saved, it doubles the file, and is shown stretched when the notebook is opened again; the data that it is drawn from
    is stored beside it. And an output that was cleared by its cell, such as a progress line, stays as an empty one.
    """
    if model["type"] != "notebook":
        return
    for cell in model["content"].get("cells", []):
        if cell["cell_type"] != "code":
            continue
        for output in cell["outputs"]:
            if PLOTLY in output.get("data", {}):
                output["data"].pop("image/png", None)
                output["metadata"].pop("image/png", None)
        cell["outputs"] = [
            output
            for output in cell["outputs"]
            if output["output_type"] != "display_data" or output["data"]
        ]


# JupyterLab and its server each read this file, and the second hook is said to override the first.
warnings.filterwarnings("ignore", message="Overriding existing pre_save_hook")
c.ContentsManager.pre_save_hook = drop_what_only_the_page_knows  # noqa: F821 (`c` is Jupyter's)
