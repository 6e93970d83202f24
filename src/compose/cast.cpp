#include "compose/cast.h"

#include "base/lines.h"
#include "document/refuse.h"
#include "document/scalar.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace fresh::compose {
namespace {

using document::Kind;
using document::Node;

template <typename Number>
std::optional<Number> number(std::string_view text) {
  text.remove_prefix(text.starts_with('+') ? 1 : 0);
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// An item of a map has no name of its own.
std::string called(const Key& key) {
  return key.name.empty() ? "this value" : fmt::format("'{}'", key.name);
}

void cast_flag(Node& node, const Key& key) {
  const std::string word = base::lower(node.scalar);
  const auto is = [&](std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  if (is({"true", "y", "yes", "on"})) {
    node.scalar = "true";
  } else if (is({"false", "n", "no", "off"})) {
    node.scalar = "false";
  } else {
    document::refuse(node.place,
                     fmt::format("{} must be true or false, found '{}'", called(key), node.scalar),
                     value_hint(node.scalar, "write true or false"));
  }
  node.kind = Kind::boolean;
}

void cast_whole(Node& node, const Key& key) {
  const auto value = number<std::int64_t>(node.scalar);
  if (!value) {
    document::refuse(
        node.place, fmt::format("{} must be a whole number, found '{}'", called(key), node.scalar),
        value_hint(node.scalar, key.name == "mode" ? "write it in octal, like 0440" : "write digits alone"));
  }
  node.scalar = std::to_string(*value);
  node.kind = Kind::integer;
}

void cast_real(Node& node, const Key& key) {
  const auto value = number<double>(node.scalar);
  if (!value) {
    document::refuse(node.place, fmt::format("{} must be a number, found '{}'", called(key), node.scalar),
                     value_hint(node.scalar, "write a number like 0.5"));
  }
  set_real(node, *value);
}

struct Unit {
  std::string_view name;
  double nanoseconds;
};

constexpr std::array units{Unit{"ns", 1},   Unit{"us", 1e3}, Unit{"µs", 1e3}, Unit{"μs", 1e3},
                           Unit{"ms", 1e6}, Unit{"s", 1e9},  Unit{"m", 6e10}, Unit{"h", 3.6e12}};

/// Without trailing zeros of the fraction: `1.5`, `2`.
std::string decimal(std::int64_t value, std::int64_t unit) {
  std::string text = std::to_string(value / unit);
  std::string fraction = std::to_string(value % unit + unit).substr(1);
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return fraction.empty() ? text : text + "." + fraction;
}

}  // namespace

std::string value_hint(std::string_view written, std::string hint) {
  return written.empty() ? hint + "; a variable that is not set is empty: ${NAME:-value} has a default"
                         : hint;
}

void set_real(Node& node, double value) {
  node.scalar = document::go_number(value, true);
  node.kind = node.scalar.find_first_of(".e") == std::string::npos ? Kind::integer : Kind::real;
}

void cast(Node& node, const Key& key) {
  if (node.kind != Kind::text) {
    return;
  }
  switch (key.form) {
    case Form::flag:
    case Form::maybe_flag:
      cast_flag(node, key);
      return;
    case Form::whole:
    case Form::maybe_whole:
      cast_whole(node, key);
      return;
    case Form::real:
      cast_real(node, key);
      return;
    case Form::object:  // a limit may be a number alone
      if ((key.accepts & kinds::integer) != 0) {
        cast_whole(node, key);
      }
      return;
    default:
      return;
  }
}

std::optional<std::int64_t> bytes_of(std::string_view text) {
  if (text == "-1") {
    return -1;  // without a limit: how docker compose itself prints it
  }
  const auto last = text.find_last_of("0123456789. ");
  if (last == std::string_view::npos) {
    return std::nullopt;
  }
  const auto value = text.starts_with('+')
                         ? std::nullopt
                         : number<double>(text.substr(0, text[last] == ' ' ? last : last + 1));
  std::string suffix = base::lower(text.substr(last + 1));
  if (!value || !std::isfinite(*value) || *value < 0 || suffix.size() > 3) {
    return std::nullopt;
  }
  double size = *value;
  if (!suffix.empty() && suffix != "b") {
    const auto power = std::string_view("kmgtp").find(suffix[0]);
    suffix.erase(0, 1);
    if (power == std::string_view::npos || !(suffix.empty() || suffix == "b" || suffix == "ib")) {
      return std::nullopt;
    }
    size *= std::pow(1024.0, static_cast<double>(power) + 1);
  }
  if (size >= static_cast<double>(std::numeric_limits<std::int64_t>::max())) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(size);
}

std::optional<std::int64_t> nanoseconds_of(std::string_view text) {
  const bool negative = text.starts_with('-');
  text.remove_prefix(text.starts_with('-') || text.starts_with('+') ? 1 : 0);
  if (text == "0") {
    return 0;
  }
  if (text.empty()) {
    return std::nullopt;
  }
  double total = 0;
  while (!text.empty()) {
    const auto digits = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto value = number<double>(text.substr(0, digits));
    text.remove_prefix(digits);
    const auto length = std::min(text.find_first_of("0123456789."), text.size());
    const auto unit = std::find_if(units.begin(), units.end(),
                                   [&](const Unit& one) { return one.name == text.substr(0, length); });
    if (!value || unit == units.end()) {
      return std::nullopt;
    }
    total += *value * unit->nanoseconds;
    text.remove_prefix(length);
  }
  if (total > 9.2e18) {
    return std::nullopt;
  }
  const auto rounded = std::llround(total);
  return negative ? -rounded : rounded;
}

std::string duration_text(std::int64_t nanoseconds) {
  if (nanoseconds == 0) {
    return "0s";
  }
  const std::string sign = nanoseconds < 0 ? "-" : "";
  const std::int64_t value = nanoseconds < 0 ? -nanoseconds : nanoseconds;
  constexpr std::int64_t second = 1'000'000'000;
  if (value < 1'000) {
    return fmt::format("{}{}ns", sign, value);
  }
  if (value < 1'000'000) {
    return fmt::format("{}{}µs", sign, decimal(value, 1'000));
  }
  if (value < second) {
    return fmt::format("{}{}ms", sign, decimal(value, 1'000'000));
  }
  const std::string seconds = decimal(value % (60 * second), second) + "s";
  const std::int64_t minutes = value / (60 * second);
  if (minutes == 0) {
    return sign + seconds;
  }
  if (minutes < 60) {
    return fmt::format("{}{}m{}", sign, minutes, seconds);
  }
  return fmt::format("{}{}h{}m{}", sign, minutes / 60, minutes % 60, seconds);
}

}  // namespace fresh::compose
