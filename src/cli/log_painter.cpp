#include "cli/log_painter.h"

#include "cli/painter.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <unistd.h>

namespace fresh::cli {
namespace {

/// Those that are read well on dark and on light; the bright ones when the first are used up.
constexpr std::array<int, 10> colours{36, 33, 32, 35, 34, 96, 93, 92, 95, 94};

}  // namespace

LogStyle log_style(bool prefix, bool colour, const std::map<std::string, std::string>& environment) {
  return {.prefix = prefix,
          .colour = colour && wants_colour(STDOUT_FILENO, environment),
          .align = ::isatty(STDOUT_FILENO) == 1};
}

std::string LogPainter::name_of(const pipeline::OutputLine& line) {
  const std::size_t number = order_.emplace(line.name, order_.size()).first->second;
  return style_.colour ? fmt::format("\x1b[{}m{}\x1b[0m", colours.at(number % colours.size()), line.name)
                       : line.name;
}

std::string LogPainter::paint(const pipeline::OutputLine& line) {
  if (line.is_end) {
    return fmt::format("{} {}", name_of(line), line.text);
  }
  if (!style_.prefix) {
    return line.text;
  }
  widest_ = std::max(widest_, line.name.size());
  const std::size_t blanks = style_.align ? widest_ - line.name.size() : 0;
  return fmt::format("{}{} | {}", name_of(line), std::string(blanks, ' '), line.text);
}

}  // namespace fresh::cli
