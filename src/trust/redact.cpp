#include "trust/redact.h"

#include <algorithm>
#include <mutex>

namespace fresh::trust {
namespace {

constexpr std::size_t shortest_hidden = 8;
constexpr std::string_view mask = "***";

}  // namespace

Redactor::Redactor(const std::vector<std::string>& secrets) {
  add(secrets);
}

void Redactor::add(const std::vector<std::string>& secrets) {
  const std::unique_lock lock(mutex_);
  for (const auto& secret : secrets) {
    std::size_t begin = 0;
    while (begin <= secret.size()) {
      const std::size_t end = std::min(secret.find_first_of("\r\n", begin), secret.size());
      if (end - begin >= shortest_hidden) {
        values_.push_back(secret.substr(begin, end - begin));
      }
      begin = end + 1;
    }
  }
  std::sort(values_.begin(), values_.end(), [](const std::string& left, const std::string& right) {
    return left.size() != right.size() ? left.size() > right.size() : left < right;
  });
  values_.erase(std::unique(values_.begin(), values_.end()), values_.end());
}

std::string Redactor::redact(std::string_view text) const {
  const std::shared_lock lock(mutex_);
  std::string result(text);
  for (const auto& value : values_) {
    for (auto at = result.find(value); at != std::string::npos; at = result.find(value, at + mask.size())) {
      result.replace(at, value.size(), mask);
    }
  }
  return result;
}

bool Redactor::finds_secret(std::string_view text) const {
  const std::shared_lock lock(mutex_);
  return std::any_of(values_.begin(), values_.end(),
                     [&](const std::string& value) { return text.find(value) != std::string_view::npos; });
}

}  // namespace fresh::trust
