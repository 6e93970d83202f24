#include "determinism/terminal_text.h"

#include <algorithm>
#include <vector>

namespace fresh::determinism {
namespace {

/// The length of the code point that begins `text`; a stray byte counts as one.
std::size_t code_point_size(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t most = lead < 0xC0 || lead > 0xF7 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  std::size_t size = 1;
  while (size < std::min(most, text.size()) && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) {
    ++size;
  }
  return size;
}

/// The length of the control sequence (ESC [ parameters final) that begins `text`; 0 when there is none, or
/// none whole.
std::size_t control_sequence_size(std::string_view text) {
  if (!text.starts_with("\x1b[")) {
    return 0;
  }
  const auto end = std::find_if(text.begin() + 2, text.end(), [](char c) { return c < 0x20 || c > 0x3F; });
  return end != text.end() && *end >= 0x40 && *end <= 0x7E ? static_cast<std::size_t>(end - text.begin()) + 1
                                                           : 0;
}

/// One line and a cursor on it.
class Line {
 public:
  void put(std::string_view unit) {
    if (cursor_ >= cells_.size()) {
      cells_.resize(cursor_, " ");
      cells_.push_back(unit);
    } else {
      cells_[cursor_] = unit;
    }
    ++cursor_;
  }
  void home() { cursor_ = 0; }
  void left() { cursor_ -= cursor_ > 0 ? 1 : 0; }
  void erase(std::string_view mode) {
    if (mode == "1") {
      std::fill_n(cells_.begin(), std::min(cursor_ + 1, cells_.size()), " ");
    } else {
      cells_.resize(mode == "2" ? 0 : std::min(cursor_, cells_.size()));
    }
  }
  void flush(std::string& out) {
    for (const std::string_view unit : cells_) {
      out += unit;
    }
    cells_.clear();
    cursor_ = 0;
  }

 private:
  std::vector<std::string_view> cells_;
  std::size_t cursor_ = 0;
};

}  // namespace

std::string terminal_text(std::string_view text) {
  if (text.find_first_of("\r\b\x1b") == std::string_view::npos) {
    return std::string(text);
  }
  std::string out;
  Line line;
  while (!text.empty()) {
    std::size_t used = 1;
    if (text.front() == '\n') {
      line.flush(out);
      out += '\n';
    } else if (text.front() == '\r') {
      line.home();
    } else if (text.front() == '\b') {
      line.left();
    } else if (const std::size_t size = control_sequence_size(text); size > 0) {
      used = size;
      const char final = text[size - 1];
      if (final == 'K') {
        line.erase(text.substr(2, size - 3));
      } else if (final != 'm') {
        line.put(text.substr(0, size));
      }
    } else {
      used = code_point_size(text);
      line.put(text.substr(0, used));
    }
    text.remove_prefix(used);
  }
  line.flush(out);
  return out;
}

}  // namespace fresh::determinism
