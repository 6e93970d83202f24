#include "environment/version.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

namespace fresh::environment {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

struct Parts {
  std::vector<unsigned long> release;
  std::string rest;
};

Parts parts(std::string_view version) {
  Parts result;
  while (!version.empty() && is_digit(version.front())) {
    unsigned long number = 0;
    const auto read = std::from_chars(version.data(), version.data() + version.size(), number);
    version.remove_prefix(static_cast<std::size_t>(read.ptr - version.data()));
    result.release.push_back(number);
    if (version.size() < 2 || version[0] != '.' || !is_digit(version[1])) {
      break;
    }
    version.remove_prefix(1);
  }
  while (!result.release.empty() && result.release.back() == 0) {
    result.release.pop_back();
  }
  for (const char c : version) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    result.rest += lower == '-' || lower == '_' ? '.' : lower;
  }
  return result;
}

}  // namespace

std::weak_ordering compare_versions(std::string_view left, std::string_view right) {
  const Parts a = parts(left);
  const Parts b = parts(right);
  if (const auto order = a.release <=> b.release; order != 0) {
    return order;
  }
  return a.rest <=> b.rest;
}

bool is_version(std::string_view text) {
  return !text.empty() && is_digit(text.front());
}

}  // namespace fresh::environment
