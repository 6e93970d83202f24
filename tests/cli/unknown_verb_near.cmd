2 stpo
