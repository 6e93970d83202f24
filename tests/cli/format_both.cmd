2 ls --json --format {{.Name}}
