0 stats --help
