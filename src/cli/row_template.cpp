#include "cli/row_template.h"

#include "base/characters.h"
#include "base/error.h"
#include "base/lines.h"
#include "document/refuse.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace fresh::cli {
namespace {

using base::Error;
using base::ExitCode;
using Json = nlohmann::ordered_json;

constexpr const char* blank = " \t\r\n";

/// With a tab and an end of line for `\t` and `\n`.
std::string unescaped(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    const bool escaped = text[i] == '\\' && (next == 't' || next == 'n');
    result += !escaped ? text[i] : next == 't' ? '\t' : '\n';
    i += escaped ? 1 : 0;
  }
  return result;
}

/// Words between blanks; what stands in double quotes is one, with its quotes.
std::vector<std::string> words_of(std::string_view action) {
  std::vector<std::string> words;
  for (std::size_t at = action.find_first_not_of(blank); at != std::string_view::npos;
       at = action.find_first_not_of(blank, at)) {
    const bool quoted = action[at] == '"';
    const auto end = quoted ? action.find('"', at + 1) : action.find_first_of(blank, at);
    const auto length = end == std::string_view::npos ? end : end - at + (quoted ? 1 : 0);
    words.emplace_back(action.substr(at, length));
    at = length == std::string_view::npos ? action.size() : at + length;
  }
  return words;
}

bool is_quoted(const std::string& word) {
  return word.size() > 1 && word.front() == '"' && word.back() == '"';
}

/// A value as Go prints it: a list of structs is `[{a 1} {b 2}]`.
std::string printed(const Json& value) {
  if (value.is_string()) {
    return value.get<std::string>();
  }
  if (value.is_null()) {
    return "[]";
  }
  if (!value.is_structured()) {
    return value.dump();
  }
  std::string text;
  for (const auto& one : value) {
    text.append(text.empty() ? "" : " ").append(printed(one));
  }
  return value.is_array() ? fmt::format("[{}]", text) : fmt::format("{{{}}}", text);
}

/// What stands above the column of a label: `web port` of `com.example.web-port`.
std::string last_part(const std::string& label) {
  std::string part = label.substr(label.rfind('.') + 1);
  std::replace_if(
      part.begin(), part.end(), [](char c) { return c == '-' || c == '_'; }, ' ');
  return part;
}

/// Labels are a map to look a label up in, and one text in every other place.
Json as_shown(const std::string& field, const Json& value) {
  if (field != "Labels") {
    return value;
  }
  std::string text;
  for (const auto& [name, label] : value.items()) {
    text.append(text.empty() ? "" : ",").append(name).append("=").append(label.get<std::string>());
  }
  return text;
}

std::string json_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Columns as Go's tabwriter lays them out for docker: at least ten wide, three blanks between; what follows
/// the last tab of a line is in none.
std::string aligned(const std::vector<std::string>& lines) {
  constexpr std::size_t least = 10;
  constexpr std::size_t between = 3;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::size_t> widths;
  for (const auto& line : lines) {
    auto& cells = rows.emplace_back();
    std::string_view rest = line;
    for (auto tab = rest.find('\t'); tab != std::string_view::npos; tab = rest.find('\t')) {
      cells.emplace_back(rest.substr(0, tab));
      rest.remove_prefix(tab + 1);
    }
    widths.resize(std::max(widths.size(), cells.size()), least);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      widths[i] = std::max(widths[i], base::characters(cells[i]) + between);
    }
    cells.emplace_back(rest);
  }
  std::string text;
  for (const auto& cells : rows) {
    for (std::size_t i = 0; i + 1 < cells.size(); ++i) {
      text.append(cells[i]).append(widths[i] - base::characters(cells[i]), ' ');
    }
    text.append(cells.back()).append("\n");
  }
  return text;
}

}  // namespace

RowTemplate::RowTemplate(std::string_view text, std::vector<Column> columns) : columns_(std::move(columns)) {
  is_table_ = text.starts_with(table_word);
  text.remove_prefix(is_table_ ? table_word.size() : 0);
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const std::string source = unescaped(text.substr(0, text.find_last_not_of(' ') + 1));
  std::string_view rest = source;
  bool trims = false;
  while (!rest.empty()) {
    const auto open = rest.find("{{");
    std::string literal(rest.substr(0, open));
    literal.erase(0, trims ? literal.find_first_not_of(blank) : 0);
    rest.remove_prefix(std::min(open, rest.size()));
    trims = rest.starts_with("{{- ");
    if (trims) {
      literal.erase(literal.find_last_not_of(blank) + 1);
    }
    if (!literal.empty()) {
      pieces_.push_back({Kind::literal, literal, {}});
    }
    if (rest.empty()) {
      break;
    }
    const auto close = rest.find("}}");
    if (close == std::string_view::npos) {
      throw Error(ExitCode::usage, fmt::format("--format: '{}' has no '}}}}'", rest),
                  "close each '{{' with '}}'");
    }
    std::string_view action = rest.substr(2, close - 2);
    action.remove_prefix(trims ? 2 : 0);
    trims = action.ends_with(" -");
    action.remove_suffix(trims ? 2 : 0);
    read_action(base::trimmed(action));
    rest.remove_prefix(close + 2);
  }
}

