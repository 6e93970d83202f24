#include "cli/command_values.h"

#include "base/error.h"
#include "document/fields.h"
#include "document/refuse.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <ctime>

namespace fresh::cli {

using base::Error;
using base::ExitCode;

std::int64_t moment(const std::string& flag, const std::string& text, std::int64_t now) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) {
    return number;
  }
  if (const auto span = document::parse_duration(text)) {
    return now - std::chrono::duration_cast<std::chrono::seconds>(*span).count();
  }
  std::tm time{};
  const char* rest = ::strptime(text.c_str(), "%Y-%m-%d", &time);
  if (rest != nullptr && *rest != '\0') {
    rest = ::strptime(rest, "T%H:%M:%S", &time);
    while (rest != nullptr && (*rest == '.' || (*rest >= '0' && *rest <= '9'))) {
      ++rest;
    }
  }
  if (rest == nullptr || (*rest != '\0' && std::string_view(rest) != "Z")) {
    throw Error(ExitCode::usage, fmt::format("{}: '{}' is no point in time", flag, text),
                "write 10m, 2026-01-31T12:00:00Z, or seconds since 1970");
  }
  return ::timegm(&time);
}

void check_word(const std::string& flag, const std::string& word, const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), word) == known.end()) {
    throw Error(ExitCode::usage,
                known.size() == 1 ? fmt::format("{}: there is no '{}', only '{}'", flag, word, known.front())
                                  : fmt::format("{}: '{}' is none of {}", flag, word, fmt::join(known, ", ")),
                document::nearest_hint(word, known,
                                       known.size() == 1 ? "write " + known.front() : "write one of these"));
  }
}

std::map<std::string, std::string> assignments(const std::vector<std::string>& words,
                                               const std::map<std::string, std::string>& variables) {
  std::map<std::string, std::string> result;
  for (const auto& word : words) {
    const auto equals = word.find('=');
    if (equals != std::string::npos) {
      result[word.substr(0, equals)] = word.substr(equals + 1);
    } else if (const auto found = variables.find(word); found != variables.end()) {
      result[word] = found->second;
    }
  }
  return result;
}

std::optional<std::chrono::seconds> seconds(int value) {
  return value < 0 ? std::nullopt : std::optional(std::chrono::seconds(value));
}

std::map<std::string, int> scales(const std::vector<std::string>& words, const std::string& flag) {
  std::map<std::string, int> result;
  for (const auto& word : words) {
    const auto equals = word.find('=');
    int count = -1;
    if (equals != std::string::npos) {
      std::from_chars(word.data() + equals + 1, word.data() + word.size(), count);
    }
    if (equals == 0 || count < 0 || word.substr(equals + 1) != std::to_string(count)) {
      throw Error(ExitCode::usage, fmt::format("{}'{}' says not how many of which service", flag, word),
                  fmt::format("write it as {}web=3", flag));
    }
    result[word.substr(0, equals)] = count;
  }
  return result;
}

}  // namespace fresh::cli
