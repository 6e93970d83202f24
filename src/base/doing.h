#pragma once

#include <fmt/core.h>

#include <string>
#include <utility>
#include <vector>

namespace fresh::base {

/// What the current thread is about, outermost first. An Error copies it at construction.
using DoingStack = std::vector<std::string>;

/// A line of intent that holds while the object lives: `const Doing doing("pulling image '{}'", ref);`.
/// Errors thrown meanwhile carry it, innermost first when rendered.
class Doing {
 public:
  explicit Doing(std::string intent);

  template <typename... Args>
  requires(sizeof...(Args) > 0) explicit Doing(fmt::format_string<Args...> format, Args&&... args)
      : Doing(fmt::format(format, std::forward<Args>(args)...)) {}

  Doing(const Doing&) = delete;
  Doing& operator=(const Doing&) = delete;
  ~Doing();

  /// A copy of the stack of this thread.
  static DoingStack stack();

  /// Puts `inherited` under this thread's stack while the object lives; for threads started on behalf of
  /// another.
  class Inherit {
   public:
    explicit Inherit(DoingStack inherited);
    Inherit(const Inherit&) = delete;
    Inherit& operator=(const Inherit&) = delete;
    ~Inherit();

   private:
    DoingStack previous_;
  };
};

}  // namespace fresh::base
