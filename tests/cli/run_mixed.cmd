2 run --seed 7 web true
