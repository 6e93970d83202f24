2 up --force-recreate --no-recreate
