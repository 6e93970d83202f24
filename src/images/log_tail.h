#pragma once

#include <deque>
#include <functional>
#include <string>
#include <string_view>

namespace fresh::images {

/// Passes lines on and remembers the last twenty, for the error that may follow. Takes whole lines, or bytes
/// of a stream that it cuts into lines itself. One thread.
class LogTail {
 public:
  explicit LogTail(std::function<void(std::string_view line)> next) : next_(std::move(next)) {}

  void line(std::string_view line);
  void bytes(std::string_view bytes);
  /// Passes on what came after the last newline.
  void flush();
  /// The lines, each indented by two blanks, joined by newlines.
  std::string text() const;

 private:
  std::function<void(std::string_view line)> next_;
  std::deque<std::string> lines_;
  std::string partial_;
};

}  // namespace fresh::images
