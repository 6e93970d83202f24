#include "determinism/leaves.h"

#include "base/sha256.h"

#include <fmt/format.h>
#include <re2/re2.h>

namespace fresh::determinism {
namespace {

std::string cell_name(const CanonicalNotebook& notebook, const CanonicalCell& cell) {
  return fmt::format("notebook/{}#c{:03}", notebook.path, cell.index);
}

/// Calls `visit` with the name and the value of each representation of a cell.
template <typename Visit>
void for_each_output(const std::string& cell_name, const CanonicalCell& cell, const Visit& visit) {
  for (std::size_t i = 0; i < cell.outputs.size(); ++i) {
    for (const auto& [mime, value] : cell.outputs[i].data) {
      visit(fmt::format("{}.o{}.{}", cell_name, i + 1, mime), cell.outputs[i], value);
    }
  }
}

}  // namespace

std::string fingerprint(const Leaves& leaves) {
  std::vector<std::string> level;
  for (const auto& [name, digest] : leaves) {
    level.push_back(base::Sha256().field("fc-leaf/1").field(name).field(digest).hex());
  }
  while (level.size() > 1) {
    std::vector<std::string> above;
    for (std::size_t i = 0; i + 1 < level.size(); i += 2) {
      above.push_back(base::Sha256().field("fc-node/1").field(level[i]).field(level[i + 1]).hex());
    }
    if (level.size() % 2 == 1) {
      above.push_back(level.back());
    }
    level = std::move(above);
  }
  base::Sha256 root;
  root.field("fc-root/1").field(rules_id).field(std::to_string(leaves.size()));
  return root.field(level.empty() ? std::string() : level.front()).hex();
}

Leaves notebook_leaves(const CanonicalNotebook& notebook) {
  Leaves leaves;
  for (const CanonicalCell& cell : notebook.cells) {
    const std::string name = cell_name(notebook, cell);
    leaves[name] = base::Sha256()
                       .field("fc-cell-head/1")
                       .field(base::sha256_hex(cell.source))
                       .field(cell.status)
                       .field(cell.error_name)
                       .field(std::to_string(cell.outputs.size()))
                       .hex();
    for_each_output(name, cell,
                    [&](std::string leaf, const CanonicalOutput& output, const CanonicalMime& value) {
                      leaves[std::move(leaf)] =
                          base::Sha256().field("fc-mime/1").field(output.kind).field(value.digest).hex();
                    });
  }
  return leaves;
}

std::map<std::string, std::string> notebook_texts(const CanonicalNotebook& notebook) {
  std::map<std::string, std::string> texts;
  for (const CanonicalCell& cell : notebook.cells) {
    const std::string name = cell_name(notebook, cell);
    texts[name] = cell.source;
    for_each_output(name, cell, [&](std::string leaf, const CanonicalOutput&, const CanonicalMime& value) {
      if (!value.text.empty()) {
        texts[std::move(leaf)] = value.text;
      }
    });
  }
  return texts;
}

Leaves setting_leaves(std::int64_t seed, const std::map<std::string, std::string>& controls) {
  Leaves leaves{{"seed", base::sha256_hex(std::to_string(seed))}};
  for (const auto& [name, value] : controls) {
    leaves["control/" + name] = base::sha256_hex(value);
  }
  return leaves;
}

LeafName parse_leaf(std::string_view name) {
  static const RE2 pattern(R"(notebook/(.+)#c(\d{3,6})(?:\.o(\d{1,6})\.(.+))?)");
  LeafName leaf{.name = std::string(name)};
  std::string output;
  if (RE2::FullMatch(leaf.name, pattern, &leaf.notebook, &leaf.cell, &output, &leaf.mime) &&
      !output.empty()) {
    leaf.output = std::stoi(output);
  }
  return leaf;
}

}  // namespace fresh::determinism
