2 run --podman-cpus many
