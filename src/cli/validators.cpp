#include "base/error.h"
#include "cli/command_values.h"
#include "cli/row_template.h"
#include "cli/rows.h"
#include "cli/verb_options.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <charconv>

namespace fresh::cli {

CLI::Validator whole_number(std::int64_t least, std::int64_t largest) {
  const std::string range = fmt::format("from {} to {}", least, largest);
  return {[=](const std::string& text) {
            std::int64_t value = 0;
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
            if (error == std::errc::invalid_argument || end != text.data() + text.size()) {
              return fmt::format("'{}' is no whole number, expected one {}", text, range);
            }
            const bool fits = error == std::errc() && value >= least && value <= largest;
            return fits ? std::string()
                        : fmt::format("{} is out of range, expected a number {}", text, range);
          },
          fmt::format("{} to {}", least, largest), "whole_number"};
}

std::string checked_format(const std::string& verb, const std::string& format, bool& json) {
  if (!is_template(format)) {
    json = json || format == json_word;
    return {};
  }
  if (json) {
    throw base::Error(base::ExitCode::usage, "--json and a template contradict each other",
                      "give one of the two");
  }
  const RowTemplate filled(format, columns_of(verb));
  return format;
}

CLI::Validator one_of(const std::string& flag, const std::vector<std::string>& words) {
  return {[=](const std::string& text) {
            check_word(flag, text, words);
            return std::string();
          },
          fmt::format("{{{}}}", fmt::join(words, ",")), "one_of"};
}

}  // namespace fresh::cli
