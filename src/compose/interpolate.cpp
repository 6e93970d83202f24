#include "compose/interpolate.h"

#include "compose/cast.h"
#include "compose/schema.h"
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

/// The end of a braced expression that begins after `${`, as compose finds it: braces of any kind are counted
/// (a default may be JSON), the character behind an opening one is not looked at; when they do not match, the
/// last brace of the line counts.
std::size_t closing_brace(std::string_view text) {
  const auto name = take_name(text).size();
  if (name < text.size() && text[name] == '}') {
    return name;
  }
  int depth = 1;
  std::size_t end = 1;
  for (; end < text.size() && text[end] != '\n'; ++end) {
    if (text[end] == '}') {
      if (--depth == 0) {
        return end;
      }
    } else if (text[end] == '{') {
      ++depth;
      end += end + 1 < text.size() && text[end + 1] != '\n' ? 1U : 0U;
    }
  }
  return text.substr(0, end).rfind('}');
}

constexpr int deepest = 50;

class Substitution {
 public:
  Substitution(const Lookup& lookup, std::vector<std::string>& unset) : lookup_(lookup), unset_(unset) {}

  std::string whole(std::string_view text, int depth) {
    if (depth > deepest) {
      throw InterpolationError{fmt::format("an expression is nested deeper than {} levels", deepest),
                               "write fewer '${' inside one another"};
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
          throw InterpolationError{
              fmt::format("invalid template: '${}' has no closing brace", text.substr(0, text.find('\n'))),
              "close the expression in the same line, or write '$$' for a dollar"};
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
    // As docker compose does, also when it is not needed: what is wrong in it is found before the day it
    // counts.
    const auto unset = unset_.size();
    std::string other = whole(rest, depth + 1);
    if (is_set != (operation == '+')) {
      unset_.resize(unset);
    }
    if (operation == '+') {
      return is_set ? other : std::string();
    }
    if (is_set) {
      return *value;
    }
    if (operation == '-') {
      return other;
    }
    throw InterpolationError{
        fmt::format("required variable {} is missing a value{}{}", name, other.empty() ? "" : ": ", other),
        fmt::format("set {} in the environment or in the file .env", name)};
  }

  const Lookup& lookup_;
  std::vector<std::string>& unset_;
};

}  // namespace

std::string substitute(std::string_view text, const Lookup& lookup, std::vector<std::string>& unset) {
  return Substitution(lookup, unset).whole(text, 0);
}

namespace {

class Interpolation {
 public:
  Interpolation(const Lookup& lookup, std::vector<std::string>& unset) : lookup_(lookup), unset_(unset) {}

  void visit(document::Node& node, const Key* key) {
    for (auto& item : node.items) {
      visit(item, item_of(key));
    }
    for (auto& entry : node.entries) {
      visit(entry.value, child(key, entry.key));
    }
    if (node.kind != document::Kind::text) {
      return;
    }
    if (node.scalar.find('$') != std::string::npos) {
      try {
        node.scalar = substitute(node.scalar, lookup_, unset_);
      } catch (const InterpolationError& error) {
        document::refuse(node.place, error.message, error.hint);
      }
    }
    if (key != nullptr && key->cast) {
      cast(node, *key);
    }
  }

 private:
  const Lookup& lookup_;
  std::vector<std::string>& unset_;
};

}  // namespace

std::vector<Expression> expressions_of(std::string_view text) {
  std::vector<Expression> result;
  for (auto dollar = text.find('$'); dollar != std::string_view::npos; dollar = text.find('$')) {
    text.remove_prefix(dollar + 1);
    if (text.starts_with('{')) {
      const auto end = closing_brace(text.substr(1));
      const std::string_view inner = text.substr(1, end == std::string_view::npos ? 0 : end);
      if (const auto name = take_name(inner); !name.empty()) {
        result.push_back({name, inner.substr(name.size())});
        text.remove_prefix(end + 2);
      }
    } else if (const auto name = take_name(text); !name.empty()) {
      result.push_back({name, {}});
      text.remove_prefix(name.size());
    } else if (text.starts_with('$')) {
      text.remove_prefix(1);
    }
  }
  return result;
}

void interpolate(document::Node& root, const Lookup& lookup, std::vector<std::string>& unset) {
  Interpolation(lookup, unset).visit(root, &compose_file);
}

}  // namespace fresh::compose
