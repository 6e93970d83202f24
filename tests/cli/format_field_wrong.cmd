2 ps --format {{.Stat}}
