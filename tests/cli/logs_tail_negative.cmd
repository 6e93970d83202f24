2 logs --tail -3