void RowTemplate::read_action(std::string_view action) {
  auto words = words_of(action);
  if (words.size() == 3 && words[1] == "|" && words[2] == "json") {
    words = {"json", words[0]};
  }
  if (words.size() == 1 && is_quoted(words[0])) {
    pieces_.push_back({Kind::literal, words[0].substr(1, words[0].size() - 2), {}});
  } else if (words.size() == 2 && words[0] == "json" && words[1] == ".") {
    pieces_.push_back({Kind::row_as_json, {}, {}});
  } else if (words.size() == 2 && words[0] == "json" && words[1].starts_with('.')) {
    read_field(words[1], Kind::field_as_json);
  } else if (words.size() == 2 && words[0] == ".Label" && is_quoted(words[1])) {
    require_column("Labels");
    pieces_.push_back({Kind::label, words[1].substr(1, words[1].size() - 2), "Labels"});
  } else if (words.size() == 1 && words[0].size() > 1 && words[0].starts_with('.')) {
    read_field(words[0], Kind::field);
  } else {
    throw Error(ExitCode::usage, fmt::format("--format: '{{{{{}}}}}' is not supported here", action),
                fmt::format("write {}; {}", R"({{.Field}}, {{json .}}, {{json .Field}} or {{.Label "name"}})",
                            known()));
  }
}

void RowTemplate::read_field(const std::string& word, Kind kind) {
  const auto dot = word.find('.', 1);
  const std::string field = word.substr(1, dot - 1);
  require_column(field);
  if (dot != std::string::npos) {
    throw Error(ExitCode::usage, fmt::format("--format: '{}' has no field '{}'", field, word.substr(dot + 1)),
                fmt::format("write {{{{.{0}}}}} or {{{{json .{0}}}}}", field));
  }
  pieces_.push_back({kind, {}, field});
}

void RowTemplate::require_column(const std::string& field) const {
  std::vector<std::string> names;
  for (const auto& column : columns_) {
    names.push_back(column.field);
  }
  if (std::find(names.begin(), names.end(), field) == names.end()) {
    throw Error(ExitCode::usage, fmt::format("--format: there is no field '{}'", field),
                document::nearest_hint(field, names, known()));
  }
}

std::string RowTemplate::known() const {
  std::string text = "the fields are";
  for (const auto& column : columns_) {
    text.append(text.ends_with("are") ? " " : ", ").append(column.field);
  }
  return text;
}

std::string RowTemplate::line_of(const Json& row) const {
  std::string line;
  for (const auto& piece : pieces_) {
    switch (piece.kind) {
      case Kind::literal:
        line += piece.text;
        break;
      case Kind::field:
        line += printed(as_shown(piece.field, row.at(piece.field)));
        break;
      case Kind::field_as_json:
        line += json_text(as_shown(piece.field, row.at(piece.field)));
        break;
      case Kind::label:
        line += row.at(piece.field).value(piece.text, "");
        break;
      case Kind::row_as_json: {
        Json shown = Json::object();
        for (const auto& [field, value] : row.items()) {
          shown[field] = as_shown(field, value);
        }
        line += json_text(shown);
        break;
      }
    }
  }
  return line;
}

std::string RowTemplate::heading() const {
  std::string line;
  for (const auto& piece : pieces_) {
    const auto column = std::find_if(columns_.begin(), columns_.end(),
                                     [&](const Column& one) { return one.field == piece.field; });
    line += piece.kind == Kind::label  ? last_part(piece.text)
            : column != columns_.end() ? column->heading
                                       : piece.text;
  }
  return line;
}

std::string RowTemplate::text_of(const std::vector<Json>& rows) const {
  std::vector<std::string> lines;
  if (is_table_) {
    lines.push_back(heading());
  }
  for (const auto& row : rows) {
    lines.push_back(line_of(row));
  }
  if (is_table_) {
    return aligned(lines);
  }
  std::string text;
  for (const auto& line : lines) {
    text.append(line).append("\n");
  }
  return text;
}

bool is_template(const std::string& format) {
  if (format.empty() || format == table_word || format == json_word) {
    return false;
  }
  if (format.find("{{") == std::string::npos) {
    throw Error(ExitCode::usage, fmt::format("--format: '{}' is none of table, json, or a template", format),
                document::nearest_hint(format, {std::string(table_word), std::string(json_word)},
                                       "a template has fields: '{{.Name}}'"));
  }
  return true;
}

}  // namespace fresh::cli
