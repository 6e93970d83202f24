# PNG pixels are compared after inflating them (rule S9).
find_package(ZLIB REQUIRED)
target_link_libraries(fresh_determinism PRIVATE ZLIB::ZLIB)
