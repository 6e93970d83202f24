2 --project projects/valid cp a b
