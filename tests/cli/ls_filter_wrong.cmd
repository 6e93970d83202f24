2 ls --filter colour=red
