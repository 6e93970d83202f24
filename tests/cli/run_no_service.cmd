2 run --rm
