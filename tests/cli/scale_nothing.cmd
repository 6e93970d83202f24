2 scale
