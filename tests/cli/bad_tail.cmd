2 logs --tail=-1
