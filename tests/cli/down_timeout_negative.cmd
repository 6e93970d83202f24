2 down -t -99
