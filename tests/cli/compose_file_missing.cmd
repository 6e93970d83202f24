10 -f projects/nothing.yaml config
