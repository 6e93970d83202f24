#include "determinism/notebook_file.h"

#include "base/error.h"

#include <fmt/format.h>

#include <charconv>

namespace fresh::determinism {
namespace {

constexpr std::size_t largest = std::size_t{128} << 20U;

[[noreturn]] void refuse(const std::string& where, const std::string& what) {
  throw base::Error(base::ExitCode::notebooks, fmt::format("{}: {}", where, what),
                    "open the notebook in Jupyter and save it again");
}

const Json& require(const Json& map, std::string_view key, JsonKind kind, const std::string& where) {
  const Json* value = map.find(key);
  if (value == nullptr || value->kind != kind) {
    refuse(where, fmt::format("'{}' is {}", key, value == nullptr ? "missing" : "of the wrong type"));
  }
  return *value;
}

std::optional<int> whole_number(const Json* value) {
  if (value == nullptr || value->kind != JsonKind::number) {
    return std::nullopt;
  }
  int number = 0;
  const auto& token = value->scalar;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), number);
  return error == std::errc() && end == token.data() + token.size() ? std::optional(number) : std::nullopt;
}

std::string name_below(const Json& metadata, std::string_view map, std::string_view key) {
  const Json* below = metadata.find(map);
  const Json* name = below == nullptr ? nullptr : below->find(key);
  return name != nullptr && name->is_text() ? name->scalar : std::string();
}

std::vector<std::string> tags_of(const Json& cell) {
  std::vector<std::string> tags;
  const Json* metadata = cell.find("metadata");
  const Json* list = metadata == nullptr ? nullptr : metadata->find("tags");
  if (list != nullptr) {
    for (const Json& tag : list->items) {
      tags.push_back(tag.scalar);
    }
  }
  return tags;
}

FileCell read_code_cell(const Json& cell, int index, const std::string& where) {
  FileCell out{.index = index, .source = joined_text(cell.find("source"), where + ": source")};
  std::string::size_type at = 0;
  while ((at = out.source.find("\r\n", at)) != std::string::npos) {
    out.source.erase(at, 1);
  }
  out.tags = tags_of(cell);
  const Json* count = cell.find("execution_count");
  out.execution_count = whole_number(count);
  if (count != nullptr && count->kind != JsonKind::null && !out.execution_count) {
    refuse(where, "'execution_count' is no whole number");
  }
  for (const Json& output : require(cell, "outputs", JsonKind::list, where).items) {
    require(output, "output_type", JsonKind::text, where + ": output");
    out.outputs.push_back(output);
  }
  return out;
}

}  // namespace

std::string joined_text(const Json* value, const std::string& where) {
  if (value != nullptr && value->is_text()) {
    return value->scalar;
  }
  if (value == nullptr || value->kind != JsonKind::list) {
    refuse(where, "expected text or a list of texts");
  }
  std::string out;
  for (const Json& item : value->items) {
    if (!item.is_text()) {
      refuse(where, "expected text or a list of texts");
    }
    out += item.scalar;
  }
  return out;
}

NotebookFile read_notebook(std::string_view text, const std::string& path) {
  if (text.size() > largest) {
    refuse(path, fmt::format("{} bytes are more than the limit of {} MiB", text.size(), largest >> 20U));
  }
  const Json root = parse_json(text, path);
  if (root.kind != JsonKind::map) {
    refuse(path, "this is no notebook: expected an object with 'cells' and 'nbformat'");
  }
  const auto format = whole_number(&require(root, "nbformat", JsonKind::number, path));
  if (format != 4) {
    refuse(path, fmt::format("nbformat is {}, expected 4", root.find("nbformat")->scalar));
  }
  const Json& metadata = require(root, "metadata", JsonKind::map, path);
  NotebookFile file{.path = path,
                    .kernel = name_below(metadata, "kernelspec", "name"),
                    .language = name_below(metadata, "kernelspec", "language")};
  if (file.language.empty()) {
    file.language = name_below(metadata, "language_info", "name");
  }
  if (file.language.empty()) {
    file.language = "python";
  }
  if (const Json* own = metadata.find("fresh_clone")) {
    file.own_metadata = *own;
  }
  for (const Json& cell : require(root, "cells", JsonKind::list, path).items) {
    const std::string where = fmt::format("{}: cell {}", path, file.cells.size() + 1);
    if (cell.kind != JsonKind::map) {
      refuse(where, "this is no cell");
    }
    if (require(cell, "cell_type", JsonKind::text, where).scalar == "code") {
      file.cells.push_back(read_code_cell(cell, static_cast<int>(file.cells.size()) + 1, where));
    }
  }
  return file;
}

}  // namespace fresh::determinism
