2 exec
