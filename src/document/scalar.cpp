#include "document/scalar.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>

namespace fresh::document {
namespace {

constexpr std::string_view decimal_digits = "0123456789";

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool all_digits(std::string_view text, std::string_view digits = decimal_digits) {
  return !text.empty() && text.find_first_not_of(digits) == std::string_view::npos;
}

std::string_view without_sign(std::string_view text) {
  return !text.empty() && (text[0] == '-' || text[0] == '+') ? text.substr(1) : text;
}

bool is_core_integer(std::string_view text) {
  if (text.starts_with("0o")) {
    return all_digits(text.substr(2), "01234567");
  }
  if (text.starts_with("0x")) {
    return all_digits(text.substr(2), "0123456789abcdefABCDEF");
  }
  return all_digits(without_sign(text));
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, which core schema and go-yaml share.
bool is_decimal(std::string_view text) {
  text = without_sign(text);
  const auto exponent = text.find_first_of("eE");
  if (exponent != std::string_view::npos && !all_digits(without_sign(text.substr(exponent + 1)))) {
    return false;
  }
  const std::string_view mantissa = text.substr(0, exponent);
  const auto dot = mantissa.find('.');
  if (dot == std::string_view::npos) {
    return all_digits(mantissa);
  }
  const std::string_view whole = mantissa.substr(0, dot);
  const std::string_view fraction = mantissa.substr(dot + 1);
  const auto fine = [](std::string_view part) { return part.empty() || all_digits(part); };
  return fine(whole) && fine(fraction) && !(whole.empty() && fraction.empty());
}

bool is_core_real(std::string_view text) {
  return is_one_of(text, {".nan", ".NaN", ".NAN"}) ||
         is_one_of(without_sign(text), {".inf", ".Inf", ".INF"}) || is_decimal(text);
}

std::optional<Kind> word_kind(std::string_view text) {
  if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) {
    return Kind::null;
  }
  if (is_one_of(text, {"true", "True", "TRUE", "false", "False", "FALSE"})) {
    return Kind::boolean;
  }
  return std::nullopt;
}

template <typename Integer>
bool read_all(std::string_view digits, int base, Integer& value) {
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  return error == std::errc() && end == digits.data() + digits.size();
}

/// Go's strconv.ParseInt and ParseUint with base 0.
std::optional<std::string> go_integer(std::string_view text) {
  const bool negative = text.starts_with('-');
  std::string_view digits = without_sign(text);
  int base = 10;
  if (digits.size() > 1 && digits[0] == '0') {
    const char mark = static_cast<char>(digits[1] | 0x20);
    base = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
    digits.remove_prefix(mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1);
  }
  std::uint64_t value = 0;
  if (digits.empty() || !read_all(digits, base, value)) {
    return std::nullopt;
  }
  constexpr std::uint64_t lowest = std::uint64_t{1} << 63U;
  if ((negative && value > lowest) || (text.starts_with('+') && value >= lowest)) {
    return std::nullopt;
  }
  return (negative && value != 0 ? "-" : "") + std::to_string(value);
}

struct Fields {
  std::string_view rest;

  /// One to `most` digits; -1 when there are none.
  int number(std::size_t most) {
    const std::size_t count = std::min(std::min(rest.find_first_not_of(decimal_digits), rest.size()), most);
    int value = 0;
    if (count == 0 || !read_all(rest.substr(0, count), 10, value)) {
      return -1;
    }
    rest.remove_prefix(count);
    return value;
  }

  bool skip(std::string_view one_of) {
    const bool there = !rest.empty() && one_of.find(rest[0]) != std::string_view::npos;
    rest.remove_prefix(there ? 1 : 0);
    return there;
  }
};

int days_of(int year, int month) {
  constexpr std::array days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days.at(static_cast<std::size_t>(month) - 1) + (month == 2 && leap ? 1 : 0);
}

/// `.5` of a second, without zeros at its end and finer than Go's clock; nothing when there is none.
std::string fraction_of(Fields& fields) {
  if (fields.rest.size() < 2 || !all_digits(fields.rest.substr(1, 1)) || !fields.skip(".,")) {
    return {};
  }
  constexpr std::size_t finest = 9;
  const std::size_t count = std::min(fields.rest.find_first_not_of(decimal_digits), fields.rest.size());
  std::string digits(fields.rest.substr(0, std::min(count, finest)));
  fields.rest.remove_prefix(count);
  digits.erase(digits.find_last_not_of('0') + 1);
  return digits.empty() ? digits : "." + digits;
}

/// `+0000 UTC` from `Z`, `+0200 +0200` from `+02:00`.
std::optional<std::string> zone_of(Fields& fields) {
  if (fields.skip("Z")) {
    return "+0000 UTC";
  }
  const char sign = fields.rest.empty() ? ' ' : fields.rest[0];
  if (fields.rest.size() != 6 || fields.rest[3] != ':' || !fields.skip("+-")) {
    return std::nullopt;
  }
  const int hours = fields.number(2);
  fields.skip(":");
  const int minutes = fields.number(2);
  if (hours < 0 || hours > 24 || minutes < 0 || minutes > 60 || !fields.rest.empty()) {
    return std::nullopt;
  }
  const int offset = hours * 60 + minutes;
  return offset == 0 ? "+0000 UTC"
                     : fmt::format("{0}{1:02}{2:02} {0}{1:02}{2:02}", sign, offset / 60, offset % 60);
}

/// `2024-01-15`, also with a time, as Go prints a time.
std::optional<std::string> go_time(std::string_view text) {
  if (text.size() < 8 || !all_digits(text.substr(0, 4)) || text[4] != '-') {
    return std::nullopt;
  }
  Fields fields{text};
  const int year = fields.number(4);
  fields.skip("-");
  const int month = fields.number(2);
  if (month < 1 || month > 12 || !fields.skip("-")) {
    return std::nullopt;
  }
  const int day = fields.number(2);
  if (day < 1 || day > days_of(year, month)) {
    return std::nullopt;
  }
  int hour = 0;
  int minute = 0;
  int second = 0;
  std::string fraction;
  std::string zone = "+0000 UTC";
  if (!fields.rest.empty()) {
    const bool is_zoned = fields.rest[0] != ' ';
    if (!fields.skip("Tt ")) {
      return std::nullopt;
    }
    hour = fields.number(2);
    minute = fields.skip(":") ? fields.number(2) : -1;
    second = fields.skip(":") ? fields.number(2) : -1;
    const bool in_range = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
    fraction = fraction_of(fields);
    const auto written = is_zoned ? zone_of(fields) : std::optional(zone);
    if (!in_range || !written || !fields.rest.empty()) {
      return std::nullopt;
    }
    zone = *written;
  }
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}{} {}", year, month, day, hour, minute, second,
                     fraction, zone);
}

