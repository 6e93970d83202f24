0 events --help
