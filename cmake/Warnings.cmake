# The warnings of our own code: linked by every target of ours, never exported to others.
add_library(fresh_warnings INTERFACE)
target_compile_options(
  fresh_warnings
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Wshadow
            -Wconversion
            -Wsign-conversion
            -Wnon-virtual-dtor
            -Woverloaded-virtual
            -Wold-style-cast
            -Wextra-semi
            -Wcast-align
            -Wdouble-promotion
            -Wundef
            -Wformat=2
            -Wimplicit-fallthrough
            $<$<CXX_COMPILER_ID:GNU>:-Wlogical-op
            -Wduplicated-cond
            -Wduplicated-branches
            -Wuseless-cast
            -Wsuggest-override>
            $<$<BOOL:${FRESH_WERROR}>:-Werror>)
