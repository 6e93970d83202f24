# docs/commands/*.md become the text of --help: one source for both.
file(GLOB help_pages CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/docs/commands/*.md")
string(CONCAT help_code "#include \"cli/help_pages.h\"\n\nnamespace fresh::cli {\n\n"
              "std::string_view help_page(std::string_view verb) {\n")
foreach(page IN LISTS help_pages)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${page}")
  get_filename_component(verb "${page}" NAME_WE)
  file(READ "${page}" text)
  string(APPEND help_code "  if (verb == \"${verb}\") {\n    return R\"~~page~~(${text})~~page~~\";\n  }\n")
endforeach()
string(APPEND help_code "  return verb.empty() ? verb : std::string_view();\n}\n\n}  // namespace fresh::cli\n")
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/help_pages.cpp" CONTENT "${help_code}" @ONLY)
target_sources(fresh_cli PRIVATE "${PROJECT_BINARY_DIR}/help_pages.cpp")
target_compile_definitions(fresh_cli PRIVATE FRESH_VERSION="${PROJECT_VERSION}")
