# The program that runs inside the notebook's container is part of the binary: one file to install, no version to match.
file(GLOB driver_files CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/notebooks/driver/*.py")
set(driver_code "#include \"notebooks/driver_text.h\"\n\nnamespace fresh::notebooks {\n\n"
                "std::map<std::string, std::string_view> driver_files() {\n  return {\n")
foreach(driver_file IN LISTS driver_files)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${driver_file}")
  get_filename_component(driver_name "${driver_file}" NAME)
  file(READ "${driver_file}" driver_text)
  string(APPEND driver_code "      {\"${driver_name}\", R\"~~driver~~(${driver_text})~~driver~~\"},\n")
endforeach()
string(APPEND driver_code "  };\n}\n\n}  // namespace fresh::notebooks\n")
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/notebook_driver.cpp" CONTENT "${driver_code}" @ONLY)
target_sources(fresh_notebooks PRIVATE "${PROJECT_BINARY_DIR}/notebook_driver.cpp")
