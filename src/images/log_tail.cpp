#include "images/log_tail.h"

#include <fmt/core.h>

namespace fresh::images {
namespace {

constexpr std::size_t kept_lines = 20;
constexpr std::size_t longest_line = 4000;

}  // namespace

void LogTail::line(std::string_view line) {
  const std::size_t end = line.find_last_not_of("\r\n ");
  line = line.substr(0, end == std::string_view::npos ? 0 : end + 1).substr(0, longest_line);
  if (line.empty()) {
    return;
  }
  lines_.emplace_back(line);
  if (lines_.size() > kept_lines) {
    lines_.pop_front();
  }
  if (next_) {
    next_(line);
  }
}

void LogTail::bytes(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    partial_ += bytes.substr(0, end);
    if (end == std::string_view::npos && partial_.size() < longest_line) {
      return;
    }
    line(partial_);
    partial_.clear();
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  }
}

void LogTail::flush() {
  line(partial_);
  partial_.clear();
}

std::string LogTail::text() const {
  std::string text;
  for (const std::string& line : lines_) {
    text += fmt::format("{}  {}", text.empty() ? "" : "\n", line);
  }
  return text.empty() ? "  (it said nothing)" : text;
}

}  // namespace fresh::images
