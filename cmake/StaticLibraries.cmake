# fresh_static(TARGET archive... [INCLUDE header])
#
# A library linked from its archive. A process that loads fifty shared libraries needs 15 ms before its first
# line; `--version`, `config` and `validate` are run all day. Archives come with the same -dev packages.
# The first archive is the library, the rest are what it needs, in link order.
function(fresh_static target)
  cmake_parse_arguments(arg "" "INCLUDE" "" ${ARGN})
  set(found)
  foreach(archive IN LISTS arg_UNPARSED_ARGUMENTS)
    find_library(FRESH_ARCHIVE_${archive} NAMES "lib${archive}.a" REQUIRED)
    list(APPEND found "${FRESH_ARCHIVE_${archive}}")
  endforeach()
  find_path(FRESH_INCLUDE_${target} NAMES "${arg_INCLUDE}" REQUIRED)
  add_library(${target} INTERFACE)
  target_include_directories(${target} SYSTEM INTERFACE "${FRESH_INCLUDE_${target}}")
  target_link_libraries(${target} INTERFACE ${found} Threads::Threads ${CMAKE_DL_LIBS})
endfunction()
