2 -f - -f - config
