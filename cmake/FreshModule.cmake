# fresh_module(NAME DEPENDS modules... LIBRARIES external-targets... TEST_LIBRARIES of its unit tests alone...)
#
# One folder of src = one static library = one namespace. The declared edges are the architecture:
#  - every header of the module must compile alone (VERIFY_INTERFACE_HEADER_SETS);
#  - link_NAME links the whole library against only what it declared, so an undeclared call fails the build;
#  - tests/unit/NAME/*_test.cpp become the test binary unit_NAME.
function(fresh_module name)
  cmake_parse_arguments(arg "" "" "DEPENDS;LIBRARIES;TEST_LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${name}/*.cpp")
  file(GLOB headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${name}/*.h")
  if(NOT sources)
    return()
  endif()
  add_library(fresh_${name} STATIC ${sources})
  target_sources(fresh_${name} PUBLIC FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/src" FILES ${headers})
  set_target_properties(fresh_${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ${FRESH_VERIFY_HEADERS})
  list(TRANSFORM arg_DEPENDS PREPEND fresh_)
  target_link_libraries(fresh_${name} PUBLIC ${arg_DEPENDS} ${arg_LIBRARIES} fmt::fmt Threads::Threads
                                      PRIVATE fresh_warnings)
  file(GLOB module_cmake "${PROJECT_SOURCE_DIR}/src/${name}/module.cmake")
  if(module_cmake)
    include("${module_cmake}")
  endif()

  add_executable(link_${name} "${PROJECT_SOURCE_DIR}/cmake/empty_main.cpp")
  target_link_libraries(link_${name} PRIVATE "$<LINK_LIBRARY:WHOLE_ARCHIVE,fresh_${name}>")

  file(GLOB tests CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/unit/${name}/*_test.cpp")
  if(tests AND FRESH_TESTS)
    add_executable(unit_${name} ${tests})
    target_link_libraries(unit_${name} PRIVATE fresh_${name} fresh_support fresh_warnings GTest::gtest_main
                                               ${arg_TEST_LIBRARIES})
    target_compile_options(unit_${name} PRIVATE -O0)  # compiled more often than run
    target_include_directories(unit_${name} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
    target_compile_definitions(unit_${name} PRIVATE FRESH_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    gtest_discover_tests(unit_${name} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60
                         PROPERTIES LABELS unit TIMEOUT 120)
  endif()
endfunction()
