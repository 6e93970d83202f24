#include "base/shared_library.h"

#include "base/error.h"

#include <fmt/core.h>

#include <dlfcn.h>
#include <utility>

namespace fresh::base {

SharedLibrary::SharedLibrary(std::string name, std::string package)
    : name_(std::move(name)),
      package_(std::move(package)),
      handle_(::dlopen(name_.c_str(), RTLD_LAZY | RTLD_LOCAL)) {
  if (handle_ == nullptr) {
    const char* const why = ::dlerror();
    throw Error(
        ExitCode::precheck,
        fmt::format("cannot load the library '{}': {}", name_, why != nullptr ? why : "no reason given"),
        fmt::format("install it: apt-get install -y {}", package_));
  }
}

void* SharedLibrary::symbol(const char* name) const {
  void* const found = ::dlsym(handle_, name);
  if (found == nullptr) {
    throw Error(ExitCode::precheck, fmt::format("the library '{}' has no function '{}'", name_, name),
                fmt::format("install the distribution's own: apt-get install --reinstall {}", package_));
  }
  return found;
}

}  // namespace fresh::base
