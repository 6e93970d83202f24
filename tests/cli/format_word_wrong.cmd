2 ls --format jsn
