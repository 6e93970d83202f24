#include "document/node.h"

#include "document/refuse.h"
#include "document/scalar.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace fresh::document {
namespace {

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

}  // namespace

std::string Place::text() const {
  return source ? fmt::format("{}:{}:{}", source->name, line, column) : "(built in)";
}

std::string_view shown(Kind kind) {
  switch (kind) {
    case Kind::null:
      return "nothing";
    case Kind::boolean:
      return "a boolean";
    case Kind::integer:
      return "a whole number";
    case Kind::real:
      return "a number";
    case Kind::text:
      return "text";
    case Kind::time:
      return "a date";
    case Kind::list:
      return "a list";
    case Kind::map:
      return "a map";
  }
  return "a value";
}

const Node* Node::find(std::string_view key) const {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &found->value;
}

Node* Node::find(std::string_view key) {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &found->value;
}

bool Node::boolean() const {
  if (kind != Kind::boolean) {
    refuse(place,
           fmt::format("expected true or false, found {}", is_scalar() ? "'" + scalar + "'" : shown(kind)),
           "write true or false, without quotes");
  }
  return is_one_of(scalar, {"true", "True", "TRUE"});
}

std::int64_t Node::integer() const {
  if (kind != Kind::integer) {
    refuse(place,
           fmt::format("expected a whole number, found {}", is_scalar() ? "'" + scalar + "'" : shown(kind)),
           "write digits alone, without quotes");
  }
  std::string_view digits = scalar;
  int base = 10;
  if (digits.starts_with("0x") || digits.starts_with("0o")) {
    base = digits[1] == 'x' ? 16 : 8;
    digits.remove_prefix(2);
  } else if (digits.starts_with('+')) {
    digits.remove_prefix(1);
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    refuse(place, fmt::format("the number '{}' is too large", scalar), "write a smaller number");
  }
  return value;
}

double Node::real() const {
  if (kind == Kind::integer) {
    return static_cast<double>(integer());
  }
  const std::string_view digits = scalar.starts_with('+') ? std::string_view(scalar).substr(1) : scalar;
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (kind != Kind::real || error != std::errc() || end != digits.data() + digits.size()) {
    refuse(place, fmt::format("expected a number, found {}", is_scalar() ? "'" + scalar + "'" : shown(kind)),
           "write a number, without quotes");
  }
  return value;
}

const std::string& Node::text() const {
  if (!is_scalar()) {
    refuse(place, fmt::format("expected text, found {}", shown(kind)), "write one value here");
  }
  return scalar;
}

Node text_node(std::string text, Place place) {
  Node node;
  node.kind = core_kind(text);
  node.scalar = std::move(text);
  node.place = std::move(place);
  return node;
}

}  // namespace fresh::document
