2 run --podman-cpu 4
