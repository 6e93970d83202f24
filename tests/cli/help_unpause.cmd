0 unpause --help
