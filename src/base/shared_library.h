#pragma once

#include <string>

namespace fresh::base {

/// A shared library that is loaded at its first use, not when the process starts: libcurl alone brings thirty
/// others, and most commands need none of them. Stays loaded until the process ends.
class SharedLibrary {
 public:
  /// Throws base::Error (precheck) when the library cannot be loaded. `name` as the dynamic linker knows it
  /// (`libcurl.so.4`), `package` is the Debian package that holds it.
  SharedLibrary(std::string name, std::string package);

  /// The library's function of that name; throws base::Error (precheck) when it has none.
  template <typename Function>
  Function* function(const char* name) const {
    return reinterpret_cast<Function*>(symbol(name));
  }

 private:
  void* symbol(const char* name) const;

  std::string name_;
  std::string package_;
  void* handle_;
};

}  // namespace fresh::base
