2 logs --since yesterday
