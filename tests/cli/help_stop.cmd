0 stop --help
