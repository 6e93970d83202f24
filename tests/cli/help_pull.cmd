0 pull --help
