"""One look for all plots of the notebooks."""

import matplotlib.pyplot as plt
from cycler import cycler

BLUE, ORANGE, GREEN, RED, PURPLE, GREY = "#3b6ea5", "#e08a2e", "#4f9d69", "#c8553d", "#7d5ba6", "#8a8f98"
PALETTE = [BLUE, ORANGE, GREEN, RED, PURPLE, GREY]


def use() -> None:
    plt.rcParams.update(
        {
            "figure.figsize": (9, 4),
            "figure.dpi": 96,
            "figure.constrained_layout.use": True,
            "axes.prop_cycle": cycler(color=PALETTE),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.axisbelow": True,
            "axes.titlesize": 11,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "grid.color": "#e6e6e6",
            "legend.frameon": False,
            "font.size": 9.5,
            "svg.hashsalt": "janusgraph-demo",
        }
    )
