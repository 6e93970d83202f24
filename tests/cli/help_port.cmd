0 port --help
