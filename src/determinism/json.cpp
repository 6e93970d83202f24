#include "determinism/json.h"

#include "base/error.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <set>

namespace fresh::determinism {
namespace {

constexpr std::size_t deepest = 100;

/// Builds the tree from the events of the parser; a refusal is kept as text, for the parser knows the place.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return put({}); }
  bool boolean(bool value) override {
    return put({.kind = JsonKind::boolean, .scalar = value ? "true" : "false"});
  }
  bool number_integer(number_integer_t value) override { return put_number(fmt::format("{}", value)); }
  bool number_unsigned(number_unsigned_t value) override { return put_number(fmt::format("{}", value)); }
  bool number_float(number_float_t /*value*/, const string_t& token) override { return put_number(token); }
  bool string(string_t& value) override { return put({.kind = JsonKind::text, .scalar = std::move(value)}); }
  bool binary(binary_t& /*value*/) override { return refuse("binary data is no JSON"); }
  bool start_object(std::size_t /*size*/) override { return open(JsonKind::map); }
  bool start_array(std::size_t /*size*/) override { return open(JsonKind::list); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    if (!open_.back().keys.insert(name).second) {
      return refuse(fmt::format("the key '{}' occurs twice", name));
    }
    open_.back().value.members.emplace_back(std::move(name), Json{});
    return true;
  }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::json::exception& error) override {
    position_ = position;
    const std::string_view what = error.what();
    const auto reason = what.find(": ");
    return refuse(std::string(reason == std::string_view::npos ? what : what.substr(reason + 2)));
  }

  Json take() { return std::move(root_); }
  const std::string& refusal() const { return refusal_; }
  std::size_t position() const { return position_; }

 private:
  struct Open {
    Json value;
    std::set<std::string, std::less<>> keys = {};
  };

  bool put_number(std::string token) { return put({.kind = JsonKind::number, .scalar = std::move(token)}); }

  bool put(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().value.kind == JsonKind::map) {
      open_.back().value.members.back().second = std::move(value);
    } else {
      open_.back().value.items.push_back(std::move(value));
    }
    return true;
  }

  bool open(JsonKind kind) {
    if (open_.size() == deepest) {
      return refuse(fmt::format("nested deeper than {} levels", deepest));
    }
    open_.push_back({.value = {.kind = kind}});
    return true;
  }

  bool close() {
    Json value = std::move(open_.back().value);
    open_.pop_back();
    return put(std::move(value));
  }

  bool refuse(std::string why) {
    refusal_ = std::move(why);
    return false;
  }

  Json root_;
  std::vector<Open> open_;
  std::string refusal_;
  std::size_t position_ = 0;
};

std::string place(std::string_view text, std::size_t position) {
  const std::string_view before = text.substr(0, std::min(position, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto newline = before.rfind('\n');
  return fmt::format("{}:{}", line,
                     newline == std::string_view::npos ? before.size() : before.size() - newline - 1);
}

/// In UTF-16, U+E000..U+FFFF come after the surrogates, in UTF-8 before them.
int utf16_rank(unsigned char byte) {
  return byte == 0xEE || byte == 0xEF ? byte + 0x10 : byte;
}

bool utf16_less(std::string_view a, std::string_view b) {
  const auto [left, right] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (left == a.end() || right == b.end()) {
    return right != b.end();
  }
  return utf16_rank(static_cast<unsigned char>(*left)) < utf16_rank(static_cast<unsigned char>(*right));
}

void write_text(const std::string& text, std::string& out) {
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  out += '"';
}

void write(const Json& value, std::string& out) {
  switch (value.kind) {
    case JsonKind::null:
      out += "null";
      return;
    case JsonKind::boolean:
    case JsonKind::number:
      out += value.scalar;
      return;
    case JsonKind::text:
      write_text(value.scalar, out);
      return;
    case JsonKind::list:
      out += '[';
      for (const Json& item : value.items) {
        out += &item == &value.items.front() ? "" : ",";
        write(item, out);
      }
      out += ']';
      return;
    case JsonKind::map:
      break;
  }
  std::vector<const std::pair<std::string, Json>*> sorted;
  for (const auto& member : value.members) {
    sorted.push_back(&member);
  }
  std::sort(sorted.begin(), sorted.end(), [](auto* a, auto* b) { return utf16_less(a->first, b->first); });
  out += '{';
  for (const auto* member : sorted) {
    out += member == sorted.front() ? "" : ",";
    write_text(member->first, out);
    out += ':';
    write(member->second, out);
  }
  out += '}';
}

}  // namespace

const Json* Json::find(std::string_view key) const {
  const auto found =
      std::find_if(members.begin(), members.end(), [key](const auto& member) { return member.first == key; });
  return found == members.end() ? nullptr : &found->second;
}

Json parse_json(std::string_view text, const std::string& name) {
  Builder builder;
  if (!nlohmann::json::sax_parse(text, &builder)) {
    const std::string where = builder.position() == 0 ? name : name + ":" + place(text, builder.position());
    throw base::Error(base::ExitCode::notebooks,
                      fmt::format("{}: this is no valid JSON: {}", where, builder.refusal()),
                      fmt::format("open '{}' in Jupyter and save it again, or restore it from git", name));
  }
  return builder.take();
}

std::string canonical_json(const Json& value) {
  std::string out;
  write(value, out);
  return out;
}

}  // namespace fresh::determinism