Kind go_number_kind(std::string& text) {
  if (auto time = go_time(text)) {
    text = *std::move(time);
    return Kind::time;
  }
  std::string plain = text;
  std::erase(plain, '_');
  if (auto integer = go_integer(plain)) {
    text = *std::move(integer);
    return Kind::integer;
  }
  double value = 0;
  const std::string_view digits = plain.starts_with('+') ? std::string_view(plain).substr(1) : plain;
  if (!is_decimal(plain) ||
      std::from_chars(digits.data(), digits.data() + digits.size(), value).ec != std::errc()) {
    return Kind::text;
  }
  text = go_number(value);
  return Kind::real;
}

/// The digits of a number in scientific form, `d.ddd` without the dot, and its exponent.
std::string go_digits(std::string_view scientific) {
  const auto mark = scientific.find('e');
  std::string digits(scientific.substr(0, mark));
  int exponent = 0;
  std::string_view power = scientific.substr(mark + 1);
  power.remove_prefix(power.starts_with('+') ? 1 : 0);
  read_all(power, 10, exponent);
  const std::string sign = digits.starts_with('-') ? "-" : "";
  std::erase(digits, '.');
  std::erase(digits, '-');
  if (exponent < -4 || exponent >= 6) {
    return fmt::format("{}{}{}{}e{}{:02}", sign, digits[0], digits.size() > 1 ? "." : "", digits.substr(1),
                       exponent < 0 ? '-' : '+', std::abs(exponent));
  }
  if (exponent < 0) {
    return sign + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  }
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) {
    return sign + digits + std::string(whole - digits.size(), '0');
  }
  return sign + digits.substr(0, whole) + "." + digits.substr(whole);
}

}  // namespace

Kind core_kind(std::string_view text) {
  if (const auto word = word_kind(text)) {
    return *word;
  }
  if (is_core_integer(text)) {
    return Kind::integer;
  }
  return is_core_real(text) ? Kind::real : Kind::text;
}

Kind go_kind(std::string& text) {
  if (const auto word = word_kind(text)) {
    if (*word == Kind::boolean) {
      text = text[0] == 't' || text[0] == 'T' ? "true" : "false";
    }
    return *word;
  }
  const char first = text[0];
  if (first == '.') {
    if (is_core_real(text) && !is_decimal(text)) {
      return Kind::real;
    }
  } else if (first != '-' && first != '+' && (first < '0' || first > '9')) {
    return Kind::text;
  }
  if (is_core_real(text) && !is_decimal(text)) {
    return Kind::real;
  }
  return first == '.' && !is_decimal(text) ? Kind::text : go_number_kind(text);
}

std::string rfc3339(std::string_view go_time) {
  const auto day = go_time.find(' ');
  const auto clock = go_time.find(' ', day + 1);
  const std::string_view zone = go_time.substr(clock + 1);
  return fmt::format(
      "{}T{}{}", go_time.substr(0, day), go_time.substr(day + 1, clock - day - 1),
      zone.ends_with("UTC") ? "Z" : fmt::format("{}:{}", zone.substr(0, 3), zone.substr(3, 2)));
}

std::string go_number(double value, bool single) {
  if (!std::isfinite(value)) {
    return std::isnan(value) ? "NaN" : value < 0 ? "-Inf" : "+Inf";
  }
  if (value == 0) {
    return std::signbit(value) ? "-0" : "0";
  }
  std::array<char, 64> buffer{};
  const auto end = single ? std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                          static_cast<float>(value), std::chars_format::scientific)
                          : std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                          std::chars_format::scientific);
  return go_digits(std::string_view(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data())));
}

}  // namespace fresh::document
