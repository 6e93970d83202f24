# PNG pixels are compared after inflating them (rule S9).
target_link_libraries(fresh_determinism PRIVATE static_zlib)
