0 ps --help
