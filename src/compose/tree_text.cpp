#include "compose/tree_text.h"

#include "document/scalar.h"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

namespace fresh::compose {
namespace {

using document::Entry;
using document::Kind;
using document::Node;

bool is_plain_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.' || c == '/' || c == ' ' || c == '$';
}

/// Plain when no YAML reader could take it for anything but this text; YAML 1.1 words are quoted too.
bool is_plain(const std::string& text) {
  static const std::vector<std::string> words{"y",  "Y",  "yes", "Yes", "YES", "n",   "N",   "no",
                                              "No", "NO", "on",  "On",  "ON",  "off", "Off", "OFF"};
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_plain_char) || text.front() == ' ' ||
      text.back() == ' ' || text.front() == '-' || text.front() == '.') {
    return false;
  }
  std::string resolved = text;
  return document::core_kind(text) == Kind::text && document::go_kind(resolved) == Kind::text &&
         resolved == text && std::find(words.begin(), words.end(), text) == words.end();
}

/// The length of a character that YAML takes for a line break or refuses to read raw; 0 for others.
std::size_t unreadable(std::string_view rest) {
  const auto at = [&](std::size_t i) { return i < rest.size() ? static_cast<unsigned char>(rest[i]) : 0U; };
  if (at(0) == 0xC2 && at(1) < 0xA0) {
    return 2;  // C1 controls, NEL among them
  }
  const bool separator = at(0) == 0xE2 && at(1) == 0x80 && (at(2) == 0xA8 || at(2) == 0xA9);
  const bool mark = at(0) == 0xEF && ((at(1) == 0xBB && at(2) == 0xBF) || (at(1) == 0xBF && at(2) >= 0xBE));
  return separator || mark ? 3 : 0;
}

std::string in_quotes(std::string_view text) {
  std::string result = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (const std::size_t length = unreadable(text.substr(i)); length != 0) {
      const auto byte = [&](std::size_t at) {
        return static_cast<unsigned>(static_cast<unsigned char>(text[i + at]));
      };
      const unsigned code = length == 2
                                ? ((byte(0) & 0x1FU) << 6U) | (byte(1) & 0x3FU)
                                : ((byte(0) & 0x0FU) << 12U) | ((byte(1) & 0x3FU) << 6U) | (byte(2) & 0x3FU);
      result += fmt::format("\\u{:04X}", code);
      i += length - 1;
    } else if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (c == '\n') {
      result += "\\n";
    } else if (c == '\t') {
      result += "\\t";
    } else if (c == '\r') {
      result += "\\r";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      result += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
    } else {
      result += c;
    }
  }
  return result + '"';
}

std::string doubled(const std::string& text) {
  std::string result;
  for (const char c : text) {
    result += c;
    if (c == '$') {
      result += c;
    }
  }
  return result;
}

std::vector<const Entry*> sorted_entries(const Node& node) {
  std::vector<const Entry*> sorted;
  for (const auto& entry : node.entries) {
    sorted.push_back(&entry);
  }
  std::sort(sorted.begin(), sorted.end(), [](const Entry* a, const Entry* b) { return a->key < b->key; });
  return sorted;
}

class Writer {
 public:
  explicit Writer(Dollars dollars) : dollars_(dollars) {}

  void value(const Node& node, int depth) {
    if (node.is_map() && !node.entries.empty()) {
      text_ += '\n';
      entries(node, depth);
    } else if (node.is_list() && !node.items.empty()) {
      text_ += '\n';
      items(node, depth);
    } else {
      text_ += ' ' + scalar(node) + '\n';
    }
  }

  void entries(const Node& node, int depth) {
    for (const Entry* entry : sorted_entries(node)) {
      indent(depth);
      const std::string key = dollars_ == Dollars::doubled ? doubled(entry->key) : entry->key;
      text_ += (is_plain(key) ? key : in_quotes(key)) + ':';
      value(entry->value, depth + 1);
    }
  }

  std::string take() { return std::move(text_); }

 private:
  void items(const Node& node, int depth) {
    for (const auto& item : node.items) {
      indent(depth);
      text_ += '-';
      if (item.is_map() && !item.entries.empty()) {
        // The first key stands on the line of the dash.
        Writer inner(dollars_);
        inner.entries(item, depth + 1);
        text_ += ' ' + inner.take().substr(static_cast<std::size_t>(depth + 1) * 2);
      } else {
        value(item, depth + 1);
      }
    }
  }

  void indent(int depth) { text_.append(static_cast<std::size_t>(depth) * 2, ' '); }

  std::string scalar(const Node& node) const {
    if (node.is_map()) {
      return "{}";
    }
    if (node.is_list()) {
      return "[]";
    }
    if (node.is_null()) {
      return "null";
    }
    if (node.kind == Kind::time) {
      return document::rfc3339(node.scalar);
    }
    if (node.kind != Kind::text) {
      return node.scalar;
    }
    const std::string text = dollars_ == Dollars::doubled ? doubled(node.scalar) : node.scalar;
    return is_plain(text) ? text : in_quotes(text);
  }

  Dollars dollars_;
  std::string text_;
};

class JsonWriter {
 public:
  explicit JsonWriter(Dollars dollars) : dollars_(dollars) {}

  void value(const Node& node, int depth) {
    if (node.is_map()) {
      between('{', '}', sorted_entries(node), depth, [&](const Entry* entry) {
        text_ += quoted(entry->key) + ": ";
        value(entry->value, depth + 1);
      });
    } else if (node.is_list()) {
      between('[', ']', node.items, depth, [&](const Node& item) { value(item, depth + 1); });
    } else if (node.kind == Kind::text || (node.kind == Kind::real && !is_json_number(node.scalar))) {
      text_ += quoted(node.scalar);
    } else if (node.kind == Kind::time) {
      text_ += quoted(document::rfc3339(node.scalar));
    } else {
      text_ += node.is_null() ? "null" : node.scalar;
    }
  }

  std::string take() { return std::move(text_) + "\n"; }

 private:
  static bool is_json_number(const std::string& text) {
    return text.find_first_not_of("0123456789+-.e") == std::string::npos;
  }

  std::string quoted(const std::string& text) const {
    return in_quotes(dollars_ == Dollars::doubled ? doubled(text) : text);
  }

  template <typename Items, typename Write>
  void between(char open, char close, const Items& items, int depth, Write write) {
    text_ += open;
    bool first = true;
    for (const auto& item : items) {
      text_ += first ? "\n" : ",\n";
      first = false;
      text_.append(static_cast<std::size_t>(depth + 1) * 2, ' ');
      write(item);
    }
    if (!first) {
      text_ += '\n';
      text_.append(static_cast<std::size_t>(depth) * 2, ' ');
    }
    text_ += close;
  }

  Dollars dollars_;
  std::string text_;
};

}  // namespace

std::string yaml_text(const Node& node, Dollars dollars) {
  Writer writer(dollars);
  if (node.is_map() && !node.entries.empty()) {
    writer.entries(node, 0);
  } else {
    writer.value(node, 0);
  }
  return writer.take();
}

std::string json_text(const Node& node, Dollars dollars) {
  JsonWriter writer(dollars);
  writer.value(node, 0);
  return writer.take();
}

}  // namespace fresh::compose
