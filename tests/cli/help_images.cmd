0 images --help
