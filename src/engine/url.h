#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fresh::engine {

/// Percent-encodes all but unreserved characters and those in `keep`.
std::string escape(std::string_view text, std::string_view keep = {});

/// An image name, a container name or an id as part of a path: '/', ':' and '@' stay readable, both engines
/// take them.
std::string path_part(std::string_view name);

/// A query string in the order in which it was filled: `?a=1&b=2`, empty without parameters.
class Query {
 public:
  Query& add(std::string_view name, std::string_view value);
  Query& add(std::string_view name, bool value) {
    return add(name, std::string_view(value ? "true" : "false"));
  }
  Query& add(std::string_view name, const char* value) { return add(name, std::string_view(value)); }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace fresh::engine
