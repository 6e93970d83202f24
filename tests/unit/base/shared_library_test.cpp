#include "base/shared_library.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace fresh::base {
namespace {

TEST(SharedLibrary, calls_the_functions_of_the_library) {
  const SharedLibrary math("libm.so.6", "libc6");
  EXPECT_EQ(math.function<double(double)>("floor")(2.5), 2.0);
}

TEST(SharedLibrary, a_missing_library_names_the_package_that_holds_it) {
  try {
    const SharedLibrary missing("libfresh-nothing.so.1", "libfresh-nothing1");
    FAIL() << "loaded a library that does not exist";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::precheck);
    EXPECT_NE(std::string(error.what()).find("libfresh-nothing.so.1"), std::string::npos);
    EXPECT_EQ(error.hint(), "install it: apt-get install -y libfresh-nothing1");
  }
}

TEST(SharedLibrary, a_function_it_does_not_have_is_an_error) {
  const SharedLibrary math("libm.so.6", "libc6");
  EXPECT_THROW(math.function<void()>("fresh_nothing"), Error);
}

}  // namespace
}  // namespace fresh::base
