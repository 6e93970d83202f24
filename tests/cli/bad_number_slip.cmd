2 run --podman-cpus 4x
