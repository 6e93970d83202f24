10 -f - config
