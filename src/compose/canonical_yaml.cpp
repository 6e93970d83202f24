#include "compose/canonical_yaml.h"

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
  return document::text_node(text).kind == Kind::text &&
         std::find(words.begin(), words.end(), text) == words.end();
}

std::string in_quotes(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        result += "\\\"";
        break;
      case '\\':
        result += "\\\\";
        break;
      case '\n':
        result += "\\n";
        break;
      case '\t':
        result += "\\t";
        break;
      case '\r':
        result += "\\r";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
          result += fmt::format("\\x{:02X}", static_cast<unsigned>(c));
        } else {
          result += c;
        }
    }
  }
  return result + '"';
}

class Writer {
 public:
  explicit Writer(bool double_dollars) : double_dollars_(double_dollars) {}

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
    std::vector<const Entry*> sorted;
    for (const auto& entry : node.entries) {
      sorted.push_back(&entry);
    }
    std::sort(sorted.begin(), sorted.end(), [](const Entry* a, const Entry* b) { return a->key < b->key; });
    for (const Entry* entry : sorted) {
      indent(depth);
      text_ += (is_plain(entry->key) ? entry->key : in_quotes(entry->key)) + ':';
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
        Writer inner(double_dollars_);
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
    if (node.kind != Kind::text) {
      return node.scalar;
    }
    std::string text;
    for (const char c : node.scalar) {
      text += c;
      if (c == '$' && double_dollars_) {
        text += '$';
      }
    }
    return is_plain(text) ? text : in_quotes(text);
  }

  bool double_dollars_;
  std::string text_;
};

std::string written(const Node& node, bool double_dollars) {
  Writer writer(double_dollars);
  if (node.is_map() && !node.entries.empty()) {
    writer.entries(node, 0);
  } else {
    writer.value(node, 0);
  }
  return writer.take();
}

}  // namespace

std::string canonical_yaml(const Project& project) {
  return written(project.canonical, true);
}

std::string yaml_text(const Node& node) {
  return written(node, false);
}

}  // namespace fresh::compose
