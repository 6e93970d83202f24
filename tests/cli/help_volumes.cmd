0 volumes --help
