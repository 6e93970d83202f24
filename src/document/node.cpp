#include "document/node.h"

#include "document/refuse.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace fresh::document {
namespace {

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool all_digits(std::string_view text, std::string_view digits) {
  return !text.empty() && text.find_first_not_of(digits) == std::string_view::npos;
}

constexpr std::string_view decimal_digits = "0123456789";

std::string_view without_sign(std::string_view text) {
  return !text.empty() && (text[0] == '-' || text[0] == '+') ? text.substr(1) : text;
}

// YAML 1.2 core schema, section 10.3.2: tag resolution of plain scalars.
bool is_integer(std::string_view text) {
  if (text.starts_with("0o")) {
    return all_digits(text.substr(2), "01234567");
  }
  if (text.starts_with("0x")) {
    return all_digits(text.substr(2), "0123456789abcdefABCDEF");
  }
  return all_digits(without_sign(text), decimal_digits);
}

bool is_real(std::string_view text) {
  if (is_one_of(text, {".nan", ".NaN", ".NAN"})) {
    return true;
  }
  text = without_sign(text);
  if (is_one_of(text, {".inf", ".Inf", ".INF"})) {
    return true;
  }
  const auto exponent = text.find_first_of("eE");
  std::string_view mantissa = text.substr(0, exponent);
  if (exponent != std::string_view::npos &&
      !all_digits(without_sign(text.substr(exponent + 1)), decimal_digits)) {
    return false;
  }
  const auto dot = mantissa.find('.');
  if (dot == std::string_view::npos) {
    return exponent != std::string_view::npos && all_digits(mantissa, decimal_digits);
  }
  const std::string_view whole = mantissa.substr(0, dot);
  const std::string_view fraction = mantissa.substr(dot + 1);
  const auto fine = [](std::string_view part) { return part.empty() || all_digits(part, decimal_digits); };
  return fine(whole) && fine(fraction) && !(whole.empty() && fraction.empty());
}

Kind plain_kind(std::string_view text) {
  if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) {
    return Kind::null;
  }
  if (is_one_of(text, {"true", "True", "TRUE", "false", "False", "FALSE"})) {
    return Kind::boolean;
  }
  if (is_integer(text)) {
    return Kind::integer;
  }
  return is_real(text) ? Kind::real : Kind::text;
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
  node.kind = plain_kind(text);
  node.scalar = std::move(text);
  node.place = std::move(place);
  return node;
}

}  // namespace fresh::document
