0 -f - -p piped config
