#include "compose/interpolate.h"

#include "document/refuse.h"

#include <fmt/core.h>

namespace fresh::compose {
namespace {

bool begins_name(char c) {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool in_name(char c) {
  return begins_name(c) || (c >= '0' && c <= '9');
}

std::string_view take_name(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && (end == 0 ? begins_name(text[end]) : in_name(text[end]))) {
    ++end;
  }
  return text.substr(0, end);
}

/// The end of a braced expression that begins after `${`: nested braces are matched by counting.
std::size_t closing_brace(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '$' && i + 1 < text.size() && text[i + 1] == '{') {
      ++depth;
      ++i;
    } else if (text[i] == '}' && depth-- == 0) {
      return i;
    }
  }
  return std::string_view::npos;
}

constexpr int deepest = 50;

class Substitution {
 public:
  Substitution(const Lookup& lookup, std::vector<std::string>& unset) : lookup_(lookup), unset_(unset) {}

  std::string whole(std::string_view text, int depth) {
    if (depth > deepest) {
      throw InterpolationError{fmt::format("an expression is nested deeper than {} levels", deepest), {}};
    }
    std::string result;
    while (!text.empty()) {
      const auto dollar = text.find('$');
      result += text.substr(0, dollar);
      if (dollar == std::string_view::npos) {
        break;
      }
      text.remove_prefix(dollar + 1);
      if (text.starts_with('$')) {
        result += '$';
        text.remove_prefix(1);
      } else if (text.starts_with('{')) {
        const auto end = closing_brace(text.substr(1));
        if (end == std::string_view::npos) {
          throw InterpolationError{fmt::format("invalid template: '${}' has no closing brace", text),
                                   "close the expression, or write '$$' for a dollar"};
        }
        result += braced(text.substr(1, end), depth);
        text.remove_prefix(end + 2);
      } else if (const auto name = take_name(text); !name.empty()) {
        result += plain(name);
        text.remove_prefix(name.size());
      } else {
        result += '$';
      }
    }
    return result;
  }

 private:
  std::string plain(std::string_view name) {
    auto value = lookup_(name);
    if (!value) {
      unset_.emplace_back(name);
    }
    return std::move(value).value_or("");
  }

  std::string braced(std::string_view inner, int depth) {
    const std::string_view name = take_name(inner);
    std::string_view rest = inner.substr(name.size());
    if (name.empty()) {
      throw InterpolationError{fmt::format("invalid template: '${{{}}}' names no variable", inner),
                               "a name is letters, digits and '_', as in ${NAME}"};
    }
    if (rest.empty()) {
      return plain(name);
    }
    const bool empty_counts_as_unset = rest.starts_with(':');
    if (empty_counts_as_unset) {
      rest.remove_prefix(1);
    }
    const char operation = rest.empty() ? '\0' : rest[0];
    if (operation != '-' && operation != '?' && operation != '+') {
      throw InterpolationError{fmt::format("invalid template: '${{{}}}'", inner),
                               "after the name one of :- - :? ? :+ + is expected"};
    }
    rest.remove_prefix(1);
    const auto value = lookup_(name);
    const bool is_set = value.has_value() && !(empty_counts_as_unset && value->empty());
    if (operation == '+') {
      return is_set ? whole(rest, depth + 1) : std::string();
    }
    if (is_set) {
      return *value;
    }
    if (operation == '-') {
      return whole(rest, depth + 1);
    }
    const std::string reason = whole(rest, depth + 1);
    throw InterpolationError{
        fmt::format("required variable {} is missing a value{}{}", name, reason.empty() ? "" : ": ", reason),
        fmt::format("set {} in the environment or in the file .env", name)};
  }

  const Lookup& lookup_;
  std::vector<std::string>& unset_;
};

}  // namespace

std::string substitute(std::string_view text, const Lookup& lookup, std::vector<std::string>& unset) {
  return Substitution(lookup, unset).whole(text, 0);
}

void interpolate(document::Node& node, const Lookup& lookup, std::vector<std::string>& unset) {
  for (auto& item : node.items) {
    interpolate(item, lookup, unset);
  }
  for (auto& entry : node.entries) {
    interpolate(entry.value, lookup, unset);
  }
  if (node.kind != document::Kind::text || node.scalar.find('$') == std::string::npos) {
    return;
  }
  try {
    node.scalar = substitute(node.scalar, lookup, unset);
  } catch (const InterpolationError& error) {
    document::refuse(node.place, error.message, error.hint);
  }
}

}  // namespace fresh::compose
