"""How the demo's services and notebooks reach the graph and its API."""
