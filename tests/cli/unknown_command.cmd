2 rnu
